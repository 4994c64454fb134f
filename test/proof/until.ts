import { setTimeout as sleep } from 'node:timers/promises';

/** Timers take no more (ms). */
const LONGEST = 2 ** 31 - 1;

/**
 * Resolves with the first thing that `probe` finds, asked `every` so often. Rejects after `patience` (ms), saying what was `wanted`, also
 * when a probe never answers.
 */
export async function until<T>(
  wanted: string,
  probe: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  patience: number,
  every = 25,
): Promise<T> {
  const late = new AbortController();
  const end = sleep(Math.min(patience, LONGEST), undefined, { signal: late.signal }).then(() => {
    throw new Error(`waited ${patience} ms in vain: ${wanted}`);
  });
  end.catch(() => undefined);
  try {
    for (;;) {
      const found = await Promise.race([probe(), end]);
      if (found !== false && found !== null && found !== undefined) return found;
      await Promise.race([sleep(every), end]);
    }
  } finally {
    late.abort();
  }
}
