import type { Readable } from 'node:stream';

/** What a file is kept under. `until` (Unix seconds) is its end, and a part of where it lies: whoever names another finds nothing. */
export interface Key {
  id: string;
  until: number;
}

/** What is told of a file beside its bytes. */
export interface Label {
  name: string;
  /** Its content type, as its own bytes say it. */
  type: string;
}

/** A file that is there; `bytes` is its length. */
export interface Found extends Label {
  bytes: number;
}

/** A file to be read to its end, or destroyed. */
export interface Opened extends Found {
  body: Readable;
}

/** Where attachments are kept: a folder, or Azure Blob Storage. Rejects when the storage can't be reached; what is not there is `undefined`. */
export interface Storage {
  /** Writes a file, whole or not at all. Under one key always the same is written: whoever comes second changes nothing. */
  put(key: Key, label: Label, bytes: Buffer): Promise<void>;
  find(key: Key): Promise<Found | undefined>;
  open(key: Key): Promise<Opened | undefined>;
  /** Removes a file; what is not there is removed already. */
  remove(key: Key): Promise<void>;
  /** Removes the files of each day that was over before `now` (Unix ms); how many days that were. */
  sweep(now: number): Promise<number>;
  close?(): Promise<void>;
}

/** Files lie by the day (UTC) on which they end, so that a sweep looks at days and never at files. */
export function dayOf(until: number): string {
  return new Date(until * 1000).toISOString().slice(0, 10);
}

/** Whether a folder's name is a day that was over before `now` (Unix ms). */
export function isOver(day: string, now: number): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(day) && day < new Date(now).toISOString().slice(0, 10);
}

/** A place below the storage's root. Throws for an id that could lead elsewhere: ids are digests of our own making. */
export function placeOf({ id, until }: Key): { day: string; id: string } {
  if (!/^[\w-]{1,64}$/.test(id)) throw new TypeError('an attachment’s id is a digest');
  return { day: dayOf(until), id };
}
