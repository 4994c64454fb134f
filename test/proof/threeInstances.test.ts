import type { Store } from '../../src/store/store.ts';
import type { Cable } from './cable.ts';
import { Chance, LONG, PREPARING, SEED } from './chance.ts';
import { type CosmosProcess, startCosmos } from './cosmosProcess.ts';
import { allEnded, arrived, statesIn } from './ending.ts';
import { report } from './figures.ts';
import { Fleet } from './fleet.ts';
import type { Instance } from './instance.ts';
import { Ledger } from './ledger.ts';
import { isSend, Outside } from './outside.ts';
import { talk } from './talk.ts';
import { until } from './until.ts';
import { GOOD, judge } from './verdict.ts';

const CONVERSATIONS = LONG ? 30 : 10;
/** Messages of each side in a conversation. */
const EACH = LONG ? 10 : 3;
const MESSAGES = 2 * CONVERSATIONS * EACH;
/** Teams channels, and so lanes: enough for each instance to drive some. */
const CHANNELS = 6;
/** Teams channels where nobody writes before the one that was cut off is back. */
const LATER = 3;
const SEND_TIMEOUT = 2_500;
const LEASE = 6_000;
const STUCK = 60_000;

describe(`three instances on Cosmos DB, one killed and one cut off (PROOF_SEED=${SEED})`, () => {
  let cosmos: CosmosProcess;
  let store: Store;
  let outside: Outside;
  let fleet: Fleet;
  const cables = new Map<Instance, Cable>();

  beforeAll(async () => {
    [cosmos, outside] = await Promise.all([startCosmos(), Outside.open()]);
    const settings = { SEND_TIMEOUT_MS: `${SEND_TIMEOUT}`, LEASE_MS: `${LEASE}`, SETTLE_MS: '500' };
    const budget = { TEAMS_BUDGET: '40/1', TEAMS_TENANT_BUDGET: 'off' };
    fleet = new Fleet(outside.door, { ...outside.env, ...settings, ...budget }, { keep: 0 });
    const loaded = [];
    for (let count = 0; count < 3; count += 1) {
      const cable = await cosmos.cable();
      const instance = fleet.take(cosmos.env(cable.endpoint));
      cables.set(instance, cable);
      loaded.push(instance);
    }
    // One after the other: the first makes the container.
    for (const instance of loaded) await fleet.start(instance);
    await outside.setUp();
    for (let count = 3; count < CHANNELS + LATER; count += 1)
      await outside.simulator.teams.createChannel(`窓口 ${count}`).settled;
    store = await cosmos.open();
  }, PREPARING);
  afterAll(async () => {
    await fleet?.close();
    await outside?.close();
    await store?.close();
    await cosmos?.close();
  }, PREPARING);

  /** An instance that is sending at this moment, and has shown a message by then: making threads alone leaves nothing for others to go on with. */
  const busy = (ledger: Ledger, but: (Instance | undefined)[] = []) =>
    until(
      'an instance is at work',
      () => {
        const now = Date.now();
        const names = new Set(
          outside.calls.filter((call) => isSend(call) && now - call.at < 150).map((call) => call.instance),
        );
        const hasShown = ({ name }: Instance) => ledger.inTeams.some(({ by }) => by === name);
        return fleet.serving.find(
          (instance) => names.has(instance.name) && hasShown(instance) && !but.includes(instance),
        );
      },
      STUCK,
      5,
    );

  test(
    'the others take their work over; nothing is lost, out of order, or sent twice to a customer',
    async () => {
      const begun = performance.now();
      const chance = new Chance(SEED);
      outside.simulator.faults.slow('teams', 80);
      outside.simulator.faults.slow('karte', 60);
      const ledger = new Ledger(outside);
      const plan = { conversations: CONVERSATIONS, each: EACH, channels: CHANNELS, pause: 200 };
      const talking = talk(outside, ledger, { ...plan, chance: chance.fork() });
      const [cutMark = 0, killMark = 0] = [chance.whole(25, 45), chance.whole(50, 70)].map(
        (part) => (part * MESSAGES) / 100,
      );

      await until('messages are under way', () => ledger.progress >= cutMark, STUCK);
      const cutOff = await busy(ledger);
      const cable = cables.get(cutOff);
      cable?.cut();
      const cutAt = Date.now();
      await until('more messages are under way', () => ledger.progress >= killMark, STUCK);
      const killed = await busy(ledger, [cutOff]);
      await fleet.kill(killed);

      // Those that are left finish everything, also what the two had begun, while one is still cut off.
      await arrived(ledger, talking, STUCK);
      await until('the lease of the one cut off has long ended', () => Date.now() > cutAt + 2 * LEASE, STUCK);
      const mendedAt = Date.now();
      const forbidden = outside.calls.filter(
        (call) => call.instance === cutOff.name && isSend(call) && call.at > cutAt + LEASE,
      );
      cable?.mend();

      // What is said from now on goes to the one that was cut off alone.
      for (const instance of fleet.serving) if (instance !== cutOff) outside.door.remove(instance.name);
      const later = { conversations: LATER, each: 2, channels: LATER, firstChannel: CHANNELS, name: 'later' };
      await arrived(ledger, talk(outside, ledger, { ...later, chance: chance.fork() }), STUCK);
      const ended = await allEnded(store, STUCK);
      const verdict = judge(ledger);
      report('three instances on Cosmos DB, one killed, one cut off', verdict, { kills: 1, cuts: 1 }, begun, fleet);

      expect(verdict).toMatchObject({ ...GOOD, messages: MESSAGES + 4 * LATER });
      expect(verdict.mostMarkedPosts).toBeLessThanOrEqual(1);
      expect(forbidden).toEqual([]);
      // It had work, which others took over.
      const movedFrom = ({ name }: Instance) => movedOn(ledger, name).length;
      expect(movedFrom(cutOff)).toBeGreaterThan(0);
      expect(movedFrom(killed)).toBeGreaterThan(0);
      // And it works again: its store answers it, and it has taken in what came after.
      expect((await fetch(`${cutOff.url}/readyz`)).status).toBe(200);
      expect(outside.calls.some((call) => call.instance === cutOff.name && isSend(call) && call.at > mendedAt)).toBe(
        true,
      );
      expect(ended).toBe(true);
      expect(await statesIn(store)).toMatchObject({ open: 0, parked: 0 });
      for (const instance of [...fleet.serving]) expect(await instance.stop()).toEqual({ code: 0, signal: null });
    },
    LONG ? 900_000 : 300_000,
  );
});

/** Customers with whom this process dealt first, and another one later. */
function movedOn({ inTeams, atCustomers }: Ledger, name: string): string[] {
  const all = [...inTeams, ...atCustomers];
  const dealt = new Set(all.filter(({ by }) => by === name).map(({ key }) => key));
  return [...dealt].filter((key) => all.findLast((seen) => seen.key === key)?.by !== name);
}
