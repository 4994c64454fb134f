import { buffer } from 'node:stream/consumers';
import type { Failure, Outcome } from '../desk/outcome.ts';
import type { KeptKey, KeptPicture, PicturesPort, PictureWish } from '../desk/pictures.ts';
import type { ChannelPort, FetchedFile, Log } from '../desk/ports.ts';
import type { DeskSettings } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import { Crowd } from './crowd.ts';
import { LARGEST } from './download.ts';
import { fileType, pictureType, UNKNOWN } from './fileType.ts';
import { type Form, fits, fitted, needsPreview } from './fitting.ts';
import type { Links } from './links.ts';
import { linkName, namedBy } from './names.ts';
import type { Found, Key, Storage } from './storage.ts';

/** How much is fetched: at most so many bytes, within so much time (ms). */
export interface Limits {
  most: number;
  patience: number;
}

/** Where the pictures are that people pasted in Teams. Never rejects. */
export interface TeamsSource {
  fetch(url: string, desk: DeskSettings, limits: Limits): Promise<FetchedFile>;
}

interface Parts {
  storage: Storage;
  links: Links;
  /** By their names; each hands over its own files. */
  channels: ReadonlyMap<string, Pick<ChannelPort, 'fetchFile'>>;
  teams: TeamsSource;
  /** The largest file that is taken, pictures aside (bytes). */
  fileLimit: number;
  locale: Locale;
  log: Log;
}

/** How many pictures are fetched at once: each may be held in memory as a whole. */
const AT_ONCE = 6;

/** How much memory all other files may take that are fetched at once (bytes); one is always fetched. */
const FILES_TOGETHER = 128 * 1024 * 1024;

/** What the other forms of a picture are kept under, behind its own id. */
const FORMS = { picture: '-form', preview: '-preview' } as const;

/** Files that people sent, pictures above all: kept here for as long as the message they belong to, and shown under links of ours. */
export class Attachments implements PicturesPort {
  readonly #parts: Parts;
  readonly #pictures = new Crowd(AT_ONCE);
  readonly #files: Crowd;
  readonly #drawing = new Crowd(1);
  /** What is being kept just now, by id. */
  readonly #underWay = new Map<string, Promise<KeptPicture | Failure>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#files = new Crowd(Math.max(1, Math.floor(FILES_TOGETHER / parts.fileLimit)));
  }

  keep(wish: PictureWish, patience: number): Promise<KeptPicture | Failure> {
    const there = this.#underWay.get(wish.id);
    if (there !== undefined) return there;
    const keeping = this.#keep(wish, patience).finally(() => this.#underWay.delete(wish.id));
    this.#underWay.set(wish.id, keeping);
    return keeping;
  }

  async purge(kept: KeptKey): Promise<Outcome> {
    const { storage, log } = this.#parts;
    const key = keyOf(kept);
    try {
      // What nobody waits for any more would come back otherwise.
      await this.#underWay.get(key.id);
      for (const ending of ['', ...Object.values(FORMS)]) await storage.remove({ ...key, id: `${key.id}${ending}` });
      return { kind: 'delivered' };
    } catch (error) {
      log.error({ err: error, attachmentId: key.id }, 'a file could not be removed');
      return { kind: 'refused', code: 'picture.cannotKeep', transient: true };
    }
  }

  line({ url }: KeptPicture, desk: DeskSettings): string {
    return speaker(desk.locale ?? this.#parts.locale)('reply.pictureLine', { url });
  }

  async #keep(wish: PictureWish, patience: number): Promise<KeptPicture | Failure> {
    const { storage, log } = this.#parts;
    const key = keyOf(wish);
    try {
      const there = await storage.find(key);
      const kept = there ? this.#kept(wish, key, there) : await this.#fetch(wish, key, patience);
      return kept.kind === 'kept' && wish.form ? await this.#formed(kept, wish, key) : kept;
    } catch (error) {
      log.error({ err: error, attachmentId: key.id }, `a ${nounOf(wish)} could not be kept`);
      return { kind: 'refused', code: 'picture.cannotKeep', transient: true };
    }
  }

  async #fetch(wish: PictureWish, key: Key, patience: number): Promise<KeptPicture | Failure> {
    const isPicture = wish.kind === 'image';
    const most = isPicture ? LARGEST : this.#parts.fileLimit;
    if (wish.bytes !== undefined && wish.bytes > most) return this.#told(refused('picture.tooLarge'), wish);
    return (isPicture ? this.#pictures : this.#files).run(async () => {
      const got = await this.#ask(wish, { most, patience });
      if (got.kind !== 'bytes') return this.#told(got, wish);
      const known = isPicture ? pictureType(got.bytes) : fileType(got.bytes);
      if (isPicture && !known) return this.#told(refused('picture.notPicture'), wish);
      const label = { name: namedBy(wish.name ?? got.name, wish.kind, known), type: known?.type ?? UNKNOWN };
      await this.#parts.storage.put(key, label, got.bytes);
      return this.#kept(wish, key, { ...label, bytes: got.bytes.length });
    });
  }

  async #ask({ connection, url, desk }: PictureWish, limits: Limits): Promise<FetchedFile> {
    const { channels, teams } = this.#parts;
    if (!connection) return teams.fetch(url, desk, limits);
    const asked = channels.get(connection.channel)?.fetchFile?.(connection, url, limits);
    return (await asked) ?? refused('picture.foreignHost');
  }

  /** The picture as its channel takes it, drawn once. What can't be drawn is `unfit`, and nothing else is lost by that. */
  async #formed(kept: KeptPicture, wish: PictureWish, key: Key): Promise<KeptPicture> {
    const { storage, log } = this.#parts;
    const { form } = wish;
    if (!form || (fits(kept, form) && !needsPreview(kept.bytes, form))) return kept;
    const drawn = await this.#drawn(kept, wish, key);
    if (drawn) return drawn;
    return this.#drawing.run(async () => {
      const file = await storage.open(key);
      if (!file) throw new Error('a picture that was just kept is gone');
      const bytes = await buffer(file.body);
      const made = await fitted(bytes, kept.type, form).catch((error: unknown) => {
        log.warn({ err: error, attachmentId: key.id, type: kept.type }, 'a picture could not be drawn anew');
        return undefined;
      });
      if (!made) return { ...kept, unfit: true };
      // The picture last: where it is there, its preview is.
      if (made.preview) await this.#put('preview', made.preview, kept, key);
      if (made.picture) await this.#put('picture', made.picture, kept, key);
      return (await this.#drawn(kept, wish, key)) ?? { ...kept, unfit: true };
    });
  }

  /** The forms that are there; `undefined` when one is missing. */
  async #drawn(kept: KeptPicture, wish: PictureWish, key: Key): Promise<KeptPicture | undefined> {
    const { storage } = this.#parts;
    const { form } = wish;
    if (!form) return kept;
    const found = async (which: keyof typeof FORMS) => {
      const formKey = formOf(which, key);
      const there = await storage.find(formKey);
      return there && this.#kept(wish, formKey, there);
    };
    const picture = fits(kept, form) ? kept : await found('picture');
    if (!picture || !needsPreview(picture.bytes, form)) return picture;
    const preview = await found('preview');
    return preview && { ...picture, previewUrl: preview.url };
  }

  #put(which: keyof typeof FORMS, { bytes, type }: Form, { name }: KeptPicture, key: Key): Promise<void> {
    const label = { name: namedBy(name, 'image', pictureType(bytes)), type };
    return this.#parts.storage.put(formOf(which, key), label, bytes);
  }

  #kept({ kind }: PictureWish, key: Key, { name, type, bytes }: Found): KeptPicture {
    const url = this.#parts.links.make({ ...key, name: linkName(name, kind) });
    return { kind: 'kept', url, name, type, bytes };
  }

  #told(failure: Failure, wish: PictureWish): Failure {
    const from = wish.connection?.channel ?? 'teams';
    this.#parts.log.warn({ attachmentId: wish.id, from, code: failure.code }, `a ${nounOf(wish)} could not be had`);
    return failure;
  }
}

function keyOf({ id, expiresAt }: KeptKey): Key {
  return { id, until: Math.ceil(expiresAt / 1000) };
}

function formOf(which: keyof typeof FORMS, key: Key): Key {
  return { ...key, id: `${key.id}${FORMS[which]}` };
}

function nounOf({ kind }: PictureWish): string {
  return kind === 'image' ? 'picture' : 'file';
}

function refused(code: string): Failure {
  return { kind: 'refused', code, transient: false };
}
