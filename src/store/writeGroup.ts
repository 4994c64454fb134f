import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** One statement with its values. `run` writes and tells how many rows changed; `all` only reads, and gives its rows. */
export interface Ask {
  kind: 'run' | 'all';
  sql: string;
  values: SQLInputValue[];
}

/** What came of a statement. An error here is this statement's own, or that of the transaction it stood in. */
export type Result = { value: number | unknown[] } | { error: unknown };

/** SQLite may have rolled back the whole transaction after these: busy, no memory, interrupted, I/O error, disk full. */
const FATAL = new Set([5, 7, 9, 10, 13]); // https://www.sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction"

/**
 * Does what was asked for together in one transaction, in order: one flush to the disk serves every message that came in meanwhile.
 * Results are there after the commit only. `inPlace` throws when what was committed would not be found again.
 */
export class WriteGroup {
  readonly #database: DatabaseSync;
  readonly #inPlace: () => void;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, inPlace: () => void = () => undefined) {
    this.#database = database;
    this.#inPlace = inPlace;
  }

  run(group: Ask[]): Result[] {
    const writes = group.some(({ kind }) => kind === 'run');
    try {
      if (writes) this.#database.exec('BEGIN IMMEDIATE');
      const results = group.map((ask) => this.#attempt(ask));
      if (writes) this.#database.exec('COMMIT');
      this.#inPlace();
      return results;
    } catch (error) {
      this.#undo();
      // One document too big for the disk must not take its neighbours along, nor keep the sweep from making room.
      return group.length > 1 ? group.flatMap((ask) => this.run([ask])) : [{ error }];
    }
  }

  /** A statement that fails alone leaves its neighbours' work standing; one that shakes the transaction throws. */
  #attempt({ kind, sql, values }: Ask): Result {
    try {
      const statement = this.#statement(sql);
      return { value: kind === 'all' ? statement.all(...values) : Number(statement.run(...values).changes) };
    } catch (error) {
      const { errcode } = error as { errcode?: number };
      if (errcode !== undefined && FATAL.has(errcode & 0xff)) throw error;
      return { error };
    }
  }

  #undo(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // SQLite had rolled back by itself. Were the transaction still open, the next BEGIN would say so.
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
