/** A document as the database holds it. */
export interface StoredRow {
  version: number;
  body: string;
  expires_at: number | null;
}

/** The most characters of documents that one collection remembers. */
const MOST = 4_000_000;

/**
 * The rows read last. The database belongs to this process alone, so that a row that nobody here has written since it was read is still
 * what the file holds. One that has an end is not kept here: it may end unseen.
 */
export class RecentRows {
  readonly #rows = new Map<string, StoredRow>();
  /** Grows with each write: what was asked for before one must not be remembered after it. */
  #writes = 0;
  #size = 0;

  /** The row of this key, from memory or by `load`. */
  async read(key: string, load: () => Promise<StoredRow | undefined>): Promise<StoredRow | undefined> {
    const known = this.#rows.get(key);
    if (known) return known;
    const before = this.#writes;
    const row = await load();
    if (row?.expires_at === null && this.#writes === before) this.#remember(key, row);
    return row;
  }

  /** To be called before a row is written: who asks from now on asks the database, which answers in order. */
  forget(key: string): void {
    this.#writes += 1;
    this.#drop(key);
  }

  #remember(key: string, row: StoredRow): void {
    this.#drop(key);
    this.#rows.set(key, row);
    this.#size += row.body.length;
    for (const oldest of this.#rows.keys()) {
      if (this.#size <= MOST) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#size -= this.#rows.get(key)?.body.length ?? 0;
    this.#rows.delete(key);
  }
}
