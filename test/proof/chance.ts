import { randomInt } from 'node:crypto';

/** The seed of this run: `PROOF_SEED`, else a fresh one. Whoever uses it prints it, so that the run can be had again. */
export const SEED = Number(process.env.PROOF_SEED ?? randomInt(2 ** 31));

/** Long sizes, as for a figure in the documentation; `npm run test:long` asks for them. */
export const LONG = process.env.PROOF_LONG === '1';

/** How long processes may take to come up, and to go (ms): each loads a thousand modules, on whatever machine this is. */
export const PREPARING = 120_000;

/** Chance that is the same for the same seed (mulberry32), so that a run that failed can be run again. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. */
  part(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.part() * (most - least + 1));
  }

  /** A chance of its own for one purpose, so that what happens at the same time does not mix the numbers up. */
  fork(): Chance {
    return new Chance(this.whole(0, 2 ** 32 - 1));
  }
}
