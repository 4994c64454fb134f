import { z } from 'zod';

const id = z.string().min(1).max(200);

const envelope = z.looseObject({ destination: z.string(), events: z.array(z.unknown()).max(1_000) });

const event = z.looseObject({
  type: z.string(),
  mode: z.string().optional(),
  timestamp: z.number().int().nonnegative(),
  webhookEventId: id,
  source: z.looseObject({ type: z.string(), userId: id.optional() }).optional(),
});

/** How long a mark can be is not documented: one that is too long to be kept with each message is left out. */
const mark = z.string().min(1).max(2_000).optional().catch(undefined);

const message = z.looseObject({ id, type: z.string(), markAsReadToken: mark });

/** A message of a customer, with whatever its kind carries beside. */
export type LineMessage = z.infer<typeof message>;

/** What an event of a customer is, as far as the desk uses it. `other`: a kind that it does not use, perhaps a new one. */
export type LineHappening =
  | { kind: 'message'; message: LineMessage }
  | { kind: 'unsend'; messageId: string }
  | { kind: 'following'; follows: boolean }
  | { kind: 'postback'; data: string }
  | { kind: 'other'; name: string };

/** One event. Without `userId` it is of a group, a room or nobody in particular. */
export interface LineEvent {
  id: string;
  /** When it happened (Unix ms), also when it is delivered once more. */
  at: number;
  /** Another program is talking with the customer: nothing may be sent. */
  standby: boolean;
  userId?: string;
  happening: LineHappening;
}

/** A genuine hook: its events in the order in which they happened, and how many more it has that do not have the documented shape. */
export interface LineHook {
  destination: string;
  events: LineEvent[];
  odd: number;
}

/**
 * Reads a parsed body, or says (`undefined`) that nothing in it has the documented shape. An odd event takes nothing from the others, which may be of other
 * customers: LINE would send them again in the same company.
 */
export function readHook(body: unknown): LineHook | undefined {
  const outer = envelope.safeParse(body);
  if (!outer.success) return undefined;
  const events = outer.data.events.flatMap((one) => eventIn(one) ?? []);
  const odd = outer.data.events.length - events.length;
  if (odd > 0 && events.length === 0) return undefined;
  return { destination: outer.data.destination, events: events.toSorted((a, b) => a.at - b.at), odd };
}

function eventIn(value: unknown): LineEvent | undefined {
  const read = event.safeParse(value);
  if (!read.success) return undefined;
  const { type, mode, timestamp, webhookEventId, source } = read.data;
  const happening = happeningIn(type, read.data);
  return (
    happening && {
      id: webhookEventId,
      at: timestamp,
      standby: mode === 'standby',
      userId: source?.type === 'user' ? source.userId : undefined,
      happening,
    }
  );
}

/** Kinds and properties that are not known are no mistake: LINE adds some unannounced. */
function happeningIn(type: string, fields: Record<string, unknown>): LineHappening | undefined {
  switch (type) {
    case 'message': {
      const read = message.safeParse(fields.message);
      return read.success ? { kind: 'message', message: read.data } : undefined;
    }
    case 'unsend': {
      const read = z.looseObject({ messageId: id }).safeParse(fields.unsend);
      return read.success ? { kind: 'unsend', messageId: read.data.messageId } : undefined;
    }
    case 'follow':
      return { kind: 'following', follows: true };
    case 'unfollow':
      return { kind: 'following', follows: false };
    case 'postback': {
      const read = z.looseObject({ data: z.string().max(1_000) }).safeParse(fields.postback);
      return read.success ? { kind: 'postback', data: read.data.data } : undefined;
    }
    default:
      return { kind: 'other', name: type.slice(0, 100) };
  }
}
