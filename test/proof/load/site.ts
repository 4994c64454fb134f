import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import type { Replacements } from '../../../src/assembly.ts';
import { readConfig } from '../../../src/config.ts';
import { type Running, startServer } from '../../../src/server.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import type { Store } from '../../../src/store/store.ts';
import { connect, KeptLog, realLater, type Stand } from '../../integration/stand.ts';
import { mortal } from '../../integration/storeHandles.ts';
import { Door } from './door.ts';
import { type Gate, openGate } from './gate.ts';

export interface SiteOptions {
  /** Environment beside local mode's; no budgets unless it says so. */
  env?: Record<string, string>;
  simulator?: Partial<SimulatorOptions>;
  /** Clock and timers of the product. */
  clock?: { now(): number; elapsed?(): number; later(ms: number, work: () => void): () => void };
  /** How many products share the store, default 1. */
  instances?: number;
  /** Put around the store before a product gets it. */
  wrap?: (store: Store) => Store;
  maxPages?: number;
}

/** Product and simulator over real HTTP, on a SQLite file, with a door of its own in front of Teams and of KARTE. */
export interface Site extends Stand {
  instances: Running[];
  teamsDoor: Door;
  karteDoor: Door;
  /** In front of the instances, where there are several. */
  gate?: Gate;
  file: string;
  restart(change?: { env?: Record<string, string>; maxPages?: number }): Promise<void>;
}

const ALONE = { TEAMS_BUDGET: 'off', TEAMS_TENANT_BUDGET: 'off' };

export async function site(options: SiteOptions = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-proof-'));
  const file = join(folder, 'desk.db');
  const log = new KeptLog();
  const [teamsDoor, karteDoor] = [await Door.open(), await Door.open()];
  const count = options.instances ?? 1;
  let { env = {}, maxPages } = options;
  let raw: Store;
  let lives: { die(): void }[] = [];

  const start = async (ports: number[]): Promise<Running[]> => {
    raw = await openSqlite({ path: file, now: options.clock?.now, maxPages });
    lives = [];
    const products: Running[] = [];
    for (let at = 0; at < count; at++) {
      const life = mortal(raw, options.clock?.later ?? realLater);
      lives.push(life);
      const store: Store = { ...(options.wrap ?? ((each) => each))(life.store), close: async () => undefined };
      const config = readConfig({
        PORT: String(ports[at] ?? 0),
        PUBLIC_URL: 'https://desk.example.test',
        KARTE_API_URL: `${karteDoor.url}/karte`,
        SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
        SEND_TIMEOUT_MS: '10000',
        ...ALONE,
        ...env,
      });
      const replace = { ...options.clock, later: life.later, store: count > 1 ? { ...store, shared: true } : store };
      products.push(await startServer(config, log, replace as Replacements));
    }
    self.store = raw;
    [self.running] = products as [Running];
    self.instances = products;
    return products;
  };
  const ports = () => self.instances.map(({ url }) => Number(new URL(url).port));

  const self = {
    log,
    teamsDoor,
    karteDoor,
    file,
    async restart(change = {}) {
      const before = ports();
      for (const running of self.instances) await running.stop();
      await raw.close();
      env = { ...env, ...change.env };
      maxPages = 'maxPages' in change ? change.maxPages : maxPages;
      await start(before);
    },
    async crash() {
      const before = ports();
      for (const life of lives) life.die();
      for (const { server } of self.instances) {
        server.server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve as () => void));
      }
      await raw.close();
      await start(before);
    },
    async close() {
      await self.simulator?.close();
      for (const running of self.instances) await running.stop();
      await raw.close();
      self.gate?.close();
      teamsDoor.close();
      karteDoor.close();
      rmSync(folder, { recursive: true, force: true });
    },
  } as Site;

  await start([]);
  const urls = self.instances.map(({ url }) => url);
  if (count > 1) {
    let turn = 0;
    self.gate = await openGate(() => urls[turn++ % urls.length] ?? '');
  }
  self.simulator = createSimulator({
    botUrl: self.gate?.url ?? urls[0] ?? '',
    baseUrl: teamsDoor.url,
    enforceLimits: false,
    hookRetryMs: 300,
    activityRetryMs: 2_000,
    now: options.clock?.now,
    ...options.simulator,
  });
  for (const door of [teamsDoor, karteDoor])
    door.behind = (request, response) => {
      const handled = self.simulator.handle(request, response);
      if (handled === false) response.destroy();
      else handled.catch((error: Error) => response.destroy(error));
    };
  await Promise.all(self.simulator.teams.install().map(({ settled }) => settled));
  await connect(self);
  return self;
}
