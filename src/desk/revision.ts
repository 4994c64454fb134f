import type { Delivery } from './delivery.ts';
import { type Message, textOf } from './message.ts';
import type { Failure } from './outcome.ts';

/** Why a message in Teams is no longer meant for the end user: it was deleted, became a note or a command or lost its mention, or holds a secret. */
export type Gone = 'deleted' | 'notReply' | 'secret';

/**
 * What a reply's own message in Teams became after it was written: the words it has now, or why it has none for the end user. `at`: when,
 * as Teams says (Unix ms). Revisions of a delivery are counted from 1; 0 = it was never heard of before, and nobody need be told.
 */
export interface Revision {
  number: number;
  at: number;
  text?: string;
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
  const known = revision ?? { text: textOf(content.message) };
  if (change.text === known.text && change.gone === revision?.gone) return delivery;
  return applied({ ...delivery, revision: { ...change, number: (revision?.number ?? 0) + 1 } });
}

/**
 * Lets a revision take effect where it is certain that the end user has nothing of the message: the new words go out in place of the old
 * ones, or nothing does. What was called off before is asked about. Otherwise the revision stands beside the words that may have been sent.
 */
export function applied(delivery: Delivery): Delivery {
  const { revision, content, state } = delivery;
  if (!revision || content.type !== 'message' || !isUnsent(delivery)) return delivery;
  if (revision.text === undefined) return { ...delivery, state: 'discarded' };
  const changed = {
    ...delivery,
    content: { ...content, message: withText(content.message, revision.text), as: undefined },
  };
  return state === 'discarded' ? { ...changed, state: 'parked', failure: AFTER_EDIT } : changed;
}

/** Whether the words that went out, or may have, are not those that the message has now. White space is no word. */
export function isBehind({ revision, content }: Delivery): boolean {
  if (!revision || content.type !== 'message') return false;
  return revision.text === undefined || bare(revision.text) !== bare(textOf(content.message));
}

/** Whether it is certain that the end user has nothing of it. */
export function isUnsent({ state, claimedAt, failure }: Delivery): boolean {
  if (state === 'open') return claimedAt === undefined;
  return state !== 'delivered' && failure?.kind !== 'unknown';
}

export function withText(message: Message, text: string): Message {
  const words = text === '' ? [] : [{ kind: 'text' as const, text }];
  return { ...message, parts: [...words, ...message.parts.filter(({ kind }) => kind !== 'text')] };
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
