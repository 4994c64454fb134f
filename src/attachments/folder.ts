import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isOver, type Key, type Label, placeOf, type Storage } from './storage.ts';

/** The label stands in the first line of a file, and is never longer than this (bytes). */
const LONGEST_LABEL = 4_096;

/**
 * Attachments as files in a local folder, made when the first one comes: `<folder>/<day of its end>/<id>`. Without a `path` it is a folder of this
 * process alone, gone at its end. One file holds a line of JSON and then the bytes, so that neither can be there without the other.
 */
export class FolderStorage implements Storage {
  readonly #path?: string;
  #own?: Promise<string>;

  constructor(path?: string) {
    this.#path = path;
  }

  async put(key: Key, label: Label, bytes: Buffer): Promise<void> {
    const file = await this.#fileOf(key);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const part = `${file}.${randomBytes(6).toString('hex')}.part`;
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writev([Buffer.from(`${JSON.stringify(label)}\n`), bytes]);
      await handle.sync();
    } catch (error) {
      await handle.close();
      await rm(part, { force: true });
      throw error;
    }
    await handle.close();
    await rename(part, file);
  }

  async find(key: Key) {
    const found = await this.#begin(key);
    if (!found) return undefined;
    await found.handle.close();
    return { ...found.label, bytes: found.bytes };
  }

  async open(key: Key) {
    const found = await this.#begin(key);
    if (!found) return undefined;
    // The stream closes the file, at its end or when it is destroyed.
    return { ...found.label, bytes: found.bytes, body: found.handle.createReadStream({ start: found.begin }) };
  }

  async remove(key: Key): Promise<void> {
    await rm(await this.#fileOf(key), { force: true });
  }

  async sweep(now: number): Promise<number> {
    const folder = await this.#folder();
    const days = await readdir(folder).catch(absent<string[]>([]));
    const over = days.filter((day) => isOver(day, now));
    for (const day of over) await rm(join(folder, day), { recursive: true, force: true });
    return over.length;
  }

  async close(): Promise<void> {
    const own = await this.#own;
    if (own !== undefined) await rm(own, { recursive: true, force: true });
  }

  async #begin(key: Key): Promise<Begun | undefined> {
    const handle = await open(await this.#fileOf(key)).catch(absent(undefined));
    if (!handle) return undefined;
    try {
      const head = Buffer.alloc(LONGEST_LABEL);
      const { bytesRead } = await handle.read(head, 0, LONGEST_LABEL, 0);
      const end = head.subarray(0, bytesRead).indexOf('\n');
      const label = JSON.parse(head.toString('utf8', 0, end)) as Label;
      return { handle, label, begin: end + 1, bytes: (await handle.stat()).size - end - 1 };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #fileOf(key: Key): Promise<string> {
    const { day, id } = placeOf(key);
    return join(await this.#folder(), day, id);
  }

  #folder(): Promise<string> {
    if (this.#path !== undefined) return Promise.resolve(this.#path);
    this.#own ??= mkdtemp(join(tmpdir(), 'madoguchi-'));
    return this.#own;
  }
}

interface Begun {
  handle: FileHandle;
  label: Label;
  begin: number;
  bytes: number;
}

/** What is not there is no failure; all else is. */
function absent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
