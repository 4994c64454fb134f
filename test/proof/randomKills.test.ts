import { Chance, LONG, PREPARING, SEED } from './chance.ts';
import { arrived } from './ending.ts';
import { report } from './figures.ts';
import { Fleet } from './fleet.ts';
import { killAtRandom } from './kills.ts';
import { Ledger } from './ledger.ts';
import { Outside } from './outside.ts';
import { Pace } from './pace.ts';
import { sqliteFile } from './stores.ts';
import { talk } from './talk.ts';
import { GOOD, judge } from './verdict.ts';

const KILLS = LONG ? 200 : 12;
const CONVERSATIONS = LONG ? 100 : 60;
/** Messages of each side in a conversation. */
const EACH = LONG ? 50 : 5;
const MESSAGES = 2 * CONVERSATIONS * EACH;

describe(`${KILLS} kills at random points of ${MESSAGES} messages (PROOF_SEED=${SEED})`, () => {
  const store = sqliteFile();
  let outside: Outside;
  let fleet: Fleet;
  let pace: Pace;

  beforeAll(async () => {
    outside = await Outside.open();
    fleet = new Fleet(
      outside.door,
      {
        ...outside.env,
        ...(await store.settings()),
        // Past these two an interrupted send to KARTE is looked up.
        SEND_TIMEOUT_MS: '10000',
        SETTLE_MS: '500',
        // Narrow enough for messages to queue up, and so to be merged.
        TEAMS_BUDGET: '40/1',
        TEAMS_TENANT_BUDGET: 'off',
      },
      { keep: 2, most: KILLS + 1 },
    );
    await fleet.start();
    await outside.setUp();
  }, PREPARING);
  afterAll(async () => {
    pace?.goOn();
    await fleet?.close();
    await outside?.close();
    await store.close();
  }, PREPARING);

  test(
    'nothing is lost or out of order, nothing reaches a customer twice, and repeats in Teams are marked',
    async () => {
      const begun = performance.now();
      const chance = new Chance(SEED);
      outside.simulator.faults.slow('teams', 12);
      outside.simulator.faults.slow('karte', 15);
      const ledger = new Ledger(outside);
      pace = new Pace(() => ledger.progress);
      const plan = { conversations: CONVERSATIONS, each: EACH, channels: 3, pause: 30, pace };
      const talking = talk(outside, ledger, { ...plan, chance: chance.fork() });
      const stuck = 45_000;
      await killAtRandom(fleet, ledger, { kills: KILLS, work: 2 * MESSAGES, chance: chance.fork(), pace, stuck });
      await arrived(ledger, talking, stuck);
      const atRest = await store.rest(fleet, stuck);
      const verdict = judge(ledger);
      report('SIGKILL at random points, SQLite', verdict, { kills: KILLS }, begun, fleet);

      expect(verdict).toMatchObject({ ...GOOD, messages: MESSAGES });
      expect(verdict.mostMarkedPosts).toBeLessThanOrEqual(1);
      expect(atRest).toBe(true);
      expect(await fleet.first.stop()).toEqual({ code: 0, signal: null });
      expect(await store.states()).toMatchObject({ open: 0, parked: 0 });
    },
    LONG ? 3_600_000 : 300_000,
  );
});
