import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './sqliteSchema.ts';

/** How long an earlier owner of the file may take to let go of it, unless told otherwise (ms). */
const HANDOVER = 1_000;

/**
 * `path` of the file, whose folder is made when missing, or `:memory:`. `maxPages` bounds the file, in pages of 4 KiB; `wait` is how long an
 * earlier owner may take to let go of it (ms).
 */
export interface SqliteFile {
  path: string;
  maxPages?: number;
  wait?: number;
}

/** For how long SQLite itself waits at a time (ms): only in between can the thread be ended. */
const SLICE = 200;

/** How long the log grows before it is worked into the file (pages of 4 KiB): most pages are written many times meanwhile, and worked in once. */
const LOG_PAGES = 8_000;

/** Memory for pages of the file (KiB): the indexes that every message changes, also those of a group that is not committed yet. */
const CACHE_KIB = 16_000;

/** Opens the file for this process alone and brings its layout up to date. */
export function openFile(file: SqliteFile): DatabaseSync {
  const { path, wait = HANDOVER } = file;
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const end = performance.now() + wait;
  for (;;) {
    const left = Math.max(0, end - performance.now());
    try {
      return openNow(file, Math.ceil(Math.min(left, SLICE)));
    } catch (error) {
      if (left <= SLICE || !isBusy(error)) throw error;
    }
  }
}

function openNow({ path, maxPages }: SqliteFile, wait: number): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // The lock is SQLite's own, held by the operating system for the process: a kill leaves nothing stale behind.
    database.exec(`PRAGMA busy_timeout = ${wait}; PRAGMA locking_mode = EXCLUSIVE`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}; PRAGMA cache_size = -${CACHE_KIB}`);
    migrate(database);
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * A check that the file and its log are still those that were opened. One that was deleted or put in another's place still takes writes,
 * which nobody would find again.
 */
export function stillInPlace({ path }: SqliteFile): () => void {
  if (path === ':memory:') return () => undefined;
  const files = [path, `${path}-wal`];
  const opened = files.map(fileNumber);
  return () => {
    if (files.some((file, at) => fileNumber(file) !== opened[at])) throw new Error('the database file was replaced');
  };
}

/** A number that no other file can have while this one is open. */
function fileNumber(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** SQLITE_BUSY or SQLITE_LOCKED, in any of their extended forms. */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [5, 6].includes(errcode & 0xff);
}
