import type { Failure } from '../../../src/desk/outcome.ts';
import { waitBefore, waitBeforeNotice, waitForNotice } from '../../../src/desk/retryPlan.ts';

const busy = { kind: 'refused', code: 'teams.busy', transient: true } as const;
const MINUTE = 60_000;

test('what may work later waits 5 s, 30 s, 5, 30 and 120 minutes, and then for a person', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((attempts) => waitBefore(attempts, busy, 0.5));
  expect(waits).toEqual([5_000, 30_000, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, undefined]);
});

test('each wait may be a fifth shorter or longer, so that not all come back at once', () => {
  expect(waitBefore(1, busy, 0)).toBe(4_000);
  expect(waitBefore(1, busy, 1)).toBeCloseTo(6_000);
});

test('the other side’s own wish counts, never shortened, at any attempt', () => {
  for (const random of [0, 0.3, 0.999])
    for (const attempts of [1, 6, 40])
      expect(waitBefore(attempts, { ...busy, retryAfter: 90_000 }, random)).toBeGreaterThanOrEqual(90_000);
});

test('what is certain and stays so is not tried again', () => {
  expect(waitBefore(1, { ...busy, transient: false }, 0.5)).toBeUndefined();
  expect(waitBefore(1, { ...busy, transient: false, retryAfter: 5 }, 0.5)).toBeUndefined();
});

test('a notice outlasts every outage and every refusal of the place', () => {
  const failures: Failure[] = [
    { kind: 'unknown', code: 'teams.unavailable' },
    { kind: 'refused', code: 'teams.notInRoster', transient: false },
    { kind: 'refused', code: 'teams.unauthorized', transient: false },
  ];
  for (const failure of failures) expect(waitBeforeNotice(500, failure, 0.5)).toBe(120 * MINUTE);
});

test('a notice that Teams will never take gives up', () => {
  for (const code of ['teams.badRequest', 'teams.tooLarge'])
    expect(waitBeforeNotice(1, { kind: 'refused', code, transient: false }, 0.5)).toBeUndefined();
});

test('a notice keeps the wish of Teams to wait', () => {
  const throttled: Failure = { kind: 'refused', code: 'teams.throttled', transient: true, retryAfter: 300_000 };
  expect(waitBeforeNotice(1, throttled, 0)).toBeGreaterThanOrEqual(300_000);
});

test('a notice comes at once, except where its own place has just failed', () => {
  expect(waitForNotice('endUser')).toBe(0);
  expect(waitForNotice('teams')).toBeGreaterThan(0);
});
