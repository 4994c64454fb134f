/** A sliding window: at most `calls` in any stretch of `length` ms. */
export interface Window {
  length: number;
  calls: number;
}

/** Reads `7/1,8/2,60/30`: calls/seconds. */
export function windowsOf(setting: string): Window[] {
  return setting.split(',').map((each) => {
    const [calls, seconds] = each.split('/').map(Number) as [number, number];
    return { length: seconds * 1000, calls };
  });
}

/** What the simulator takes for the same windows: `[ms, calls]`. */
export function limitsOf(setting: string): [number, number][] {
  return windowsOf(setting).map(({ length, calls }) => [length, calls]);
}

/**
 * When each call would go if nobody lost any time (ms): always the earliest one that the windows of its Teams channel and of the
 * tenant allow, and not before it is `ready`; of several the one whose channel has most to do. `ready` by channel, ascending.
 */
export function idealTimes(ready: number[][], perChannel: Window[], tenant: Window[]): number[] {
  const left = ready.map((times) => [...times]);
  const gone: number[][] = ready.map(() => []);
  const all: number[] = [];
  for (;;) {
    let best: { channel: number; at: number } | undefined;
    for (const [channel, waiting] of left.entries()) {
      const [first] = waiting;
      if (first === undefined) continue;
      const at = Math.max(first, earliest(gone[channel] ?? [], perChannel), earliest(all, tenant));
      const sooner = best === undefined || at < best.at;
      const busier = best?.at === at && waiting.length > (left[best.channel]?.length ?? 0);
      if (sooner || busier) best = { channel, at };
    }
    if (!best) return all;
    left[best.channel]?.shift();
    gone[best.channel]?.push(best.at);
    all.push(best.at);
  }
}

/** The earliest time at which one more call fits. */
function earliest(gone: number[], windows: Window[]): number {
  return Math.max(
    0,
    ...windows.map(({ length, calls }) => {
      const blocking = gone.at(-calls);
      return blocking === undefined ? 0 : blocking + length;
    }),
  );
}
