import type { Environment } from './ports.ts';

/** How often the driver of a lane looks for what other processes have stored for it (ms). */
const EVERY = 700;

/** What came to the driver itself waits this long for the next look (ms): others that come meanwhile share it. */
const SOON = 40;

/** How often everything that is open is looked through instead of the newest (ms). */
const ALL_EVERY = 60_000;

/** Looks into the store for what other processes have put into a lane, while this one drives it. */
export class Lookout {
  readonly #env: Environment;
  readonly #look: (all: boolean, begun: number) => Promise<void>;
  #waiting: { since: number; resolve(): void }[] = [];
  #on = false;
  #looking = false;
  /** By `elapsed`: when the last look that ended well began, and the last one that went through everything. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #allAt = 0;
  #cancel?: () => void;

  /** `look` brings in what is there; with `all` everything, else what is new. It rejects when the store is away. */
  constructor(env: Environment, look: (all: boolean, begun: number) => Promise<void>) {
    this.#env = env;
    this.#look = look;
  }

  /** What is there at this moment (by `elapsed`) has just been brought in. */
  start(seenAt: number): void {
    this.#on = true;
    this.#seenAt = seenAt;
    this.#allAt = seenAt;
    this.#plan(EVERY);
  }

  stop(): void {
    this.#on = false;
    this.#cancel?.();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** Whether everything is here that was stored before this moment (by `elapsed`). Where nobody else stores anything, it always is. */
  hasSeen(since: number): boolean {
    return !this.#on || this.#seenAt > since;
  }

  /** Resolves when everything is here that was stored before this moment (by `elapsed`), or nobody looks any more. */
  caughtUp(since: number): Promise<void> {
    if (this.hasSeen(since)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ since, resolve });
      if (this.#waiting.length === 1 && !this.#looking) this.#plan(SOON);
    });
  }

  #plan(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#env.later(ms, () => void this.#run());
  }

  async #run(): Promise<void> {
    const begun = this.#env.elapsed();
    const all = begun - this.#allAt >= ALL_EVERY;
    this.#looking = true;
    try {
      await this.#look(all, begun);
      this.#seenAt = begun;
      if (all) this.#allAt = begun;
    } catch (error) {
      this.#env.log.warn({ err: error }, 'what other processes have stored could not be read yet');
    }
    this.#looking = false;
    if (!this.#on) return;
    const seen = this.#waiting.filter(({ since }) => this.#seenAt > since);
    this.#waiting = this.#waiting.filter(({ since }) => this.#seenAt <= since);
    for (const { resolve } of seen) resolve();
    this.#plan(this.#waiting.length > 0 ? SOON : EVERY);
  }
}
