interface Timer {
  /** By `elapsed`. */
  due: number;
  work: () => void;
  handle?: NodeJS.Timeout;
}

/** How often it is looked at a clock that stops with its process, and the longest that counts between two looks (ms). */
const LOOK = 5;
const STEP = 40;

/**
 * Time that runs `rate` times as fast: waits of minutes pass in seconds, in their order. With `slowStart` it runs at the usual pace
 * until it is told to hurry, so that what is slow to start misses nothing. `now` can be set, as an operator or NTP sets a machine's
 * clock; `elapsed` and `later` never notice. While the process stands still, because the machine has other things to do, so does the clock: a second of
 * that is not to become a minute in which nothing happened. A clock that is `shared` with another process runs on.
 */
export class FastClock {
  readonly #rate: number;
  readonly #start: number;
  readonly #shared: boolean;
  readonly #timers = new Set<Timer>();
  #pace: number;
  #seen = performance.now();
  #elapsed = 0;
  #set = 0;

  constructor(rate: number, { start = Date.now(), slowStart = false, shared = false } = {}) {
    this.#rate = rate;
    this.#start = start;
    this.#shared = shared;
    this.#pace = slowStart ? 1 : rate;
    if (!shared) setInterval(this.elapsed, LOOK).unref();
  }

  readonly elapsed = (): number => {
    const at = performance.now();
    const passed = at - this.#seen;
    this.#seen = at;
    this.#elapsed += (this.#shared ? passed : Math.min(passed, STEP)) * this.#pace;
    return this.#elapsed;
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
    this.elapsed();
    this.#pace = this.#rate;
    for (const timer of this.#timers) this.#arm(timer);
  };

  /** Sets the clock forward, or back, by this much (ms). */
  jump(ms: number): void {
    this.#set += ms;
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const run = () => {
      // The clock stood still meanwhile.
      if (timer.due - this.elapsed() > this.#pace) return this.#arm(timer);
      this.#timers.delete(timer);
      timer.work();
    };
    timer.handle = setTimeout(run, Math.min(Math.max(0, timer.due - this.elapsed()) / this.#pace, 2 ** 31 - 1));
  }
}
