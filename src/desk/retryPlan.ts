import type { Toward } from './delivery.ts';
import type { Failure, Outcome } from './outcome.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Waits before each new try of what certainly did not happen (ms); after the last one the delivery is parked. */
const WAITS = [5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE];

/** Each wait is up to this much longer or shorter, so that many waiting deliveries do not return at once. */
const JITTER = 0.2;

/** The longest planned wait (ms): a stored time that lies further ahead comes from a clock that was set back. */
export const LONGEST_WAIT = 120 * MINUTE * (1 + JITTER);

/** The wait before an *unknown* toward Teams is repeated, once. */
export const REPEAT_AFTER = SECOND;

/** While replies of a lane wait for the end user's side to come back, one of them tries this often beside its own plan (ms). */
export const PROBE_END_USER = MINUTE;

/** How long all of a Teams channel waits when posts of several conversations end *unknown* one after the other, and none arrives (ms). */
export const OUTAGE = [5 * SECOND, 30 * SECOND, MINUTE] as const;

/** How soon the end user's side is first asked whether a send whose end nobody saw was taken (ms): what it shows by then is settled. */
export const FIRST_LOOK = 2 * SECOND;

/** How long a Teams channel that can't be posted to is left alone before one message tries again (ms). */
export const PROBE_EVERY = 5 * MINUTE;

/** When a reply will have waited for this long, the operator is told that it is late. */
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

/** Where Teams has just failed, its notice comes a little later: right away it would only fail too (ms). */
const BREATH = 5 * SECOND;

/** What Teams has against the post itself: no later time makes it better. */
const HOPELESS = new Set(['teams.badRequest', 'teams.tooLarge']);

/** How long the first try of a notice waits (ms): no time, unless the place where it is to be shown is what failed. */
export function waitForNotice(toward: Toward): number {
  return toward === 'teams' ? BREATH : 0;
}

/**
 * How long a notice waits (ms) before it is shown again. It must be seen by somebody, so that it gives up only where it is itself at fault: it
 * outlasts an app that was removed, a wrong secret and any outage. Seen twice is better than never.
 */
export function waitBeforeNotice(attempts: number, failure: Failure, random: number): number | undefined {
  if (HOPELESS.has(failure.code)) return undefined;
  const retryAfter = failure.kind === 'refused' ? failure.retryAfter : undefined;
  const tries = Math.min(attempts, WAITS.length);
  return waitBefore(tries, { kind: 'refused', code: failure.code, transient: true, retryAfter }, random);
}
