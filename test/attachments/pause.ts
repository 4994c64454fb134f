import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the work is done at most: what keeps others waiting does so each time, a machine with much else to do does not. */
const TIMES = 6;

/** For how long nothing else could run while this was done (ms), at the best of several times, unless that was `short` at once. */
export async function longestPause<T>(work: () => Promise<T>, short: number): Promise<{ longest: number; result: T }> {
  let longest = Number.POSITIVE_INFINITY;
  for (let time = 1; ; time++) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const result = await work();
    delay.disable();
    longest = Math.min(longest, delay.max / 1e6);
    if (longest < short || time === TIMES) return { longest, result };
  }
}
