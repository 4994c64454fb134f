/**
 * Numbers that grow with arrival, also when the clock is set back: Unix ms times 1,000 plus a counter, never less than
 * what was given before. `resume` puts it past everything that an earlier process stored.
 */
export class Sequence {
  #last = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): number {
    this.#last = Math.max(this.#now() * 1000, this.#last + 1);
    return this.#last;
  }

  resume(after: number): void {
    this.#last = Math.max(this.#last, after);
  }
}

/** When what has this number arrived (Unix ms). */
export function arrivalOf(order: number): number {
  return Math.floor(order / 1000);
}
