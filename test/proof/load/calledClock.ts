/** Another time, at the usual pace until it is told to hurry: what is slow to start misses nothing. */
export class CalledClock {
  readonly #start: number;
  readonly #rate: number;
  readonly #begun = performance.now();
  #hurriedAt = Number.POSITIVE_INFINITY;

  constructor(start: number, rate: number) {
    this.#start = start;
    this.#rate = rate;
  }

  readonly hurry = (): void => {
    this.#hurriedAt = performance.now();
  };

  readonly elapsed = (): number => {
    const at = performance.now();
    const slow = Math.min(at, this.#hurriedAt) - this.#begun;
    return slow + Math.max(0, at - this.#hurriedAt) * this.#rate;
  };

  readonly now = (): number => Math.floor(this.#start + this.elapsed());

  readonly later = (ms: number, work: () => void): (() => void) => {
    const pace = this.#hurriedAt === Number.POSITIVE_INFINITY ? 1 : this.#rate;
    const handle = setTimeout(work, Math.min(ms / pace, 2 ** 31 - 1));
    return () => clearTimeout(handle);
  };
}
