import { randomInt } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import type { Collection, Query, Versioned } from '../desk/ports.ts';
import { checkWhere, type Document, indexedFields, partitionOf, versioned } from './document.ts';
import { RecentRows, type StoredRow } from './recentRows.ts';
import type { CollectionSpec } from './store.ts';

/** The database: `write` resolves with the count of changed rows once they are on the disk. */
export interface Statements {
  write(sql: string, values: SQLInputValue[]): Promise<number>;
  read<Row>(sql: string, values: SQLInputValue[]): Promise<Row[]>;
}

/** How many documents one write of the sweep removes: others' writes get their turn in between. */
const SWEPT_AT_ONCE = 500;

/** Past its end a document is gone, swept or not. */
const ALIVE = '("expires_at" IS NULL OR "expires_at" > ?)';

/** One table. The document stands whole in `body`; the fields that are searched or sorted by stand beside it, indexed. */
export class SqliteCollection implements Collection<Document> {
  readonly #statements: Statements;
  readonly #name: string;
  readonly #spec: CollectionSpec;
  readonly #now: () => number;
  readonly #fields: string[];
  readonly #recent = new RecentRows();
  readonly #sql: { insert: string; read: string; replace: string; remove: string };
  /** Never the same twice, also for a document that was removed and written again; by chance also not across processes. */
  #version = randomInt(2 ** 47);

  constructor(statements: Statements, name: string, spec: CollectionSpec, now: () => number) {
    this.#statements = statements;
    this.#name = name;
    this.#spec = spec;
    this.#now = now;
    this.#fields = indexedFields(spec).filter((field) => field !== 'id');
    this.#sql = statementsFor(name, ['version', 'expires_at', 'body', ...this.#fields].map(quoted));
  }

  async insert(value: Document): Promise<Versioned<Document> | undefined> {
    const { version, body, values } = this.#row(value);
    const partition = partitionOf(this.#spec, value);
    const all = [partition, value.id, ...values, this.#now()];
    return (await this.#change(partition, value.id, this.#sql.insert, all)) ? versioned(version, body) : undefined;
  }

  async read(partition: string, id: string): Promise<Versioned<Document> | undefined> {
    const load = async () => (await this.#statements.read<StoredRow>(this.#sql.read, [partition, id, this.#now()]))[0];
    const row = await this.#recent.read(keyOf(partition, id), load);
    return row && versioned(row.version, row.body);
  }

  async replace(value: Document, was: string): Promise<Versioned<Document> | undefined> {
    const { version, body, values } = this.#row(value);
    const partition = partitionOf(this.#spec, value);
    const all = [...values, partition, value.id, Number(was), this.#now()];
    return (await this.#change(partition, value.id, this.#sql.replace, all)) ? versioned(version, body) : undefined;
  }

  remove(partition: string, id: string, version?: string): Promise<boolean> {
    const values = [partition, id, this.#now()];
    if (version === undefined) return this.#change(partition, id, this.#sql.remove, values);
    return this.#change(partition, id, `${this.#sql.remove} AND "version" = ?`, [...values, Number(version)]);
  }

  async find({ partition, where = {}, from, to, order = 'ascending', limit }: Query): Promise<Versioned<Document>[]> {
    checkWhere(this.#name, this.#spec, where);
    const wanted: [string, string, unknown][] = Object.entries(
      partition === undefined ? where : { partition, ...where },
    ).map(([field, value]) => [field, '=', value]);
    if (from !== undefined) wanted.push([this.#spec.sort, '>=', from]);
    if (to !== undefined) wanted.push([this.#spec.sort, '<=', to]);
    const conditions = wanted.map(([field, sign]) => `${quoted(field)} ${sign} ? AND `).join('');
    const direction = order === 'ascending' ? 'ASC' : 'DESC';
    const sql = `SELECT "version", "body" FROM "${this.#name}" WHERE ${conditions}${ALIVE} ORDER BY ${quoted(this.#spec.sort)} ${direction} LIMIT ?`;
    const values = [...wanted.map(([, , value]) => bindable(value)), this.#now(), limit ?? -1];
    const rows = await this.#statements.read<Omit<StoredRow, 'expires_at'>>(sql, values);
    return rows.map(({ version, body }) => versioned(version, body));
  }

  /** Removes what ended by `now` (Unix ms); the count removed. */
  async sweep(now: number): Promise<number> {
    const sql = `DELETE FROM "${this.#name}" WHERE rowid IN (SELECT rowid FROM "${this.#name}" WHERE "expires_at" <= ? LIMIT ?)`;
    let total = 0;
    for (;;) {
      const removed = await this.#statements.write(sql, [now, SWEPT_AT_ONCE]);
      total += removed;
      if (removed < SWEPT_AT_ONCE) return total;
    }
  }

  /** What every write of a document binds, in the order of its columns; the document is read now, not when the group is written. */
  #row(value: Document): { version: number; body: string; values: SQLInputValue[] } {
    const body = JSON.stringify(value);
    const version = ++this.#version;
    const end = value.expiresAt === undefined ? null : Math.ceil(value.expiresAt);
    return { version, body, values: [version, end, body, ...this.#fields.map((field) => bindable(value[field]))] };
  }

  async #change(partition: string, id: string, sql: string, values: SQLInputValue[]): Promise<boolean> {
    this.#recent.forget(keyOf(partition, id));
    return (await this.#statements.write(sql, values)) === 1;
  }
}

/** The statements that do not depend on what is asked; every call binds to their holes. */
function statementsFor(name: string, columns: string[]) {
  const these = '"partition" = ? AND "id" = ?';
  return {
    insert: `INSERT INTO "${name}" ("partition", "id", ${columns}) VALUES (?, ?, ${columns.map(() => '?')})
      ON CONFLICT ("partition", "id") DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`)} WHERE NOT ${ALIVE}`,
    read: `SELECT "version", "body", "expires_at" FROM "${name}" WHERE ${these} AND ${ALIVE}`,
    replace: `UPDATE "${name}" SET ${columns.map((column) => `${column} = ?`)} WHERE ${these} AND "version" = ? AND ${ALIVE}`,
    remove: `DELETE FROM "${name}" WHERE ${these} AND ${ALIVE}`,
  };
}

function keyOf(partition: string, id: string): string {
  return `${partition.length}:${partition}${id}`;
}

function quoted(field: string): string {
  return `"${field}"`;
}

function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return (value ?? null) as SQLInputValue;
}
