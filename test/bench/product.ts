import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USERS } from './benchDesk.ts';
import { type Child, launch, until } from './children.ts';
import { type Connector, startConnector } from './connector.ts';
import { hook, nextNumber } from './hookTraffic.ts';

/** The product in its process, with a SQLite file of its own and a connector that plays Teams and KARTE. */
export interface Product {
  child: Child;
  connector: Connector;
  stop(): Promise<void>;
}

/** Said beside every figure that it bears on. */
export const WITHOUT_BUDGET =
  'The budget of sends toward Teams is off here (TEAMS_BUDGET=off, TEAMS_TENANT_BUDGET=off).';

/** Starts it and opens every end user's thread: what is measured is the everyday message. */
export async function startProduct(): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
  const connector = await startConnector();
  const child = await launch('productProcess.ts', productEnv(connector.url, join(folder, 'bench.db')));
  for (let user = 0; user < USERS; user += 1) {
    const { headers, body } = hook(nextNumber());
    const answer = await fetch(`${child.url}/api/teams/messages`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`the product answered ${answer.status}`);
  }
  await until(() => connector.arrivals.size >= USERS);
  return {
    child,
    connector,
    async stop() {
      await child.stop();
      connector.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The environment of a product in local mode with its own file. */
export function productEnv(outside: string, path: string): Record<string, string> {
  return {
    PORT: '0',
    SQLITE_PATH: path,
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    KARTE_API_URL: outside,
    BENCH_SERVICE_URL: outside,
    TEAMS_BUDGET: 'off',
    TEAMS_TENANT_BUDGET: 'off',
  };
}
