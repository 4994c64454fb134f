import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DeskError } from '../desk/deskError.ts';
import type { SqliteFile } from './sqliteFile.ts';
import type { Opened } from './sqliteWorker.ts';
import type { Ask, Result } from './writeGroup.ts';

/** The program of the thread lies beside this file, in the sources as in what is built from them. */
const WORKER = `./sqliteWorker.${import.meta.url.endsWith('.ts') ? 'ts' : 'mjs'}`;

interface Waiting {
  resolve(value: never): void;
  reject(error: unknown): void;
}

/** The database in a thread of its own, as its collections see it. Every call rejects with `store.unavailable`. */
export class SqliteThread {
  readonly #worker: Worker;
  /** What was asked for and the thread has not heard of yet: this tick's, and what came while it worked on an earlier group. */
  #asks: Ask[] = [];
  /** The thread has one group at a time; the next one shares a transaction, and a wake-up. */
  #working = false;
  /** Who waits for an answer, in the order of the questions. The thread answers in that order. */
  #waiting: Waiting[] = [];
  #closed?: Error;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (results: Result[]) => this.#settle(results));
    worker.on('error', (error) => this.#end(error as Error));
    worker.on('exit', () => this.#end(new Error('the thread of the database has ended')));
    worker.unref();
  }

  /** Throws a DeskError with `path` among its values: `store.inUse` when another process has the file, `store.unavailable` when it can't be opened. */
  static async open(file: SqliteFile): Promise<SqliteThread> {
    const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: file });
    const [opened] = (await once(worker, 'message')) as [Opened];
    if (opened.open) return new SqliteThread(worker);
    throw new DeskError(opened.inUse ? 'store.inUse' : 'store.unavailable', { path: file.path }, opened.cause);
  }

  /** Writes, and resolves with the count of changed rows once that is on the disk. */
  write(sql: string, values: Ask['values']): Promise<number> {
    return this.#ask({ kind: 'run', sql, values });
  }

  /** Reads; it sees every write that was asked for before it. */
  read<Row>(sql: string, values: Ask['values']): Promise<Row[]> {
    return this.#ask({ kind: 'all', sql, values });
  }

  /** Ends what was asked for; whatever comes later is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#send();
    this.#closed = new Error('the store is closed');
    const gone = once(this.#worker, 'exit');
    this.#worker.ref();
    this.#worker.postMessage('close');
    await gone;
  }

  #ask<T>(ask: Ask): Promise<T> {
    if (this.#closed) return Promise.reject(unavailable(this.#closed));
    return new Promise<T>((resolve, reject) => {
      if (this.#asks.length === 0 && !this.#working) setImmediate(() => this.#send());
      // Nothing else may keep a process alive that waits for its answer.
      if (this.#waiting.length === 0) this.#worker.ref();
      this.#asks.push(ask);
      this.#waiting.push({ resolve, reject });
    });
  }

  #send(): void {
    this.#working = this.#asks.length > 0;
    if (this.#working) this.#worker.postMessage(this.#asks);
    this.#asks = [];
  }

  #settle(results: Result[]): void {
    this.#send();
    const settled = this.#waiting.splice(0, results.length);
    if (this.#waiting.length === 0 && !this.#closed) this.#worker.unref();
    for (const [at, { resolve, reject }] of settled.entries()) {
      const result = results[at] as Result;
      if ('error' in result) reject(unavailable(result.error));
      else resolve(result.value as never);
    }
  }

  #end(error: Error): void {
    this.#closed ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(unavailable(error));
  }
}

function unavailable(cause: unknown): DeskError {
  return new DeskError('store.unavailable', {}, cause);
}
