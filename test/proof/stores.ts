import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type CosmosProcess, startCosmos } from './cosmosProcess.ts';
import { allEnded, idle, statesIn } from './ending.ts';
import type { Fleet } from './fleet.ts';

/** The store under a proof. */
export interface ProofStore {
  name: string;
  /** Whether several processes may have it at the same time. */
  isShared: boolean;
  /** Makes it, and gives the settings that lead a product process to it. */
  settings(): Promise<Record<string, string>>;
  /** Resolves when nothing is left to do; false when that does not come within `patience` (ms). */
  rest(fleet: Fleet, patience: number): Promise<boolean>;
  /** How many deliveries it holds in each state; every process must have ended. */
  states(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** A file, which belongs to one process at a time. */
export function sqliteFile(): ProofStore {
  const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-proof-'));
  const file = path.join(folder, 'desk.db');
  return {
    name: 'SQLite',
    isShared: false,
    settings: async () => ({ SQLITE_PATH: file }),
    rest: idle,
    async states() {
      const store = await openSqlite({ path: file });
      return statesIn(store).finally(() => store.close());
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The emulator of Cosmos DB, over HTTPS. */
export function cosmosDb(): ProofStore {
  let cosmos: CosmosProcess | undefined;
  let store: Store | undefined;
  const open = async () => {
    if (!cosmos) throw new Error('there is no emulator yet');
    store ??= await cosmos.open();
    return store;
  };
  return {
    name: 'Cosmos DB',
    isShared: true,
    async settings() {
      cosmos = await startCosmos();
      return cosmos.env();
    },
    rest: async (_fleet, patience) => allEnded(await open(), patience),
    states: async () => statesIn(await open()),
    async close() {
      await store?.close();
      await cosmos?.close();
    },
  };
}
