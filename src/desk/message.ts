/**
 * A piece of what somebody said. Channels that lack a kind of part degrade it with a stated loss. `url` is where its sender keeps it; of a picture that is
 * `kept` here, it is a link of ours. `previewUrl` is a smaller form of it, `duration` how long it plays (ms). An `event` is nothing that was said: `detail` tells more of it.
 */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'image'; url?: string; previewUrl?: string; name?: string; bytes?: number; kept?: boolean }
  | { kind: 'file' | 'audio' | 'video'; url?: string; name?: string; bytes?: number; duration?: number; kept?: boolean }
  | { kind: 'location'; latitude: number; longitude: number; label?: string }
  | { kind: 'sticker'; id: string; label?: string }
  | { kind: 'event'; name: string; detail?: string };

/** Who said it: the end user, a person who answers, or the channel's bot. `id` is the channel's own id of that operator. */
export interface Author {
  kind: 'endUser' | 'operator' | 'bot';
  id?: string;
  name?: string;
}

/**
 * Something one side said. `at` is when the source says it was said (Unix ms); `pageUrl` the page an end user was on. `id` is the channel's own id of it,
 * by which the channel may take it back; `readMark` is what tells the channel that it was read.
 */
export interface Message {
  id?: string;
  readMark?: string;
  author: Author;
  parts: Part[];
  at: number;
  pageUrl?: string;
  /** Set when a long text was split: which piece this is, counted from 1. */
  piece?: { number: number; of: number };
}

/** Whether something was said; that the end user blocked the account, say, only happened. */
export function isSaid({ parts }: Message): boolean {
  return parts.some(({ kind }) => kind !== 'event');
}

/** The text of a message as one string, parts without text left out; what logs and look-ups never see, and people do. */
export function textOf(message: Message): string {
  return message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}
