import type { Delivery } from './delivery.ts';
import { type Message, textOf } from './message.ts';
import { LONGEST } from './pieces.ts';

/** How many messages one post holds at most. */
const MOST = 20;

/** Whether this may share a post with its neighbours: plain words of the end user, whole. */
export function isMergeable({ toward, content }: Delivery): boolean {
  if (toward !== 'teams' || content.type !== 'message') return false;
  const { author, parts, piece } = content.message;
  return author.kind === 'endUser' && piece === undefined && parts.every(({ kind }) => kind === 'text');
}

/** How many of these, from the first on, go into one post. At least one. */
export function fitting(deliveries: readonly Delivery[]): number {
  let length = 0;
  for (const [at, delivery] of deliveries.entries()) {
    if (!isMergeable(delivery) || at === MOST) return Math.max(1, at);
    if (delivery.content.type === 'message') length += textOf(delivery.content.message).length;
    // A line break stands between any two.
    if (length + at > LONGEST) return Math.max(1, at);
  }
  return Math.max(1, deliveries.length);
}

/** Several messages as one: each keeps its own paragraph. */
export function merged(messages: readonly [Message, ...Message[]]): Message {
  return { ...messages[0], parts: messages.flatMap(({ parts }) => parts) };
}
