import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite, type SqliteOptions } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';

/** A folder of database files for one test file; its stores are closed after each test, itself removed after all. */
export function sqliteFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-store-'));
  const opened: Store[] = [];
  let files = 0;
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    /** The path of a file that is not there yet, in a folder that is not there yet. */
    aPath: () => join(folder, `${++files}`, 'madoguchi.db'),
    /** Opens a store for one test, in memory unless a path is given. */
    async open(options: Partial<SqliteOptions> = {}): Promise<Store> {
      const store = await openSqlite({ path: ':memory:', ...options });
      opened.push(store);
      return store;
    },
  };
}
