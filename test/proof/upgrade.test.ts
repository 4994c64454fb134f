import { Chance, LONG, PREPARING, SEED } from './chance.ts';
import { arrived } from './ending.ts';
import { report } from './figures.ts';
import { Fleet } from './fleet.ts';
import { Ledger } from './ledger.ts';
import { Outside } from './outside.ts';
import { cosmosDb, sqliteFile } from './stores.ts';
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

/** Where processes share the store the old and the new one work side by side for a time; where they do not, the new one waits for the file. */
describe.each([sqliteFile(), cosmosDb()])(`an upgrade on $name (PROOF_SEED=${SEED})`, (store) => {
  let outside: Outside;
  let fleet: Fleet;
  let over = false;

  beforeAll(async () => {
    // As a load balancer does: what found nobody is tried again.
    outside = await Outside.open({ patience: 30_000, hookTimeoutMs: 40_000, redeliverAfterMs: 40_000 });
    const settings = { SEND_TIMEOUT_MS: '10000', SETTLE_MS: '500', TEAMS_BUDGET: '40/1', TEAMS_TENANT_BUDGET: 'off' };
    fleet = new Fleet(
      outside.door,
      { ...outside.env, ...settings, ...(await store.settings()) },
      { most: UPGRADES + 1 },
    );
    await fleet.start();
    await outside.setUp();
  }, PREPARING);
  afterAll(async () => {
    over = true;
    await fleet?.close();
    await outside?.close();
    await store.close();
  }, PREPARING);

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
        const next = store.isShared ? await fleet.start() : undefined;
        const ended = old.stop();
        await (next ?? fleet.start());
        expect(await ended).toEqual({ code: 0, signal: null });
      }
      const during = ledger.said.size;
      await arrived(ledger, talking, STUCK);
      const atRest = await store.rest(fleet, STUCK);
      const verdict = judge(ledger);
      report(`upgrades on ${store.name}`, verdict, { upgrades: UPGRADES }, begun, fleet);

      expect(verdict).toMatchObject({ ...GOOD, markedRepeats: 0, markedRoots: 0 });
      expect(during).toBeGreaterThan((UPGRADES * BETWEEN) / 2);
      // Whoever ends in order leaves nothing in doubt.
      expect(verdict.mostMarkedPosts).toBe(0);
      expect(atRest).toBe(true);
      expect(await fleet.first.stop()).toEqual({ code: 0, signal: null });
      expect(await store.states()).toMatchObject({ open: 0, parked: 0 });
    },
    LONG ? 900_000 : 300_000,
  );
});
