import type { Outcome } from './outcome.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Waits before each new try of what certainly did not happen (ms); after the last one the delivery is parked. */
const WAITS = [5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE];

/** Each wait is up to this much longer or shorter, so that many waiting deliveries do not return at once. */
const JITTER = 0.2;

/** The wait before an *unknown* toward Teams is repeated, once. */
export const REPEAT_AFTER = SECOND;

/** From this wait on, the operator is told that a reply is late. */
export const LATE = 5 * MINUTE;

/**
 * How long to wait before try number `attempts` + 1 (ms), or `undefined` when there is none left. The other side's own wish
 * counts as a floor, and being told to slow down uses up no try.
 */
export function waitBefore(
  attempts: number,
  outcome: Extract<Outcome, { kind: 'refused' }>,
  random: number,
): number | undefined {
  if (!outcome.transient) return undefined;
  const planned = WAITS[attempts - 1];
  if (outcome.retryAfter !== undefined) return Math.max(outcome.retryAfter, 0) + random * SECOND;
  return planned === undefined ? undefined : planned * (1 - JITTER + 2 * JITTER * random);
}
