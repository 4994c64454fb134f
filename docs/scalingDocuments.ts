import type { Container } from '@azure/cosmos';
import { Budget } from '../src/desk/budget.ts';
import type { Conversation } from '../src/desk/conversation.ts';
import type { Delivery } from '../src/desk/delivery.ts';
import type { LaneRecord, ThreadLookup } from '../src/desk/ports.ts';
import { containerDefinition } from '../src/store/cosmos.ts';
import { CosmosCalls } from '../src/store/cosmosCalls.ts';
import { CosmosCollection } from '../src/store/cosmosCollection.ts';
import type { Document } from '../src/store/document.ts';
import { collections } from '../src/store/store.ts';

/** What Cosmos DB adds to each item (bytes): `_rid`, `_self`, `_etag`, `_attachments`, `_ts`. */
const SYSTEM = 230;

/** A document as it lies in the container: its size, and how many of its fields are indexed. */
export interface Item {
  name: string;
  bytes: number;
  kb: number;
  terms: number;
}

const NOW = 1_795_564_800_000;
const ROOM = `19:${'a1B2c3D4'.repeat(6)}@thread.tacv2`;
const ID = 'NthTcA9N0lb48whGp0az1fLdEABhOq9O';
const end = NOW + 90 * 86_400_000;

const inbound: Delivery = {
  id: ID,
  lane: ROOM,
  conversationId: ID,
  order: NOW * 1000,
  toward: 'teams',
  content: {
    type: 'message',
    message: {
      author: { kind: 'endUser' },
      parts: [{ kind: 'text', text: 'こんにちは。注文した商品の色を変更したいのですが、まだ間に合いますか。' }],
      at: NOW,
      pageUrl: 'https://shop.example.jp/orders/20261125-0042',
    },
  },
  state: 'delivered',
  attempts: 1,
  createdAt: NOW,
  expiresAt: end,
  ref: String(NOW),
};

const outbound: Delivery = {
  ...inbound,
  toward: 'endUser',
  claimedAt: NOW,
  ref: undefined,
  content: {
    type: 'message',
    message: {
      author: { kind: 'operator', id: '123456789abcdef', name: '山田 花子' },
      parts: [{ kind: 'text', text: 'お問い合わせありがとうございます。確認いたしますので、少々お待ちください。' }],
      at: NOW,
    },
    source: {
      threadId: `${ROOM};messageid=${NOW}`,
      activityId: String(NOW),
      person: { id: 'd5c1f2aa-0000-4000-8000-000000000001', name: '山田 花子', teamsId: `29:${'x'.repeat(90)}` },
    },
  },
};

const conversation: Conversation = {
  id: ID,
  deskId: ROOM,
  connectionId: ID,
  endUser: { key: 'member-0123456', userId: 'member-0123456', visitorId: 'vis-504fee07-4488-494e-9099-86a0df201cf1' },
  room: ROOM,
  status: 'open',
  pageUrl: 'https://shop.example.jp/orders/20261125-0042',
  createdAt: NOW,
  thread: { id: `${ROOM};messageid=${NOW}`, rootId: String(NOW) },
};

const thread: ThreadLookup = { id: ID, conversationId: ID };

/** A lane whose driver has spent the whole hour's budget, every two seconds a call. */
function busyLane(): LaneRecord {
  const hour = new Budget([{ calls: 1_800, ms: 3_600_000 }]);
  for (let at = 2_000; at < 3_600_000; at += 2_000) {
    hour.begin();
    hour.end(at);
  }
  const send = hour.state(3_600_000, NOW);
  const budget = { send, create: { at: NOW, spent: send.spent.slice(0, 40) } };
  return {
    id: ROOM,
    due: NOW,
    driver: 'ddca2425-8698-4ff2-816f-ba1d6f40f5dc',
    clean: false,
    newest: NOW * 1000,
    budget,
  };
}

/** The item as the store writes it: caught on its way to the container. */
async function itemOf(name: string, kind: keyof typeof collections, value: object): Promise<Item> {
  let written = {};
  const create = async (item: object) => {
    written = item;
    return { etag: '"1"' };
  };
  const container = { items: { create } } as unknown as Container;
  const kept = new CosmosCollection(container, new CosmosCalls(1_000), kind, collections[kind], () => NOW);
  await kept.insert(value as Document);
  const bytes = Buffer.byteLength(JSON.stringify(written)) + SYSTEM;
  const paths = containerDefinition.indexingPolicy.includedPaths ?? [];
  const terms = paths.filter(({ path = '' }) => {
    const steps = path.split('/').slice(1, -1);
    return steps.reduce<unknown>((part, step) => (part as Record<string, unknown>)?.[step], written) !== undefined;
  }).length;
  return { name, bytes, kb: bytes / 1024, terms };
}

/** One of each kind that a message touches, at ordinary lengths. */
export async function measured() {
  return {
    in: await itemOf('a customer’s message', 'deliveries', inbound),
    out: await itemOf('a reply', 'deliveries', outbound),
    conversation: await itemOf('a conversation', 'conversations', conversation),
    thread: await itemOf('a thread’s look-up', 'threads', thread),
    lane: await itemOf('a busy lane', 'lanes', busyLane()),
  };
}
