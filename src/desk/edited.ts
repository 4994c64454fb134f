import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import type { Records, ThreadPost } from './ports.ts';
import { asRevised, type Gone, hasOtherWords, isBehind, isUnsent } from './revision.ts';
import { whereaboutsOf } from './whereabouts.ts';

/** What there is to say of a reply whose own message in Teams was edited or deleted. */
export interface Edited {
  delivery: { lane: string; id: string };
  /** Which revision it is about. */
  number: number;
  /** What the end user has of it: nothing, the old words, or perhaps those. */
  has: 'nothing' | 'old' | 'perhaps';
  old: Message;
  /** The words of now. Without them there is nothing that could be sent. */
  text?: string;
  /** It has other pictures than those that went out, or may have. */
  pictures?: boolean;
  gone?: Gone;
}

/** What is posted about it; a parked one is shown anew, with its buttons. */
export type Said = Extract<ThreadPost, { type: 'edited' | 'failure' }>;

/** What is known now: something to say, nothing (any more), or how long to wait until it is known (ms). */
export type Telling = { said: Said } | 'nothing' | { wait: number };

/** How long to wait at least, and at most, until a send under way, or a reply on its way to another lane, is asked about again (ms). */
const SOON = 300;
const LATER = 30_000;

/**
 * Decides what a stored notice of an edit has to say: only when it is its turn, for by then the reply may have gone out, in the old words or
 * the new ones, or a newer edit may have a notice of its own.
 */
export async function tellingOf(
  notice: Delivery,
  deliveries: Pick<Records['deliveries'], 'read'>,
  now: number,
): Promise<Telling> {
  if (notice.content.type !== 'edited') return 'nothing';
  const { deliveryId, number, lane = notice.lane } = notice.content;
  const later = { wait: Math.max(SOON, Math.min((now - notice.createdAt) / 4, LATER)) };
  // Its conversation may have moved since, more than once, and the reply went along as long as it was open.
  const found = await whereaboutsOf(deliveryId, [lane], deliveries);
  if (found === 'onItsWay') return later;
  if (!found || found.value.revision?.number !== number) return 'nothing';
  const reply = found.value;
  if (reply.state === 'open' && !isUnsent(reply)) return later;
  const said = saidOf(reply);
  return said ? { said } : 'nothing';
}

function saidOf(reply: Delivery): Said | undefined {
  const { id, lane, content, state, revision, failure, toward, createdAt: since } = reply;
  if (content.type !== 'message' || !revision) return undefined;
  const delivery = { lane, id };
  const { text, gone, number } = revision;
  const edited = (has: Edited['has']): Said => ({
    type: 'edited',
    edited: {
      delivery,
      number,
      has,
      old: content.message,
      text: hasOtherWords(reply) ? text : undefined,
      gone,
      pictures: !hasOtherWords(reply) || undefined,
    },
  });
  if (state === 'parked' && failure && text !== undefined) {
    const message = asRevised(content.message, revision);
    return { type: 'failure', delivery, failure, message, toward, since, edited: true };
  }
  if (state === 'discarded' && isUnsent(reply)) return gone ? edited('nothing') : undefined;
  if (state === 'open' || !isBehind(reply)) return undefined;
  return edited(state === 'delivered' ? 'old' : 'perhaps');
}
