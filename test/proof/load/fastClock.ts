/**
 * Time that runs `rate` times as fast: waits of minutes pass in seconds, in their order. `now` can be set, as an operator or NTP
 * sets a machine's clock; `elapsed` and `later` never notice.
 */
export class FastClock {
  readonly #rate: number;
  readonly #begun = performance.now();
  readonly #start: number;
  #set = 0;

  constructor(rate: number, start = Date.now()) {
    this.#rate = rate;
    this.#start = start;
  }

  readonly elapsed = (): number => (performance.now() - this.#begun) * this.#rate;

  readonly now = (): number => Math.floor(this.#start + this.#set + this.elapsed());

  readonly later = (ms: number, work: () => void): (() => void) => {
    const handle = setTimeout(work, Math.min(ms / this.#rate, 2 ** 31 - 1));
    return () => clearTimeout(handle);
  };

  /** Sets the clock forward, or back, by this much (ms). */
  jump(ms: number): void {
    this.#set += ms;
  }
}
