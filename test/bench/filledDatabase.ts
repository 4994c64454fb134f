import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { Delivery } from '../../src/desk/delivery.ts';
import { type Document, indexedFields, partitionOf } from '../../src/store/document.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { collections } from '../../src/store/store.ts';
import { TEAM } from './benchDesk.ts';

type Name = keyof typeof collections;

const DAY = 24 * 60 * 60_000;

/** A database as a busy desk has it after some months: end users with their threads, and delivered messages. Written past the product, in its own layout. */
export async function fillDatabase(path: string, counts: { endUsers: number; messages: number }): Promise<void> {
  await (await openSqlite({ path })).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN');
  const put = { conversations: into(database, 'conversations'), threads: into(database, 'threads') };
  for (let number = 0; number < counts.endUsers; number += 1) {
    put.conversations({ ...conversation(number) });
    put.threads({ id: `thread-${number}`.padEnd(32, '-'), conversationId: conversationId(number) });
  }
  const putDelivery = into(database, 'deliveries');
  for (let number = 0; number < counts.messages; number += 1)
    putDelivery({ ...delivery(number, counts.messages, conversationId(number % counts.endUsers)) });
  database.exec('COMMIT; PRAGMA journal_mode = WAL');
  database.close();
}

function into(database: DatabaseSync, name: Name): (value: Document) => void {
  const spec = collections[name];
  const fields = indexedFields(spec).filter((field) => field !== 'id');
  const columns = ['partition', 'id', 'version', 'expires_at', 'body', ...fields].map((column) => `"${column}"`);
  const statement = database.prepare(`INSERT INTO "${name}" (${columns}) VALUES (${columns.map(() => '?')})`);
  return (value) => {
    const searched = fields.map((field) => (value[field] ?? null) as SQLInputValue);
    statement.run(partitionOf(spec, value), value.id, 1, value.expiresAt ?? null, JSON.stringify(value), ...searched);
  };
}

function conversationId(number: number): string {
  return `conversation-${number}`.padEnd(32, '-');
}

function conversation(number: number): Conversation {
  const rootId = String(1_700_000_000_000 + number);
  return {
    id: conversationId(number),
    deskId: TEAM,
    connectionId: 'connection'.padEnd(32, '-'),
    endUser: { key: `user-${number}`, userId: `user-${number}` },
    room: TEAM,
    thread: { id: `${TEAM};messageid=${rootId}`, rootId },
    status: 'open',
    pageUrl: 'https://shop.example.test/',
    createdAt: Date.now() - 80 * DAY + number,
  };
}

function delivery(number: number, all: number, conversationOfIt: string): Delivery {
  const createdAt = Math.floor(Date.now() - 80 * DAY + (number / all) * 79 * DAY);
  return {
    id: `delivery-${number}`.padEnd(32, '-'),
    lane: TEAM,
    conversationId: conversationOfIt,
    order: createdAt * 1_000 + (number % 1_000),
    toward: number % 2 === 0 ? 'teams' : 'endUser',
    content: {
      type: 'message',
      message: {
        author: { kind: 'endUser' },
        parts: [{ kind: 'text', text: `商品がまだ届きません。注文番号は ${number} です。確認をお願いします。` }],
        at: createdAt,
        pageUrl: 'https://shop.example.test/',
      },
    },
    state: 'delivered',
    attempts: 1,
    ref: String(1_700_000_000_000 + number),
    createdAt,
    expiresAt: createdAt + 90 * DAY,
  };
}
