import type { Conversation } from './conversation.ts';
import { isSaid, type Message } from './message.ts';
import type { Records } from './ports.ts';

/** Notices and assignments stand between messages; this far back one is surely found. */
const LOOKED_THROUGH = 20;

/** What was said last in a conversation, by the end user or to them and arrived, and when it came in here (Unix ms). */
export async function lastSaid(
  { deliveries }: Records,
  { id, room, movedFrom }: Conversation,
): Promise<{ message: Message; at: number } | undefined> {
  const here = await lastIn(room, id, deliveries);
  if (!movedFrom || (here && here.at >= movedFrom.at)) return here;
  // What was said before it moved lies where it was then, and it may have been here before.
  const all = [here, ...(await Promise.all(movedFrom.rooms.map((each) => lastIn(each, id, deliveries))))];
  return all.reduce((last, one) => (one && (!last || one.order > last.order) ? one : last));
}

async function lastIn(
  partition: string,
  conversationId: string,
  deliveries: Records['deliveries'],
): Promise<{ message: Message; at: number; order: number } | undefined> {
  const found = await deliveries.find({
    partition,
    where: { conversationId },
    order: 'descending',
    limit: LOOKED_THROUGH,
  });
  for (const { value } of found) {
    // What the desk says by itself is no turn of the talk.
    if (value.content.type !== 'message' || value.content.message.author.kind === 'bot') continue;
    if (!isSaid(value.content.message)) continue;
    if (value.toward === 'teams' || value.state === 'delivered')
      return { message: value.content.message, at: value.createdAt, order: value.order };
  }
  return undefined;
}
