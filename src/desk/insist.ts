import { DeskError } from './deskError.ts';
import type { Environment } from './ports.ts';

/** How soon a write that failed is tried again (ms). */
const AGAIN = 500;

/** Writes down what has already happened outside, and goes on trying while the store is away: forgetting would mean sending twice. */
export class Insist {
  readonly #env: Environment;
  #closed = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Resolves with what `work` gives; rejects with what is not the store's fault, and after `close` with the last error. */
  async on<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const storeAway = error instanceof DeskError && error.code === 'store.unavailable';
        if (this.#closed || !storeAway) throw error;
        this.#env.log.error({ err: error }, 'what happened could not be stored yet');
        await new Promise<void>((resolve) => this.#env.later(AGAIN, resolve));
      }
    }
  }

  /** What could not be stored by now is found as *unknown* by the next process. */
  close(): void {
    this.#closed = true;
  }
}
