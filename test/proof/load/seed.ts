import { chanceFrom } from '../../../simulator/chance.ts';

/** `PROOF_SEED` repeats a run: who waits how long, what fails, what comes how often. */
export const SEED = Number(process.env.PROOF_SEED ?? 1);

/** `PROOF_LONG=1` asks for the sizes that are proven rather than the ones that are quick. */
export const LONG = process.env.PROOF_LONG === '1';

/** How long a proof of the long kind may take (ms). */
export const PATIENCE = LONG ? 15 * 60_000 : 180_000;

export function size<T>(short: T, long: T): T {
  return LONG ? long : short;
}

/** Chance of its own for each purpose, so that one more draw here changes nothing there. */
export function chance(purpose: number): () => number {
  return chanceFrom(SEED * 1_000 + purpose);
}

/** A whole number from `least` to `most`. */
export function between(draw: () => number, least: number, most: number): number {
  return least + Math.floor(draw() * (most - least + 1));
}
