import fc from 'fast-check';
import { Budget, type Limit } from '../../../src/desk/budget.ts';
import { arrivalsWithin, drain, TEAMS_LIMITS } from './referee.ts';

const limits = fc.oneof(
  fc.constant(TEAMS_LIMITS),
  fc.array(fc.record({ calls: fc.integer({ min: 1, max: 9 }), ms: fc.integer({ min: 1, max: 5_000 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
);
const latencies = fc.array(
  fc.record({
    ms: fc.double({ min: 0, max: 3_000, noNaN: true }),
    arrives: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
);

test('no window ever sees more arrivals than it takes, wherever between start and end each call arrives', () => {
  fc.assert(
    fc.property(limits, latencies, (each, calls) => {
      const { arrivals } = drain(new Budget(each), calls, 0.123);
      expect(arrivals).toHaveLength(calls.length);
      for (const limit of each) expect(arrivalsWithin(arrivals, limit.ms)).toBeLessThanOrEqual(limit.calls);
    }),
    { numRuns: 400 },
  );
});

test('a call waits only while some window is full', () => {
  fc.assert(
    fc.property(limits, latencies, (each, calls) => {
      const { waits } = drain(new Budget(each), calls);
      for (const { at, underWay, ended } of waits) {
        const full = each.some(
          ({ calls, ms }) => underWay + ended.filter((end) => end >= at - ms - 1.001).length >= calls,
        );
        expect(full).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

test('calls that take no time are through as soon as the windows allow', () => {
  const count = 200;
  const started: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const earliest = TEAMS_LIMITS.map(({ calls, ms }) => (started[n - calls] ?? Number.NEGATIVE_INFINITY) + ms + 1);
    started.push(Math.max(started[n - 1] ?? 0, ...earliest));
  }
  const calls = Array.from({ length: count }, () => ({ ms: 0, arrives: 0 }));
  expect(drain(new Budget(TEAMS_LIMITS), calls).arrivals).toEqual(started);
});

test('after any number of calls and hours the budget is whole again', () => {
  const budget = new Budget(TEAMS_LIMITS);
  let now = 0.1;
  for (let n = 0; n < 20_000; n += 1) {
    now += Math.max(0, budget.wait(now)) + 0.1;
    expect(budget.wait(now)).toBe(0);
    budget.begin();
    now += 0.3;
    budget.end(now);
  }
  expect(budget.underWay).toBe(0);
  expect(budget.left(now + 3_600_000)).toBe(7);
  // What has left every window is not kept.
  expect(JSON.stringify(budget.state(now, 0)).length).toBeLessThan(8_000);
});

test('what is under way counts until it ends, and then from its end on', () => {
  const budget = new Budget([{ calls: 2, ms: 1_000 }]);
  budget.begin();
  budget.begin();
  expect(budget.wait(50_000)).toBe(Number.POSITIVE_INFINITY);
  expect(budget.left(50_000)).toBe(0);
  budget.end(50_000);
  expect(budget.wait(50_000)).toBe(1_001);
  budget.end(50_500);
  expect(budget.wait(51_001)).toBe(0);
  expect(budget.wait(51_000)).toBe(1);
});

test.each<[string, Limit[], number]>([
  ['no limit lets everything pass', [], 0],
  ['a limit of nothing lets nothing pass', [{ calls: 0, ms: 10 }], Number.POSITIVE_INFINITY],
])('%s', (_name, each, wait) => {
  const budget = new Budget(each);
  expect(budget.wait(5)).toBe(wait);
});
