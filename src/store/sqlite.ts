import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DeskError } from '../desk/deskError.ts';
import type { Records } from '../desk/ports.ts';
import { SqliteCollection } from './sqliteCollection.ts';
import { migrate } from './sqliteSchema.ts';
import { collections, type Store } from './store.ts';
import { WriteGroup } from './writeGroup.ts';

/** `path` of the file, whose folder is made when missing, or `:memory:`. `maxPages` bounds the file, in pages of 4 KiB. */
export interface SqliteOptions {
  path: string;
  now?: () => number;
  maxPages?: number;
}

/** How long an earlier owner of the file may take to let go of it (ms). */
const HANDOVER = 1_000;

/**
 * Opens the embedded store: one file, one process. Throws a DeskError, with `path` among its values: `store.inUse` when
 * another process has the file, `store.unavailable` when it can't be opened.
 */
export function openSqlite({ path, now = Date.now, maxPages }: SqliteOptions): Store {
  const database = open(path);
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  const file = path === ':memory:' ? undefined : statSync(path).ino;
  const group = new WriteGroup(database);
  const kept = Object.entries(collections).map(
    ([name, spec]) => [name, new SqliteCollection(database, group, name, spec, now)] as const,
  );
  return {
    ...(Object.fromEntries(kept) as unknown as Records),
    shared: false,
    ready: () =>
      group.read(() => {
        database.prepare('SELECT 1 FROM lanes LIMIT 1').get();
        // A file that was deleted or put in another's place still takes writes, which nobody would find again.
        if (file !== undefined && statSync(path).ino !== file) throw new Error('the database file was replaced');
      }),
    async sweep(at) {
      let removed = 0;
      for (const [, collection] of kept) removed += await collection.sweep(at);
      return removed;
    },
    async close() {
      if (group.close()) database.close();
    },
  };
}

function open(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path);
    // The lock is SQLite's own, held by the operating system for the process: a kill leaves nothing stale behind.
    database.exec(`PRAGMA busy_timeout = ${HANDOVER}; PRAGMA locking_mode = EXCLUSIVE`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    throw new DeskError(isBusy(error) ? 'store.inUse' : 'store.unavailable', { path }, error);
  }
}

/** SQLITE_BUSY or SQLITE_LOCKED, in any of their extended forms. */
function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [5, 6].includes(errcode & 0xff);
}
