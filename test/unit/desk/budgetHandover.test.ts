import fc from 'fast-check';
import { Budget } from '../../../src/desk/budget.ts';
import { arrivalsWithin, type Call, drain, TEAMS_LIMITS } from './referee.ts';

const SHORT = TEAMS_LIMITS.slice(0, 3);
const calls = fc.array(
  fc.record({ ms: fc.integer({ min: 0, max: 900 }), arrives: fc.double({ min: 0, max: 1, noNaN: true }) }),
  { maxLength: 90 },
);
const AT_ONCE: Call[] = Array.from({ length: 80 }, () => ({ ms: 0, arrives: 0 }));

/** Lets everything that is under way end. */
function finish(budget: Budget, underWay: readonly number[], now: number): number {
  for (const end of [...underWay].sort((a, b) => a - b)) budget.end(end);
  return Math.max(now, ...underWay);
}

test('after a hand-over in order no window sees more than it takes', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 0, max: 40_000 }), fc.boolean(), (before, pause, setBack) => {
      const first = new Budget(SHORT);
      const done = drain(first, before);
      const left = finish(first, done.underWay, done.now);
      const state = JSON.parse(JSON.stringify(first.state(left, 1_000_000)));
      const next = new Budget(SHORT);
      // Another process: its own clock started elsewhere, and its time of day may be behind.
      const shift = 77_000.5;
      const now = left + pause;
      next.resume(state, now + shift, setBack ? 900_000 : 1_000_000 + pause, 0);
      const after = drain(next, AT_ONCE, now + shift).arrivals.map((at) => at - shift);
      const all = [...done.arrivals, ...after];
      for (const { calls: most, ms } of SHORT) expect(arrivalsWithin(all, ms)).toBeLessThanOrEqual(most);
    }),
    { numRuns: 300 },
  );
});

test('after the death of a driver neither, whatever it sent since it last stored its budget', () => {
  const times = fc.record({
    gap: fc.integer({ min: 1, max: 6_000 }),
    idle: fc.double({ min: 0, max: 1, noNaN: true }),
    found: fc.integer({ min: 0, max: 3_000 }),
  });
  fc.assert(
    fc.property(calls, calls, times, fc.boolean(), (stored, unstored, { gap, idle, found }, setBack) => {
      const first = new Budget(SHORT);
      const before = drain(first, stored);
      const at = finish(first, before.underWay, before.now);
      const state = first.state(at, 1_000_000);
      // It goes on, not at once, and dies with what is under way arrived within the gap.
      const quick = unstored.map(({ arrives }) => ({ ms: 0, arrives }));
      const since = drain(first, quick, at + idle * gap, at + gap).arrivals;
      const now = Math.max(at, ...since) + found;
      const next = new Budget(SHORT);
      next.resume(state, now, setBack ? 5 : 1_000_000 + now - at, gap);
      const after = drain(next, AT_ONCE, now).arrivals;
      for (const { calls: most, ms } of SHORT)
        expect(arrivalsWithin([...before.arrivals, ...since, ...after], ms)).toBeLessThanOrEqual(most);
    }),
    { numRuns: 500 },
  );
});

test('a budget that was stored is small, in order of age, and never older than it is', () => {
  const budget = new Budget(TEAMS_LIMITS);
  const ends: number[] = [];
  let now = 0;
  for (let n = 0; n < 1_800; n += 1) {
    now += 1_999;
    budget.begin();
    budget.end(now);
    ends.push(now);
  }
  const { spent } = budget.state(now, 0);
  const ages = spent.flatMap(([age, count]) => Array<number>(count).fill(age));
  expect(ages).toHaveLength(1_800);
  for (const [at, age] of ages.entries()) {
    const real = now - (ends[at] as number);
    expect(age).toBeLessThanOrEqual(real);
    expect(age).toBeGreaterThanOrEqual(real * 0.93 - 1);
  }
  expect(spent.length).toBeLessThan(350);
});

test('a gap without limits asks for nothing, and one with a limit of nothing ends', () => {
  const free = new Budget([]);
  free.resume({ at: 0, spent: [] }, 10, 10, 5_000);
  expect(free.wait(10)).toBe(0);
  const none = new Budget([{ calls: 0, ms: 10 }]);
  none.resume({ at: 0, spent: [] }, 10, 10, 5_000);
  expect(none.wait(10)).toBe(Number.POSITIVE_INFINITY);
});
