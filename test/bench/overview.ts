import { pino } from 'pino';
import { overviewCard } from '../../cards/overview.ts';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { speaker } from '../../src/text/text.ts';
import { API_KEY, setUpDesk, TEAM } from './benchDesk.ts';
import { startConnector } from './connector.ts';
import { at, type Figures, ms } from './figures.ts';
import { productEnv } from './product.ts';

/** Open conversations of the desk, and closed ones that must not slow the look at them down. */
const OPEN = 2_000;
const CLOSED = 20_000;
const LOOKS = 30;

/** How long a look over a busy desk takes, from the question to the card that is drawn of it; the yardstick is reading the same rows alone. */
export async function overview(figures: Figures): Promise<void> {
  figures.title(
    `status, with ${OPEN.toLocaleString('en')} open conversations among ${CLOSED.toLocaleString('en')} closed ones (SQLite)`,
  );
  const connector = await startConnector();
  const store = await openSqlite({ path: ':memory:' });
  const running = await startServer(readConfig(productEnv(connector.url, ':memory:')), pino({ level: 'error' }), {
    store,
  });
  try {
    await setUpDesk(running.desk, connector.url);
    const deskId = TEAM;
    const connectionId = running.desk.connections.idOf('karte', API_KEY);
    for (let n = 0; n < OPEN + CLOSED; n += 500)
      await Promise.all(
        Array.from({ length: 500 }, (_, more) => {
          const number = n + more;
          const key = `customer-${number}`;
          return store.conversations.insert({
            id: key,
            deskId,
            connectionId,
            endUser: { key, userId: key },
            room: deskId,
            thread: { id: `${deskId};messageid=${number}`, rootId: String(number) },
            assignee: number % 3 ? { id: `op-${number % 40}`, name: '山田' } : undefined,
            status: number < OPEN ? 'open' : 'closed',
            unansweredSince: number < OPEN && number % 2 ? number : undefined,
            pageUrl: 'https://shop.example.test/items/1?color=red&size=m',
            createdAt: number,
          });
        }),
      );
    const desk = await running.desk.administration.read(deskId);
    const read = await times(() => store.conversations.find({ where: { deskId, status: 'open' } }));
    const looks = await times(async () => {
      const found = await running.desk.overviews.of(deskId, { kind: 'all' });
      if (found.rows.length !== OPEN) throw new Error(`${found.rows.length} conversations were found`);
      overviewCard(desk, found, 'all', 1, speaker('ja'));
    });
    figures.line('reading the open conversations alone', `p50 ${ms(at(read, 0.5))}`);
    const slow = at(looks, 0.99);
    figures.wanted('status', `p50 ${ms(at(looks, 0.5))}, p99 ${ms(slow)}`, 'under 300 ms', slow < 300);
  } finally {
    await running.stop();
    connector.close();
  }
}

async function times(work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < LOOKS; n++) {
    const begun = performance.now();
    await work();
    taken.push(performance.now() - begun);
  }
  return taken.toSorted((a, b) => a - b);
}
