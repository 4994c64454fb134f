import fc from 'fast-check';
import { Lease, type Terms } from '../../../src/desk/lease.ts';
import type { LaneRecord } from '../../../src/desk/ports.ts';
import { Documents, type Mishap } from './memory.ts';
import { Time } from './time.ts';

const TERMS: Terms = { length: 12_000, send: 4_000, shared: true };

/** How long each play lasts (ms). */
const PLAY = 90_000;

/** What one contender meets: how its calls of the store go, how its time of day jumps (ms), how long it does what. */
interface Fate {
  mishaps: Mishap[];
  jumps: { at: number; by: number }[];
  /** How long it has work, and how long it then has none before it comes again (ms). */
  works: number;
  rests: number;
  /** It stops at once at this moment, and is never heard of again. */
  dies: number;
}

const fateWith = (by: fc.Arbitrary<number>): fc.Arbitrary<Fate> =>
  fc.record({
    mishaps: fc.array(
      fc.record({
        before: fc.constantFrom(0, 5, 300, 1_500, 4_000),
        after: fc.constantFrom(0, 5, 300, 1_500, 4_000),
        away: fc.constantFrom(false, false, true),
        lost: fc.constantFrom(false, false, true),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    jumps: fc.array(fc.record({ at: fc.constantFrom(0, 10_000, 40_000), by }), { maxLength: 4 }),
    works: fc.constantFrom(100, 2_000, 9_000, 30_000),
    rests: fc.integer({ min: 100, max: 20_000 }),
    dies: fc.constantFrom(Number.POSITIVE_INFINITY, 5_000, 20_000, 45_000),
  });

interface Sending {
  by: number;
  from: number;
  to: number;
}

/** Plays it out: when each of them believed that a send might start, and when that one ended at the latest. */
async function play(fates: readonly Fate[]): Promise<{ sendings: Sending[]; drivers: Set<number> }> {
  const time = new Time();
  const documents = new Documents<LaneRecord>('id', 'due');
  const sendings: Sending[] = [];
  const drivers = new Set<number>();
  const began = time.elapsed();
  const over = () => time.elapsed() - began >= PLAY;
  for (const [by, { mishaps, jumps, works, rests, dies }] of fates.entries()) {
    let call = 0;
    const dead = () => over() || time.elapsed() - began >= dies;
    const wall = () => jumps.reduce((sum, jump) => (time.elapsed() - began >= jump.at ? sum + jump.by : sum), 0);
    const lanes = documents.seenBy(
      () => (dead() ? { away: true } : (mishaps[call++ % mishaps.length] ?? {})),
      (ms) => time.sleep(ms),
    );
    const lease = new Lease('room', { records: { lanes }, env: time.env(wall), terms: TERMS, process: `p${by}` });
    const sends = async (until: number) => {
      while (!dead() && lease.held && time.elapsed() < until) {
        await lease.outlastsSend();
        if (dead()) return;
        sendings.push({ by, from: time.elapsed(), to: time.elapsed() + TERMS.send });
        drivers.add(by);
        await time.sleep(700);
      }
    };
    const live = async () => {
      while (!dead()) {
        const taken = await lease.take().catch(() => undefined);
        if (!taken) await time.sleep(1_000);
        else {
          const until = time.elapsed() + works;
          lease.keep(
            () => time.elapsed() < until,
            (record) => record,
            () => lease.drop(),
          );
          await sends(until).catch(() => undefined);
          // Work may come again while it still holds the lane without renewing.
          await time.sleep(rests / 2);
          if (dead()) return;
          await sends(time.elapsed() + 1_500).catch(() => undefined);
          await time.sleep(TERMS.send);
          if (dead()) return;
          await lease.giveBack((record) => record, false).catch(() => lease.drop());
          await time.sleep(rests / 2);
        }
      }
      lease.drop();
    };
    void live();
  }
  await time.pass(PLAY + 20_000);
  return { sendings, drivers };
}

/** Pairs of sends of different processes that may have been under way at once. */
function clashes(sendings: readonly Sending[]): [Sending, Sending][] {
  return sendings.flatMap((one, at) =>
    sendings
      .slice(at + 1)
      .filter((other) => other.by !== one.by && other.from < one.to && one.from < other.to)
      .map((other): [Sending, Sending] => [one, other]),
  );
}

test.each([
  ['within the documented difference', fc.integer({ min: -100, max: 100 })],
  ['by hours', fc.integer({ min: -7_200_000, max: 7_200_000 })],
])(
  'two processes never send at once, with a slow and failing store and times of day that jump %s',
  async (_name, by) => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fateWith(by), { minLength: 2, maxLength: 3 }), async (fates) => {
        const { sendings } = await play(fates);
        sent += sendings.length;
        expect(clashes(sendings)).toEqual([]);
      }),
      { numRuns: 250 },
    );
    // The plays were about something.
    expect(sent).toBeGreaterThan(1_000);
  },
  120_000,
);

test('the lane goes on from one process to the next when each dies', async () => {
  const well: Fate = { mishaps: [{}], jumps: [], works: 30_000, rests: 100, dies: Number.POSITIVE_INFINITY };
  const { drivers, sendings } = await play([{ ...well, dies: 5_000 }, { ...well, dies: 40_000 }, well]);
  expect([...drivers].sort()).toEqual([0, 1, 2]);
  expect(clashes(sendings)).toEqual([]);
});
