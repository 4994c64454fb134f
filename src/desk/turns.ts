import type { Environment, Records } from './ports.ts';

/** Teams redelivers within minutes; a day leaves room for any delay (ms). */
const KEPT = 24 * 60 * 60_000;

/** The longest that a turn may take (ms): two calls outside, each with its timeout, end before Teams delivers a second time. */
const LONGEST = 25_000;

/** `ran` now; `repeat`: it ran, or is running, already; `interrupted`: an earlier process began it and never ended it. */
export type TurnResult = 'ran' | 'repeat' | 'interrupted';

/** Gives activities that act at once (commands, clicks) one effect each, however often Teams delivers them. */
export class Turns {
  readonly #records: Records;
  readonly #env: Environment;
  readonly #process: string;
  readonly #shared: boolean;
  readonly #running = new Set<string>();

  /** `process` names this process; `shared`: others may work on the same records now. */
  constructor(records: Records, env: Environment, { process, shared }: { process: string; shared: boolean }) {
    this.#records = records;
    this.#env = env;
    this.#process = process;
    this.#shared = shared;
  }

  async once(key: string, work: () => Promise<void>): Promise<TurnResult> {
    const id = this.#env.digest(key);
    if (this.#running.has(id)) return 'repeat';
    this.#running.add(id);
    try {
      const now = this.#env.now();
      const begun = await this.#records.turns.insert({
        id,
        done: false,
        at: now,
        expiresAt: now + KEPT,
        process: this.#process,
      });
      if (!begun) return await this.#earlier(id);
      await work();
      await this.#records.turns.replace({ ...begun.value, done: true }, begun.version);
      return 'ran';
    } finally {
      this.#running.delete(id);
    }
  }

  /** Whether this was begun here within the last day. */
  async knows(key: string): Promise<boolean> {
    const id = this.#env.digest(key);
    return (await this.#records.turns.read(id, id)) !== undefined;
  }

  async #earlier(id: string): Promise<TurnResult> {
    const found = await this.#records.turns.read(id, id);
    if (!found || found.value.done) return 'repeat';
    const { process, at } = found.value;
    // Another living process may be at it still; the next redelivery tells.
    if (this.#shared && process !== this.#process && this.#env.now() - at < LONGEST) return 'repeat';
    // Said once: the next redelivery finds it done.
    return (await this.#records.turns.replace({ ...found.value, done: true }, found.version))
      ? 'interrupted'
      : 'repeat';
  }
}
