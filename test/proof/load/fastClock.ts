interface Timer {
  /** By `elapsed`. */
  due: number;
  work: () => void;
  handle?: NodeJS.Timeout;
}

/**
 * Time that runs `rate` times as fast: waits of minutes pass in seconds, in their order. With `slowStart` it runs at the usual pace
 * until it is told to hurry, so that what is slow to start misses nothing. `now` can be set, as an operator or NTP sets a machine's
 * clock; `elapsed` and `later` never notice.
 */
export class FastClock {
  readonly #rate: number;
  readonly #start: number;
  readonly #begun = performance.now();
  readonly #timers = new Set<Timer>();
  #hurriedAt: number;
  #set = 0;

  constructor(rate: number, { start = Date.now(), slowStart = false } = {}) {
    this.#rate = rate;
    this.#start = start;
    this.#hurriedAt = slowStart ? Number.POSITIVE_INFINITY : this.#begun;
  }

  readonly elapsed = (): number => {
    const at = performance.now();
    const slow = Math.min(at, this.#hurriedAt) - this.#begun;
    return slow + Math.max(0, at - this.#hurriedAt) * this.#rate;
  };

  readonly now = (): number => Math.floor(this.#start + this.#set + this.elapsed());

  readonly later = (ms: number, work: () => void): (() => void) => {
    const timer: Timer = { due: this.elapsed() + ms, work };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      clearTimeout(timer.handle);
      this.#timers.delete(timer);
    };
  };

  readonly hurry = (): void => {
    this.#hurriedAt = performance.now();
    for (const timer of this.#timers) this.#arm(timer);
  };

  /** Sets the clock forward, or back, by this much (ms). */
  jump(ms: number): void {
    this.#set += ms;
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const pace = this.#hurriedAt === Number.POSITIVE_INFINITY ? 1 : this.#rate;
    const run = () => {
      this.#timers.delete(timer);
      timer.work();
    };
    timer.handle = setTimeout(run, Math.min(Math.max(0, timer.due - this.elapsed()) / pace, 2 ** 31 - 1));
  }
}
