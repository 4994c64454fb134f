import type { Opened } from './surface.ts';
import type { LineMessage } from './world.ts';

const mega = 1024 * 1024;
const pictures = ['image/jpeg', 'image/png'];
const kinds: Record<string, { most: number; types: string[] }> = {
  image: { most: 10 * mega, types: pictures },
  video: { most: 200 * mega, types: ['video/mp4'] },
  audio: { most: 200 * mega, types: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/aac'] },
};
const previewLimit = mega;
const patienceMs = 10_000;

/** Loads what an account sent by address, as LINE does: without credentials, within limits, by the type that the server names. */
export class Loader {
  readonly #botUrl: string;
  readonly #publicUrl: string;

  constructor(botUrl: string, publicUrl: string) {
    this.#botUrl = botUrl;
    this.#publicUrl = publicUrl;
  }

  /** Rejects with a sentence where the phone would show nothing. */
  async open({ content }: LineMessage): Promise<Opened> {
    const kind = kinds[content.type];
    if (!kind) throw new Error(`A message of type ${content.type} has nothing to load.`);
    const original = await this.#load(String(content.originalContentUrl), kind.most, kind.types);
    if (content.previewImageUrl === undefined) return { original };
    return { original, preview: await this.#load(String(content.previewImageUrl), previewLimit, pictures) };
  }

  async #load(url: string, most: number, types: string[]): Promise<Opened['original']> {
    const here = url.startsWith(`${this.#publicUrl}/`) ? this.#botUrl + url.slice(this.#publicUrl.length) : url;
    const answer = await fetch(here, { signal: AbortSignal.timeout(patienceMs) });
    if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}.`);
    const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    if (!types.includes(type)) throw new Error(`${url} is ${type || 'of no type'}, none of ${types.join(', ')}.`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > most) throw new Error(`${url} has ${bytes.length} bytes, ${most} at most.`);
    return { type, bytes };
  }
}
