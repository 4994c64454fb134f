import type { Records } from '../desk/ports.ts';
import { SqliteCollection } from './sqliteCollection.ts';
import type { SqliteFile } from './sqliteFile.ts';
import { SqliteThread } from './sqliteThread.ts';
import { collections, type Store } from './store.ts';

export interface SqliteOptions extends SqliteFile {
  now?: () => number;
}

/**
 * Opens the embedded store: one file, one process. Rejects with a DeskError, with `path` among its values: `store.inUse` when
 * another process has the file, `store.unavailable` when it can't be opened.
 */
export async function openSqlite({ now = Date.now, ...file }: SqliteOptions): Promise<Store> {
  const thread = await SqliteThread.open(file);
  const kept = Object.entries(collections).map(
    ([name, spec]) => [name, new SqliteCollection(thread, name, spec, now)] as const,
  );
  return {
    ...(Object.fromEntries(kept) as unknown as Records),
    shared: false,
    async ready() {
      await thread.read('SELECT 1 FROM lanes LIMIT 1', []);
    },
    async sweep(at) {
      let removed = 0;
      for (const [, collection] of kept) removed += await collection.sweep(at);
      return removed;
    },
    close: () => thread.close(),
  };
}
