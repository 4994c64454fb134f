import type { Budget, Limit } from '../../../src/desk/budget.ts';

/** What Teams takes in one Teams channel. */
export const TEAMS_LIMITS: readonly Limit[] = [
  { calls: 7, ms: 1_000 },
  { calls: 8, ms: 2_000 },
  { calls: 60, ms: 30_000 },
  { calls: 1_800, ms: 3_600_000 },
];

/** How long a call takes (ms), and at which part of that it arrives. */
export interface Call {
  ms: number;
  arrives: number;
}

/** The most arrivals that any window of this length (ms) sees, both of its ends included. */
export function arrivalsWithin(arrivals: readonly number[], ms: number): number {
  const sorted = [...arrivals].sort((a, b) => a - b);
  let [first, most] = [0, 0];
  for (const [at, arrival] of sorted.entries()) {
    while (arrival - (sorted[first] as number) > ms) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}

/**
 * Makes all calls as soon as the budget lets them start, from `now` on and not past `end`: when each arrived, and what was under way and
 * had ended whenever one had to wait.
 */
export function drain(budget: Budget, calls: readonly Call[], now = 0, end = Number.POSITIVE_INFINITY) {
  const arrivals: number[] = [];
  const waits: { at: number; underWay: number; ended: number[] }[] = [];
  const ended: number[] = [];
  let underWay: number[] = [];
  const endBefore = (at: number) => {
    for (const over of underWay.filter((each) => each <= at).sort((a, b) => a - b)) {
      budget.end(over);
      ended.push(over);
    }
    underWay = underWay.filter((each) => each > at);
  };
  for (const { ms, arrives } of calls) {
    for (let wait = budget.wait(now); wait > 0; wait = budget.wait(now)) {
      waits.push({ at: now, underWay: underWay.length, ended: [...ended] });
      now = Math.min(now + wait, ...underWay);
      endBefore(now);
    }
    if (now > end) break;
    budget.begin();
    underWay.push(now + ms);
    arrivals.push(now + ms * arrives);
    endBefore(now);
  }
  return { arrivals, waits, underWay, now };
}
