import type { Delivery } from './delivery.ts';
import type { SentPicture } from './intake.ts';
import { type Message, type Part, textOf } from './message.ts';
import type { Failure } from './outcome.ts';

/** Why a message in Teams is no longer meant for the end user: it was deleted, became a note or a command or lost its mention, or holds a secret. */
export type Gone = 'deleted' | 'notReply' | 'secret';

/**
 * What a reply's own message in Teams became after it was written: the words it has now, or why it has none for the end user. `typed`: by what all of its words
 * are known again, marks and commands among them; `pictures` those that it has now, missing where the edit says nothing about them. `at`: when, as Teams says (Unix ms). Revisions of a
 * delivery are counted from 1; 0 = it was never heard of before, and nobody need be told.
 */
export interface Revision {
  number: number;
  at: number;
  text?: string;
  typed?: string;
  pictures?: SentPicture[];
  gone?: Gone;
}

/** A change at the source, as it arrives. */
export type Change = Omit<Revision, 'number'>;

/** Words that came in by an edit go out only when a person says so. */
export const AFTER_EDIT: Failure = { kind: 'refused', code: 'delivery.afterEdit', transient: false };

/**
 * The delivery after a change at its source; the same object when the change says nothing new: it came twice, late, or changes no word.
 */
export function revised(delivery: Delivery, change: Change): Delivery {
  const { revision, content } = delivery;
  if (content.type !== 'message' || (revision && change.at < revision.at)) return delivery;
  const meant = meantBy(change, content);
  const known = revision ?? { text: textOf(content.message) };
  const sameWords = meant.text === known.text && meant.gone === revision?.gone;
  if (sameWords && !hasOtherPictures(meant, picturesOf(delivery))) return delivery;
  return applied({ ...delivery, revision: { ...meant, number: (revision?.number ?? 0) + 1 } });
}

/**
 * A reply may have other words than its message: a canned one is called by its name there, and what looked like a command was sent by a press. As long as
 * these are typed there, what was sent is what is meant: Teams reports an edit for much that changes no word, such as a link that got its preview.
 */
function meantBy(
  change: Change,
  { message, typed, wordsOnly }: Extract<Delivery['content'], { type: 'message' }>,
): Change {
  const pictures = wordsOnly ? undefined : change.pictures;
  if (typed === undefined || change.typed !== typed) return { ...change, pictures };
  return { ...change, pictures, text: textOf(message), gone: undefined };
}

/**
 * Lets a revision take effect where it is certain that the end user has nothing of the message: the new words go out in place of the old
 * ones, or nothing does. What was called off before is asked about. Otherwise the revision stands beside the words that may have been sent.
 */
export function applied(delivery: Delivery): Delivery {
  const { revision, content, state } = delivery;
  if (!revision || content.type !== 'message' || !isUnsent(delivery)) return delivery;
  if (revision.text === undefined) return { ...delivery, state: 'discarded' };
  const message = asRevised(content.message, revision);
  const changed = { ...delivery, content: { ...content, message, as: undefined, typed: revision.typed } };
  return state === 'discarded' ? { ...changed, state: 'parked', failure: AFTER_EDIT } : changed;
}

/** Whether what went out, or may have, is not what the message has now. */
export function isBehind(delivery: Delivery): boolean {
  const { revision, content } = delivery;
  if (!revision || content.type !== 'message') return false;
  return hasOtherWords(delivery) || hasOtherPictures(revision, content.message.parts.filter(isPicture).length);
}

/** Whether the words that went out, or may have, are others than those of now. White space is no word. */
export function hasOtherWords({ revision, content }: Delivery): boolean {
  if (!revision || content.type !== 'message') return false;
  return revision.text === undefined || bare(revision.text) !== bare(textOf(content.message));
}

/** Whether it is certain that the end user has nothing of it. */
export function isUnsent({ state, claimedAt, failure }: Delivery): boolean {
  if (state === 'open') return claimedAt === undefined;
  return state !== 'delivered' && failure?.kind !== 'unknown';
}

/** A message in the words of a revision, and with the pictures that it names, if any. */
export function asRevised(message: Message, { text = '', pictures }: Pick<Revision, 'text' | 'pictures'>): Message {
  const words = text === '' ? [] : [{ kind: 'text' as const, text }];
  const others = pictures
    ? [...message.parts.filter((part) => part.kind !== 'text' && !isPicture(part)), ...pictures.map(pictureIn)]
    : message.parts.filter(({ kind }) => kind !== 'text');
  return { ...message, parts: [...words, ...others] };
}

function pictureIn({ url, name }: SentPicture): Part {
  return { kind: 'image', url, name };
}

function isPicture({ kind }: Part): boolean {
  return kind === 'image';
}

/** How many pictures its message is known to have. */
function picturesOf({ revision, content }: Delivery): number {
  if (revision?.pictures) return revision.pictures.length;
  return content.type === 'message' ? content.message.parts.filter(isPicture).length : 0;
}

/**
 * Whether the message has more or fewer pictures than that. Whether an edit brings pictures along is not documented: one without any says nothing. Nor is it whether they keep
 * their addresses, so that as many as before count as the same.
 */
function hasOtherPictures({ pictures = [] }: Pick<Revision, 'pictures'>, count: number): boolean {
  return pictures.length > 0 && pictures.length !== count;
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
