import type { Delivery } from './delivery.ts';
import { type Message, type Part, textOf } from './message.ts';
import type { Failure, Outcome } from './outcome.ts';
import { inPatience } from './patience.ts';
import type { Capabilities, ChannelPort, Environment, PictureForm, PrivateNotice } from './ports.ts';
import type { Connection, DeskSettings } from './settings.ts';

/** A file that is kept, or is to be, until `expiresAt` (Unix ms). The same file always has the same `id`, so that it is fetched once and its link never changes. */
export interface KeptKey {
  id: string;
  expiresAt: number;
}

/**
 * A file to be fetched and kept. `connection` is the one whose channel has it; without one Teams has it. `bytes` is how long its sender says that it is;
 * `form`, of a picture, how it is to be taken on.
 */
export interface PictureWish extends KeptKey {
  kind: FilePart['kind'];
  connection?: Connection;
  desk: DeskSettings;
  url: string;
  name?: string;
  bytes?: number;
  form?: PictureForm;
}

/**
 * A file that is kept here; `url` shows it to whoever has that link, until its end. In the form that was wished for it may be another picture, with a
 * preview beside it; `unfit`: it could not be given that form.
 */
export interface KeptPicture {
  kind: 'kept';
  url: string;
  previewUrl?: string;
  name: string;
  type: string;
  bytes: number;
  unfit?: boolean;
}

/** Where files are fetched and kept, as the desk sees it. Nothing here throws. */
export interface PicturesPort {
  /** `patience` is how long fetching may take (ms). A failure is about this file alone, whoever had it. */
  keep(wish: PictureWish, patience: number): Promise<KeptPicture | Failure>;
  /** Removes a file and every form of it, also what is only just being fetched. */
  purge(key: KeptKey): Promise<Outcome>;
  /** The line that leads to a kept picture where only text can go. */
  line(kept: KeptPicture, desk: DeskSettings): string;
}

/** How long a message on its way to Teams waits for its picture, storing included (ms). The words are worth more. */
const PATIENCE = 5_000;

/** And for any other file, which is all that there is in its message; the channel may have to prepare it first (ms). */
const FILE_PATIENCE = 20_000;

/** `fetch`: how long fetching a picture for an end user may take (ms); `retention`: how long message content is kept (ms). */
export interface PictureTerms {
  fetch: number;
  retention: number;
}

/** The files of messages, and above all their pictures, in both directions. */
export class Pictures {
  readonly #port: PicturesPort;
  readonly #env: Environment;
  readonly #terms: PictureTerms;

  constructor(port: PicturesPort, env: Environment, terms: PictureTerms) {
    this.#port = port;
    this.#env = env;
    this.#terms = terms;
  }

  /** An end user's message as its thread shows it. A file that can't be had, or not in time, stays what it was: a line, and the link to where it lies. */
  async inward(
    delivery: Delivery,
    desk: DeskSettings,
    channel: ChannelPort,
    connection: Connection,
  ): Promise<Delivery> {
    const { content } = delivery;
    if (content.type !== 'message' || !channel.fetchFile || !content.message.parts.some(isToFetch)) return delivery;
    const parts = await Promise.all(
      content.message.parts.map(async (part) => {
        if (!isToFetch(part)) return part;
        const patience = part.kind === 'image' ? PATIENCE : FILE_PATIENCE;
        const kept = await inPatience(this.#env, patience, this.#keep(delivery, part, { desk, connection }, patience));
        return kept?.kind === 'kept' ? shown(part, kept) : part;
      }),
    );
    return { ...delivery, content: { ...content, message: { ...content.message, parts } } };
  }

  /** An operator's message as the channel can carry it, or why one of its pictures can't be had. */
  async outward(
    delivery: Delivery,
    message: Message,
    desk: DeskSettings,
    { images }: Capabilities,
  ): Promise<Message | Failure> {
    const parts: Part[] = [];
    const lines: string[] = [];
    for (const part of message.parts) {
      if (part.kind !== 'image') {
        parts.push(part);
        continue;
      }
      const kept = await this.#keep(delivery, part, { desk, form: images || undefined }, this.#terms.fetch);
      if (kept.kind !== 'kept') return kept;
      if (images && !kept.unfit) parts.push(shown(part, kept));
      else if (images) parts.push({ kind: 'text', text: this.#port.line(kept, desk) });
      else lines.push(this.#port.line(kept, desk));
    }
    if (images) return { ...message, parts };
    const words = textOf({ ...message, parts });
    return { ...message, parts: [{ kind: 'text', text: [words, ...lines].filter(Boolean).join('\n') }] };
  }

  /** Removes all that is kept here of a delivery's message as it is stored: to be called while its parts are still there. Can be done again. */
  async purge(delivery: Delivery): Promise<Outcome> {
    const { content } = delivery;
    if (content.type !== 'message') return { kind: 'delivered' };
    for (const part of content.message.parts) {
      if (!isFilePart(part) || part.url === undefined) continue;
      const outcome = await this.#port.purge(this.#keyOf(delivery, part.url));
      if (outcome.kind !== 'delivered') return outcome;
    }
    return { kind: 'delivered' };
  }

  #keep(
    delivery: Delivery,
    { kind, url = '', name, bytes }: FilePart,
    from: Pick<PictureWish, 'desk' | 'connection' | 'form'>,
    patience: number,
  ): Promise<KeptPicture | Failure> {
    return this.#port.keep({ ...from, ...this.#keyOf(delivery, url), kind, url, name, bytes }, patience);
  }

  #keyOf({ id, createdAt, expiresAt = createdAt + this.#terms.retention }: Delivery, url: string): KeptKey {
    return { id: this.#env.digest(`picture\n${id}\n${url}`), expiresAt };
  }
}

/** What the operator should know of the form in which their message went. */
export function degraded(message: Message, as: Message): PrivateNotice | undefined {
  const pictures = ({ parts }: Message) => parts.filter(({ kind }) => kind === 'image').length;
  const lost = pictures(message) - pictures(as);
  return lost > 0 ? { sentence: 'reply.picturesAsLinks', values: { count: lost } } : undefined;
}

type FilePart = Extract<Part, { kind: 'image' | 'file' | 'audio' | 'video' }>;

function isFilePart(part: Part): part is FilePart {
  return part.kind === 'image' || part.kind === 'file' || part.kind === 'audio' || part.kind === 'video';
}

/** Pictures are shown in the thread, wherever they lie. Another file is fetched where nobody but the channel can open its address. */
function isToFetch(part: Part): part is FilePart {
  if (!isFilePart(part) || part.url === undefined || part.kept) return false;
  return part.kind === 'image' || !/^https?:/i.test(part.url);
}

/** A file without a name keeps none: what it is says more than a name of our making. */
function shown(part: FilePart, { url, previewUrl, name, bytes }: KeptPicture): FilePart {
  if (part.kind !== 'image') return { ...part, url, bytes, kept: true };
  return { ...part, url, ...(previewUrl ? { previewUrl } : {}), name: part.name ?? name, bytes, kept: true };
}
