import { createHash } from 'node:crypto';
import type { Environment, Log } from '../../../src/desk/ports.ts';

interface Timer {
  due: number;
  work: () => void;
}

/** What the other side of a log was told. */
export class Lines implements Log {
  readonly all: string[] = [];
  info(_fields: object, line: string): void {
    this.all.push(`info: ${line}`);
  }
  warn(_fields: object, line: string): void {
    this.all.push(`warn: ${line}`);
  }
  error(_fields: object, line: string): void {
    this.all.push(`error: ${line}`);
  }
}

/** Time that passes only when a test says so, for one process or for several whose times of day differ. */
export class Time {
  #at = 1_000;
  readonly #timers = new Set<Timer>();

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  readonly elapsed = (): number => this.#at;

  readonly later = (ms: number, work: () => void): (() => void) => {
    const timer = { due: this.#at + Math.max(0, ms), work };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** The environment of one process; `wall` is how far its time of day is from 2026-01-01 plus what has passed (ms). */
  env(wall: () => number = () => 0, changes: Partial<Environment> = {}): Environment {
    return {
      now: () => 1_767_225_600_000 + this.#at + wall(),
      elapsed: this.elapsed,
      random: () => 0.5,
      digest: (text) => createHash('sha256').update(text).digest('base64url'),
      later: this.later,
      log: new Lines(),
      ...changes,
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  /** Lets this much time pass, each timer in its turn, and everything come to rest in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#at + ms;
    await rest();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#at = Math.max(this.#at, next.due);
      this.#timers.delete(next);
      next.work();
      await rest();
    }
    this.#at = end;
  }

  /** Lets time pass until the promise is settled; rejects when that takes longer than `most` (ms). */
  async for<T>(promise: Promise<T>, most = 600_000): Promise<T> {
    let settled = false;
    const end = this.#at + most;
    const watched = promise.finally(() => {
      settled = true;
    });
    watched.catch(() => undefined);
    await rest();
    while (!settled) {
      const next = this.#next(end);
      if (!next) throw new Error(`nothing came of it within ${most} ms`);
      await this.pass(Math.max(0, next.due - this.#at));
    }
    return watched;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.due <= end && (!first || timer.due < first.due)) first = timer;
    return first;
  }
}

/** Resolves when all that can go on without time has gone on. */
export function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
