import type { Delivery } from './delivery.ts';
import { type Message, type Part, textOf } from './message.ts';
import type { Failure } from './outcome.ts';
import type { Capabilities, Environment, PrivateNotice } from './ports.ts';
import type { DeskSettings } from './settings.ts';

/**
 * A picture to be fetched and kept until `expiresAt` (Unix ms). `from` is the side that has it: a channel by its name, or `teams`. The same picture always
 * has the same `id`, so that it is fetched once and its link never changes.
 */
export interface PictureWish {
  id: string;
  from: string;
  desk: DeskSettings;
  url: string;
  name?: string;
  expiresAt: number;
}

/** A picture that is kept here; `url` shows it to whoever has that link, until its end. */
export interface KeptPicture {
  kind: 'kept';
  url: string;
  name: string;
  type: string;
  bytes: number;
}

/** Where pictures are fetched and kept, as the desk sees it. Nothing here throws. */
export interface PicturesPort {
  /** `patience` is how long fetching may take (ms). A failure is about this picture alone, whoever had it. */
  keep(wish: PictureWish, patience: number): Promise<KeptPicture | Failure>;
  /** The line that leads to a kept picture where only text can go. */
  line(kept: KeptPicture, desk: DeskSettings): string;
}

/** How long a message on its way to Teams waits for its picture, storing included (ms). The words are worth more. */
const PATIENCE = 5_000;

/** `fetch`: how long fetching a picture for an end user may take (ms); `retention`: how long message content is kept (ms). */
export interface PictureTerms {
  fetch: number;
  retention: number;
}

/** Gives messages the form in which their pictures can be seen on the other side. */
export class Pictures {
  readonly #port: PicturesPort;
  readonly #env: Environment;
  readonly #terms: PictureTerms;

  constructor(port: PicturesPort, env: Environment, terms: PictureTerms) {
    this.#port = port;
    this.#env = env;
    this.#terms = terms;
  }

  /** A delivery as its thread shows it. A picture that can't be had, or not in time, stays what it was: a line, and the link to where it lies. */
  async inward(delivery: Delivery, desk: DeskSettings, channel: string): Promise<Delivery> {
    const { content } = delivery;
    if (content.type !== 'message' || !content.message.parts.some(isToFetch)) return delivery;
    const parts = await Promise.all(
      content.message.parts.map(async (part) => {
        if (!isToFetch(part)) return part;
        const kept = await this.#inTime(this.#keep(delivery, part, { desk, from: channel }, PATIENCE));
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
      const kept = await this.#keep(delivery, part, { desk, from: 'teams' }, this.#terms.fetch);
      if (kept.kind !== 'kept') return kept;
      if (images) parts.push(shown(part, kept));
      else lines.push(this.#port.line(kept, desk));
    }
    if (images) return { ...message, parts };
    const words = textOf({ ...message, parts });
    return { ...message, parts: [{ kind: 'text', text: [words, ...lines].filter(Boolean).join('\n') }] };
  }

  #keep(
    { id, createdAt, expiresAt = createdAt + this.#terms.retention }: Delivery,
    { url = '', name }: Picture,
    from: Pick<PictureWish, 'desk' | 'from'>,
    patience: number,
  ): Promise<KeptPicture | Failure> {
    return this.#port.keep({ ...from, id: this.#env.digest(`picture\n${id}\n${url}`), url, name, expiresAt }, patience);
  }

  #inTime<T>(answer: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const cancel = this.#env.later(PATIENCE, () => resolve(undefined));
      answer.then(resolve, reject).finally(cancel);
    });
  }
}

/** What the operator should know of the form in which their message went. */
export function degraded(message: Message, as: Message): PrivateNotice | undefined {
  const pictures = ({ parts }: Message) => parts.filter(({ kind }) => kind === 'image').length;
  const lost = pictures(message) - pictures(as);
  return lost > 0 ? { sentence: 'reply.picturesAsLinks', values: { count: lost } } : undefined;
}

type Picture = Extract<Part, { kind: 'image' }>;

function isToFetch(part: Part): part is Picture {
  return part.kind === 'image' && part.url !== undefined && !part.kept;
}

function shown(part: Picture, { url, name, bytes }: KeptPicture): Picture {
  return { ...part, url, name: part.name ?? name, bytes, kept: true };
}
