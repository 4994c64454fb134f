import { monitorEventLoopDelay } from 'node:perf_hooks';

/** For how long nothing else could run while this was done (ms). */
export async function longestPause<T>(work: () => Promise<T>): Promise<{ longest: number; result: T }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const result = await work();
  delay.disable();
  return { longest: delay.max / 1e6, result };
}
