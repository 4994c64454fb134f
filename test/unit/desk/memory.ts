import { DeskError } from '../../../src/desk/deskError.ts';
import type { Collection, Query, Versioned } from '../../../src/desk/ports.ts';

type Document = { id: string };

/**
 * What happens to one call of the store: it takes `before` ms to get there and `after` ms to come back. `away`: it never gets there;
 * `lost`: it has its effect, and its answer gets lost.
 */
export interface Mishap {
  before?: number;
  after?: number;
  away?: boolean;
  lost?: boolean;
}

/** The documents that several processes share. */
export class Documents<T extends Document> {
  readonly #sort: keyof T;
  readonly #partition: keyof T;
  readonly #all = new Map<string, Versioned<T>>();
  #versions = 0;
  /** How many times each call was made. */
  readonly calls: Record<string, number> = {};

  constructor(partition: keyof T, sort: keyof T) {
    this.#partition = partition;
    this.#sort = sort;
  }

  get(id: string): T | undefined {
    return this.#all.get(id)?.value;
  }

  /** The collection as one process reaches it. `next` says what happens to each call. */
  seenBy(next: (method: string) => Mishap = () => ({}), sleep: (ms: number) => Promise<void> = noSleep): Collection<T> {
    const call = async <R>(method: string, effect: () => R): Promise<R> => {
      this.calls[method] = (this.calls[method] ?? 0) + 1;
      const { before = 0, after = 0, away, lost } = next(method);
      if (before > 0) await sleep(before);
      const result = away ? undefined : effect();
      if (after > 0) await sleep(after);
      if (away || lost) throw new DeskError('store.unavailable');
      return result as R;
    };
    return {
      insert: (value) => {
        const copy = structuredClone(value);
        return call('insert', () => (this.#all.has(copy.id) ? undefined : this.#keep(copy)));
      },
      read: (_partition, id) => call('read', () => structuredClone(this.#all.get(id))),
      replace: (value, version) => {
        const copy = structuredClone(value);
        return call('replace', () => (this.#all.get(copy.id)?.version === version ? this.#keep(copy) : undefined));
      },
      remove: (_partition, id) => call('remove', () => this.#all.delete(id)),
      find: (query) => call('find', () => this.#find(query)),
    };
  }

  #keep(value: T): Versioned<T> {
    const kept = { value, version: `v${++this.#versions}` };
    this.#all.set(value.id, kept);
    return structuredClone(kept);
  }

  #find({ partition, where = {}, from, to, order, limit }: Query): Versioned<T>[] {
    const sortOf = ({ value }: Versioned<T>) => value[this.#sort] as unknown as number;
    const found = [...this.#all.values()].filter((kept) => {
      const { value } = kept;
      const fits = Object.entries(where).every(([field, wanted]) => value[field as keyof T] === wanted);
      const at = sortOf(kept);
      const within = (from === undefined || at >= from) && (to === undefined || at <= to);
      return fits && within && (partition === undefined || (value[this.#partition] as unknown) === partition);
    });
    found.sort((a, b) => (order === 'descending' ? sortOf(b) - sortOf(a) : sortOf(a) - sortOf(b)));
    return structuredClone(found.slice(0, limit));
  }
}

function noSleep(): Promise<void> {
  return Promise.resolve();
}
