import type { EndUser } from '../../desk/conversation.ts';
import { DeskError } from '../../desk/deskError.ts';
import type { Incoming } from '../../desk/intake.ts';
import type { Connection } from '../../desk/settings.ts';
import { type FindConnection, type Hook, jsonIn } from '../channel.ts';
import { addressesIn, partsOf } from './content.ts';
import { asTyped } from './harmless.ts';
import { type KarteHook, readHook } from './hook.ts';
import type { KarteParts } from './karte.ts';
import { roomWish } from './metadata.ts';
import { isFresh, isSigned } from './signature.ts';

/** Turns KARTE's hooks into what the desk understands: find the project, verify the raw bytes, then look at the shape. */
export class Receiver {
  readonly #parts: KarteParts;
  readonly #placesSeen = new Set<string>();
  /** When each connection's last genuine hook came in (Unix ms), as far as this process knows. */
  readonly #heard = new Map<string, number>();

  constructor(parts: KarteParts) {
    this.#parts = parts;
  }

  async receive(hook: Hook, find: FindConnection): Promise<Incoming[]> {
    const body = jsonIn(hook);
    const connection = await find(accountOf(body));
    if (!connection) throw new DeskError('hook.unknownAccount');
    this.#verify(hook, connection);
    this.#heard.set(connection.id, this.#parts.now());
    const read = readHook(body);
    if (!read) throw new DeskError('hook.badShape');
    return this.#incoming(read, body, connection);
  }

  /** How long ago this process was sent a genuine hook of this connection (ms). */
  heardAgo({ id }: Connection): number | undefined {
    const at = this.#heard.get(id);
    return at === undefined ? undefined : Math.max(0, this.#parts.now() - at);
  }

  #verify({ headers, body }: Hook, connection: Connection): void {
    const signature = headers['x-karte-signature'];
    const timestamp = headers['x-karte-request-timestamp'];
    if (typeof signature !== 'string' || typeof timestamp !== 'string') throw new DeskError('hook.badSignature');
    const secret = this.#parts.secrets(connection).clientSecret ?? '';
    if (secret === '' || !isSigned(secret, timestamp, body, signature)) throw new DeskError('hook.badSignature');
    if (!isFresh(timestamp, this.#parts.now())) throw new DeskError('hook.stale');
  }

  #incoming(hook: KarteHook, body: unknown, connection: Connection): Incoming[] {
    if (hook.event === 'other') {
      this.#parts.log.info(
        { connectionId: connection.id, event: hook.name },
        'a hook of a kind that the desk does not use',
      );
      return [];
    }
    const endUser = endUserOf(hook);
    const { eventId, happening } =
      hook.event === 'talk/assignee/assign' ? this.#assignment(hook, endUser) : this.#message(hook, endUser);
    if (happening.type === 'message' && happening.message.parts.length === 0) return [];
    return [{ eventId, connection, endUser, happening, room: this.#wish(body, connection) }];
  }

  #message(
    hook: Extract<KarteHook, { event: `talk/message/${string}` }>,
    endUser: EndUser,
  ): Pick<Incoming, 'eventId' | 'happening'> {
    const { data, extra, event } = hook;
    const spokenByUser = event === 'talk/message/sendFromUser';
    const at = Date.parse(data.date ?? '') || this.#parts.now();
    const author = spokenByUser
      ? { kind: 'endUser' as const, name: endUser.name }
      : {
          kind: 'operator' as const,
          id: data.account_id || data.sender_id || undefined,
          name: data.profile_name || undefined,
        };
    const eventId =
      hook.id ??
      this.#fallbackId(event, endUser, [
        data.date,
        data.content.text,
        addressesIn(data.content.image)[0] ?? Boolean(data.content.image),
      ]);
    const { text } = data.content;
    const parts = partsOf({ ...data.content, text: spokenByUser ? text : asTyped(text ?? '') });
    return {
      eventId,
      happening: {
        type: 'message',
        message: { author, parts, at, pageUrl: extra.access_uri?.url ?? undefined },
      },
    };
  }

  #assignment(
    hook: Extract<KarteHook, { event: 'talk/assignee/assign' }>,
    endUser: EndUser,
  ): Pick<Incoming, 'eventId' | 'happening'> {
    const { operator } = hook.data;
    const assignee = operator.id
      ? { id: operator.id, name: operator.profile_name || undefined, isBot: operator.is_bot ?? false }
      : undefined;
    // Without an id and a date a repeat can't be told from a new assignment; both leave the same assignee.
    const eventId = hook.id ?? this.#fallbackId(hook.event, endUser, [assignee?.id, this.#parts.now()]);
    return { eventId, happening: { type: 'assignee', assignee } };
  }

  #fallbackId(event: string, endUser: EndUser, rest: unknown[]): string {
    return this.#parts.digest(JSON.stringify([event, endUser.key, ...rest]));
  }

  #wish(body: unknown, connection: Connection): string | undefined {
    const wish = roomWish(body);
    if (!wish) return undefined;
    const seen = `${connection.id} ${wish.place}`;
    if (!this.#placesSeen.has(seen)) {
      this.#placesSeen.add(seen);
      this.#parts.log.info({ connectionId: connection.id, place: wish.place }, 'the widget metadata was found here');
    }
    return wish.room;
  }
}

function accountOf(body: unknown): string {
  const account = typeof body === 'object' && body !== null ? (body as { api_key?: unknown }).api_key : undefined;
  return typeof account === 'string' ? account : '';
}

/** Members are known by `user_id`, visitors by `visitor_id`; assign hooks name either in `extra.user_id`. */
function endUserOf({ data, extra }: Exclude<KarteHook, { event: 'other' }>): EndUser {
  const userId = data.user_id || undefined;
  const visitorId = data.visitor_id || extra.visitor_id || undefined;
  const key = userId ?? (extra.user_id || visitorId);
  if (!key) throw new DeskError('hook.badShape');
  return { key, userId, visitorId };
}
