import { randomUUID } from 'node:crypto';
import type { Answer } from './http.ts';

/** A file as somebody chose it; `type` is what their browser says of it, which need not be true. */
export interface ChosenFile {
  name: string;
  type: string;
  bytes: Buffer;
}

const kept = 200;

/** What people sent beside words: held in memory until the simulator ends, and the oldest give way to the newest. */
export class Files {
  readonly #files = new Map<string, ChosenFile>();

  /** Keeps a file; its id can't be guessed. */
  add(file: ChosenFile): string {
    const id = randomUUID();
    this.#files.set(id, file);
    const [oldest] = this.#files.keys();
    if (this.#files.size > kept && oldest) this.#files.delete(oldest);
    return id;
  }

  clear(): void {
    this.#files.clear();
  }

  /** The file as an answer to whoever asks for it, under the type that it was sent with. */
  answer(id: string | undefined): Answer {
    const file = this.#files.get(id ?? '');
    if (!file) return { status: 404, body: { error: 'There is no such file.' } };
    return {
      status: 200,
      headers: {
        'Content-Type': file.type,
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': "default-src 'none'; sandbox",
      },
      body: file.bytes,
    };
  }
}
