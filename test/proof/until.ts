import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the first thing that `probe` finds, asked `every` so often. Rejects after `patience` (ms), saying what was `wanted`. */
export async function until<T>(
  wanted: string,
  probe: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  patience: number,
  every = 25,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain: ${wanted}`);
    await sleep(every);
  }
}
