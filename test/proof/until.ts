import { setTimeout as sleep } from 'node:timers/promises';

/** How often something is asked that nobody announces (ms). */
const ASKED_EVERY = 25;

/** Resolves with the first thing that `probe` finds. Rejects after `patience` (ms), saying what was `wanted`. */
export async function until<T>(
  wanted: string,
  probe: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  patience: number,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain: ${wanted}`);
    await sleep(ASKED_EVERY);
  }
}
