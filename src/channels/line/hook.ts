import { z } from 'zod';

const id = z.string().min(1).max(200);

const envelope = z.looseObject({ destination: z.string(), events: z.array(z.unknown()).max(1_000) });

const event = z.looseObject({
  type: z.string(),
  mode: z.string().optional(),
  timestamp: z.number().int().nonnegative(),
  webhookEventId: id,
  deliveryContext: z.looseObject({ isRedelivery: z.boolean() }).optional(),
  source: z.looseObject({ type: z.string(), userId: id.optional() }).optional(),
});

const message = z.looseObject({ id, type: z.string(), markAsReadToken: z.string().max(1_000).optional() });

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
  again: boolean;
  /** Another program is talking with the customer: nothing may be sent. */
  standby: boolean;
  userId?: string;
  happening: LineHappening;
}

/** Reads a parsed body into its events in the order in which they happened, or says (`undefined`) that it does not have the documented shape. */
export function readHook(body: unknown): { destination: string; events: LineEvent[] } | undefined {
  const outer = envelope.safeParse(body);
  if (!outer.success) return undefined;
  const events = outer.data.events.map(eventIn);
  if (!events.every((one) => one !== undefined)) return undefined;
  return { destination: outer.data.destination, events: events.toSorted((a, b) => a.at - b.at) };
}

function eventIn(value: unknown): LineEvent | undefined {
  const read = event.safeParse(value);
  if (!read.success) return undefined;
  const { type, mode, timestamp, webhookEventId, deliveryContext, source } = read.data;
  const happening = happeningIn(type, read.data);
  return (
    happening && {
      id: webhookEventId,
      at: timestamp,
      again: deliveryContext?.isRedelivery ?? false,
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
