import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { openCosmos } from '../../src/store/cosmos.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { around } from '../integration/storeHandles.ts';
import { startCosmosEmulator } from '../store/cosmosEmulator.ts';
import { setUpDesk } from './benchDesk.ts';
import { until } from './children.ts';
import { type Connector, startConnector } from './connector.ts';
import type { Figures } from './figures.ts';
import { hook, nextNumber, type Sent } from './hookTraffic.ts';
import { productEnv } from './product.ts';
import { turn } from './turnTraffic.ts';

/** Messages each way; enough for an even average, few enough for the emulator. */
const MESSAGES = 40;

/** Settings are read now and then whatever is said, and the lanes' lease is kept whether anything is said or not. */
const PER_MESSAGE = ['conversations', 'deliveries', 'threads', 'turns'];

interface Count {
  reads: number;
  writes: number;
  lanes: number;
  /** Into a lane, for what other processes have stored: one serves all that came meanwhile. */
  looks: number;
}

/** What one message costs in the store, which is what Cosmos DB bills by: counted at the store's interface, on both stores. */
export async function operations(figures: Figures): Promise<void> {
  figures.title(
    'Store operations a message (conversations, deliveries, threads, turns; lanes and looks into them apart)',
  );
  await counted(figures, 'SQLite', await openSqlite({ path: ':memory:' }));
  const { endpoint, key, close } = await startCosmosEmulator();
  await counted(figures, 'Cosmos DB', await openCosmos({ endpoint, key, database: 'bench', deadline: 20_000 }));
  await close();
}

async function counted(figures: Figures, name: string, store: Store): Promise<void> {
  const count: Count = { reads: 0, writes: 0, lanes: 0, looks: 0 };
  const connector = await startConnector();
  const counting = around(store, (collection, method, _args, call) => {
    const isLook = collection === 'deliveries' && method === 'find';
    if (isLook) count.looks += 1;
    else if (PER_MESSAGE.includes(collection)) count[method === 'read' ? 'reads' : 'writes'] += 1;
    if (collection === 'lanes') count.lanes += 1;
    return call();
  });
  const config = readConfig(productEnv(connector.url, ':memory:'));
  const running = await startServer(config, pino({ level: 'error' }), { store: counting });
  try {
    await setUpDesk(running.desk, connector.url);
    const say = (number: number) => hook(number, 'customer');
    await sent(`${running.url}/api/teams/messages`, connector, 1, say);
    const threadId = connector.threads[0] ?? '';
    const answer = (number: number) => turn(number, { serviceUrl: connector.url, threadId });
    await sent(`${running.url}/api/messages`, connector, 1, answer);
    const inbound = await during(count, () => sent(`${running.url}/api/teams/messages`, connector, MESSAGES, say));
    const outbound = await during(count, () => sent(`${running.url}/api/messages`, connector, MESSAGES, answer));
    const good = inbound.reads <= 1 && inbound.writes <= 2;
    figures.wanted(`${name}, customer -> Teams`, told(inbound), 'at most 1 read + 2 writes', good);
    figures.wanted(`${name}, operator -> customer`, told(outbound), 'at most 3 writes', outbound.writes <= 3);
  } finally {
    await running.stop();
    connector.close();
  }
}

/** Sends messages one after the other, and waits until each has arrived and its outcome is stored. */
async function sent(
  url: string,
  { arrivals }: Connector,
  messages: number,
  make: (number: number) => Sent,
): Promise<void> {
  for (let count = 0; count < messages; count += 1) {
    const number = nextNumber();
    const { headers, body } = make(number);
    const answer = await fetch(url, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`the product answered ${answer.status}`);
    await until(() => arrivals.has(number));
  }
  // The outcome is written after the call.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

async function during(count: Count, work: () => Promise<void>): Promise<Count> {
  const before = { ...count };
  await work();
  const each = (kind: keyof Count) => (count[kind] - before[kind]) / MESSAGES;
  return { reads: each('reads'), writes: each('writes'), lanes: each('lanes'), looks: each('looks') };
}

function told({ reads, writes, lanes, looks }: Count): string {
  return `${reads.toFixed(2)} reads + ${writes.toFixed(2)} writes, lanes ${lanes.toFixed(2)}, looks ${looks.toFixed(2)}`;
}
