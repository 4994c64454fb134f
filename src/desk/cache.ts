/**
 * Remembers what was loaded for a short time, so that the hot path does not read settings from the store for each message.
 * Another process's change is seen after `ttl` ms at the latest; our own after `forget`. Loads under way are shared.
 */
export class Cache<T> {
  readonly #entries = new Map<string, { until: number; value: Promise<T> }>();
  readonly #ttl: number;
  readonly #elapsed: () => number;
  readonly #most: number;

  /** `elapsed` is a clock that is never set (ms). */
  constructor(elapsed: () => number, ttl: number, most = 10_000) {
    this.#elapsed = elapsed;
    this.#ttl = ttl;
    this.#most = most;
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry && entry.until > this.#elapsed()) return entry.value;
    const value = load();
    this.#entries.delete(key);
    this.#entries.set(key, { until: this.#elapsed() + this.#ttl, value });
    // A failed load is not remembered; who asked gets the error.
    value.catch(() => this.#entries.get(key)?.value === value && this.forget(key));
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > this.#most && !oldest.done) this.#entries.delete(oldest.value);
    return value;
  }

  /** What is remembered now, without loading anything. */
  peek(key: string): Promise<T> | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.until > this.#elapsed() ? entry.value : undefined;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
