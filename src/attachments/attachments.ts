import type { Failure } from '../desk/outcome.ts';
import type { KeptPicture, PicturesPort, PictureWish } from '../desk/pictures.ts';
import type { Log } from '../desk/ports.ts';
import type { DeskSettings } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import { Crowd } from './crowd.ts';
import { type Downloaded, download } from './download.ts';
import type { Links } from './links.ts';
import { pictureType } from './pictureType.ts';
import type { Found, Key, Storage } from './storage.ts';

/** Where pictures of one side come from: a channel, or Teams. Never rejects. */
export interface PictureSource {
  fetch(url: string, desk: DeskSettings, patience: number): Promise<Downloaded>;
}

interface Parts {
  storage: Storage;
  links: Links;
  /** By the channel's name, or `teams`. */
  sources: ReadonlyMap<string, PictureSource>;
  locale: Locale;
  log: Log;
}

/** How many pictures are fetched at once: each may be held in memory as a whole. */
const AT_ONCE = 6;

/** Pictures that people sent, kept here for as long as the message they belong to, and shown under links of ours. */
export class Attachments implements PicturesPort {
  readonly #parts: Parts;
  readonly #crowd = new Crowd(AT_ONCE);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async keep(wish: PictureWish, patience: number): Promise<KeptPicture | Failure> {
    const { storage, log } = this.#parts;
    const key: Key = { id: wish.id, until: Math.ceil(wish.expiresAt / 1000) };
    try {
      const there = await storage.find(key);
      return there ? this.#kept(key, there) : await this.#crowd.run(() => this.#fetch(wish, key, patience));
    } catch (error) {
      log.error({ err: error, attachmentId: wish.id }, 'a picture could not be kept');
      return { kind: 'refused', code: 'picture.cannotKeep', transient: true };
    }
  }

  line({ url }: KeptPicture, desk: DeskSettings): string {
    return speaker(desk.locale ?? this.#parts.locale)('reply.pictureLine', { url });
  }

  async #fetch({ from, url, desk, name }: PictureWish, key: Key, patience: number): Promise<KeptPicture | Failure> {
    const source = this.#parts.sources.get(from);
    const got = (await source?.fetch(url, desk, patience)) ?? refused('picture.foreignHost');
    if (got.kind !== 'bytes') return this.#told(got, key, from);
    const picture = pictureType(got.bytes);
    if (!picture) return this.#told(refused('picture.notPicture'), key, from);
    const label = { name: namedBy(name, picture.ending), type: picture.type };
    await this.#parts.storage.put(key, label, got.bytes);
    return this.#kept(key, { ...label, bytes: got.bytes.length });
  }

  #kept(key: Key, { name, type, bytes }: Found): KeptPicture {
    // Names of people's own making would stand percent-encoded in what customers read.
    const short = /^[\w.-]{1,60}$/.test(name) ? name : `picture${/\.\w+$/.exec(name)?.[0] ?? ''}`;
    return { kind: 'kept', url: this.#parts.links.make({ ...key, name: short }), name, type, bytes };
  }

  #told(failure: Failure, { id }: Key, from: string): Failure {
    this.#parts.log.warn({ attachmentId: id, from, code: failure.code }, 'a picture could not be had');
    return failure;
  }
}

/** Pictures of a channel, from the hosts that it keeps them on. `own`: see {@link download}. */
export function publicSource(hosts: readonly string[], own?: string): PictureSource {
  return { fetch: (url, _desk, patience) => download(url, { hosts, own, patience }) };
}

/** A name to save a picture under: without signs that lead elsewhere or turn around, and with the ending that its bytes ask for. */
function namedBy(name = '', ending: string): string {
  const bare = name
    .replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|;%]/gu, '')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/^\.+/, '')
    .trim();
  return `${[...bare].slice(0, 60).join('') || 'picture'}.${ending}`;
}

function refused(code: string): Failure {
  return { kind: 'refused', code, transient: false };
}
