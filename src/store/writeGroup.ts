import type { DatabaseSync } from 'node:sqlite';
import { DeskError } from '../desk/deskError.ts';

interface Waiting {
  run(): unknown;
  resolve(value: never): void;
  reject(error: unknown): void;
}

type Result = { value: unknown } | { error: unknown };

/** SQLite may have rolled back the whole transaction after these: busy, no memory, interrupted, I/O error, disk full. */
const FATAL = new Set([5, 7, 9, 10, 13]); // https://www.sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction"

/**
 * Puts all writes of one tick into one transaction: one flush to the disk serves every message that came in together.
 * A write is told of its success only after the commit. A read asked for after a write waits in the same line, so that it
 * sees that write and does not cut the group in two. Everything rejects with `store.unavailable`.
 */
export class WriteGroup {
  readonly #database: DatabaseSync;
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  write<T>(run: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new DeskError('store.unavailable', {}, new Error('the store is closed')));
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ run, resolve: resolve as Waiting['resolve'], reject });
    });
  }

  async read<T>(run: () => T): Promise<T> {
    if (this.#closed || this.#waiting.length > 0) return this.write(run);
    try {
      return run();
    } catch (error) {
      throw new DeskError('store.unavailable', {}, error);
    }
  }

  /** Commits what waits; whatever comes later is refused. False when it was closed before. */
  close(): boolean {
    if (this.#closed) return false;
    this.#flush();
    this.#closed = true;
    return true;
  }

  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length > 0) this.#commit(group);
  }

  #commit(group: Waiting[]): void {
    let results: Result[];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      results = group.map(({ run }) => attempt(run));
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#undo();
      // One document too big for the disk must not take its neighbours along, nor keep the sweep from making room.
      if (group.length > 1) {
        for (const each of group) this.#commit([each]);
        return;
      }
      results = [{ error }];
    }
    for (const [at, { resolve, reject }] of group.entries()) {
      const result = results[at] as Result;
      if ('error' in result) reject(new DeskError('store.unavailable', {}, result.error));
      else resolve(result.value as never);
    }
  }

  #undo(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // SQLite had rolled back by itself. Were the transaction still open, the next BEGIN would say so.
    }
  }
}

/** A statement that fails alone leaves its neighbours' work standing; one that shakes the transaction throws. */
function attempt(run: () => unknown): Result {
  try {
    return { value: run() };
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    if (errcode !== undefined && FATAL.has(errcode & 0xff)) throw error;
    return { error };
  }
}
