/** Waits until the probe finds something, asking every few milliseconds: cheap where the simulator changes thousands of times a second. */
export async function until<T>(
  probe: () => T | Promise<T>,
  patience = 40_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + patience;
  for (;;) {
    const found = await probe();
    if (found !== false && found !== null && found !== undefined) return found as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`waited ${patience} ms in vain for ${probe}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Does the work for every item, at most `width` at once. */
export async function pooled<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const one = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: width }, one));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
