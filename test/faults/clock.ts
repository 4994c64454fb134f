import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

/** How much may happen between two steps of time, however slow the machine is. */
const ROUNDS = 5;
const TURNS = 4;

interface Timer {
  due: number;
  work: () => void;
  handle?: NodeJS.Timeout;
}

/** Clocks that run like the real ones and can be put forward, so that hours of waiting pass in a test at once. */
export class Clock {
  #ahead = 0;
  /** How far the time of day was set (ms); the clock that is never set knows nothing of it. */
  #set = 0;
  readonly #timers = new Set<Timer>();
  readonly #breath: () => Promise<unknown>;

  /**
   * `breath` goes to the store and back: time that is put forward in steps passes no faster than the store answers, so that a busy machine
   * does not make everything late.
   */
  constructor(breath: () => Promise<unknown> = async () => undefined) {
    this.#breath = breath;
  }

  readonly now = (): number => Date.now() + this.#ahead + this.#set;

  readonly elapsed = (): number => performance.now() + this.#ahead;

  readonly later = (ms: number, work: () => void): (() => void) => {
    const timer: Timer = { due: this.elapsed() + ms, work };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#forget(timer);
  };

  /** Lets this much time pass (ms). */
  skip(ms: number): void {
    this.#ahead += ms;
    for (const timer of this.#timers) this.#arm(timer);
  }

  /** Sets the time of day forwards or back (ms); no time passes. */
  set(ms: number): void {
    this.#set += ms;
  }

  /** Lets time pass in steps until the probe finds something; rejects after `patience` of real time (ms). */
  async until<T>(
    probe: () => T | false | null | undefined | Promise<T | false | null | undefined>,
    step: number,
    patience = 60_000,
  ): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      const found = await probe();
      if (found !== false && found !== null && found !== undefined) return found;
      if (Date.now() > end) throw new Error(`time passed in vain for ${probe}`);
      this.skip(step);
      await sleep(10);
      for (let round = 0; round < ROUNDS; round++) {
        await this.#breath();
        for (let count = 0; count < TURNS; count++) await turn();
      }
    }
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    timer.handle = setTimeout(
      async () => {
        // What has come while the process stood still is heard before anything is called late.
        for (let count = 0; count < TURNS; count++) await turn();
        if (!this.#timers.delete(timer)) return;
        timer.work();
      },
      Math.min(Math.max(0, timer.due - this.elapsed()), 2 ** 31 - 1),
    );
  }

  #forget(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
