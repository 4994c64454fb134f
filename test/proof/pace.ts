import { until } from './until.ts';

/** Lets people write while what has happened so far stays below a mark, and holds them there. */
export class Pace {
  readonly #progress: () => number;
  #mark = Number.POSITIVE_INFINITY;

  constructor(progress: () => number) {
    this.#progress = progress;
  }

  holdAt(mark: number): void {
    this.#mark = mark;
  }

  goOn(): void {
    this.#mark = Number.POSITIVE_INFINITY;
  }

  /** Resolves when one more message may be written. */
  async turn(): Promise<void> {
    if (this.#progress() >= this.#mark)
      await until('the pace lets people go on', () => this.#progress() < this.#mark, 2 ** 31);
  }
}
