import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { Chance, LONG, SEED } from './chance.ts';
import { type CosmosProcess, startCosmos } from './cosmosProcess.ts';
import { arrived, idle, statesIn } from './ending.ts';
import { report } from './figures.ts';
import { Fleet } from './fleet.ts';
import { Ledger } from './ledger.ts';
import { Outside } from './outside.ts';
import { talk } from './talk.ts';
import { until } from './until.ts';
import { GOOD, judge } from './verdict.ts';

const UPGRADES = LONG ? 10 : 2;
const CONVERSATIONS = 8;
/** How much happens between two upgrades (messages taken, and messages seen). */
const BETWEEN = 60;
const STUCK = 40_000;
/** What the old process still has under way when it is told to end (ms): it needs at least so long to leave. */
const LAST_SEND = 2_500;

/** What is different with each store: whether two processes may have it at the same time. */
interface Kind {
  store: string;
  together: boolean;
  settings(): Promise<Record<string, string>>;
  open(): Promise<Store>;
  close(): Promise<void>;
}

function sqlite(): Kind {
  const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-upgrade-'));
  const file = path.join(folder, 'desk.db');
  return {
    store: 'SQLite, where the new process waits for the file',
    together: false,
    settings: async () => ({ SQLITE_PATH: file }),
    open: async () => openSqlite({ path: file }),
    close: async () => rmSync(folder, { recursive: true }),
  };
}

function cosmosDb(): Kind {
  let cosmos: CosmosProcess;
  return {
    store: 'Cosmos DB, where both work at the same time',
    together: true,
    async settings() {
      cosmos = await startCosmos();
      return cosmos.env();
    },
    open: () => cosmos.open(),
    close: () => cosmos?.close(),
  };
}

describe.each([sqlite(), cosmosDb()])(`an upgrade on $store (PROOF_SEED=${SEED})`, (kind) => {
  let outside: Outside;
  let fleet: Fleet;
  let over = false;

  beforeAll(async () => {
    // As a load balancer does: what found nobody is tried again.
    outside = await Outside.open({ patience: 30_000, hookTimeoutMs: 40_000, redeliverAfterMs: 40_000 });
    const settings = { SEND_TIMEOUT_MS: '5000', SETTLE_MS: '500', TEAMS_BUDGET: '40/1', TEAMS_TENANT_BUDGET: 'off' };
    fleet = new Fleet(
      outside.door,
      { ...outside.env, ...settings, ...(await kind.settings()) },
      { most: UPGRADES + 1 },
    );
    await fleet.start();
    await outside.setUp();
  }, 90_000);
  afterAll(async () => {
    over = true;
    await fleet?.close();
    await outside?.close();
    await kind.close();
  }, 60_000);

  test(
    'loses nothing, repeats nothing, and keeps the order, while messages keep coming in',
    async () => {
      const begun = performance.now();
      const chance = new Chance(SEED);
      const { faults } = outside.simulator;
      faults.slow('teams', 40);
      faults.slow('karte', 40);
      const ledger = new Ledger(outside);
      const plan = { conversations: CONVERSATIONS, each: 1, channels: 3, pause: 1_000 };
      let done = 0;
      const isEnough = () => over || done === UPGRADES;
      const talking = talk(outside, ledger, { ...plan, isEnough, chance: chance.fork() });
      for (; done < UPGRADES; done += 1) {
        await fleet.spareLoaded();
        const mark = ledger.progress + BETWEEN;
        await until('messages go both ways', () => ledger.progress >= mark, STUCK);
        const old = fleet.first;
        faults.next({ side: 'karte', path: 'sendFromOperator$', delayMs: LAST_SEND });
        await until('the last send is under way', () => faults.state.planned.length === 0, STUCK);
        const next = kind.together ? await fleet.start() : undefined;
        const ended = old.stop();
        await (next ?? fleet.start());
        expect(await ended).toEqual({ code: 0, signal: null });
      }
      const during = ledger.said.size;
      await arrived(ledger, talking, STUCK);
      const atRest = await idle(fleet, STUCK);
      const verdict = judge(ledger);
      report(`upgrades on ${kind.store}`, verdict, { upgrades: UPGRADES }, begun);

      expect(verdict).toMatchObject({ ...GOOD, markedRepeats: 0, markedRoots: 0 });
      expect(during).toBeGreaterThan((UPGRADES * BETWEEN) / 2);
      // Whoever ends in order leaves nothing in doubt.
      expect(verdict.mostMarkedPosts).toBe(0);
      expect(atRest).toBe(true);
      expect(await fleet.first.stop()).toEqual({ code: 0, signal: null });
      const store = await kind.open();
      const states = await statesIn(store).finally(() => store.close());
      expect(states).toMatchObject({ open: 0, parked: 0 });
    },
    LONG ? 900_000 : 180_000,
  );
});
