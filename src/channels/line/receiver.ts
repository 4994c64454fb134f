import { DeskError } from '../../desk/deskError.ts';
import type { Happening, Incoming } from '../../desk/intake.ts';
import type { Connection } from '../../desk/settings.ts';
import { type FindConnection, type Hook, jsonIn } from '../channel.ts';
import { partsOf } from './content.ts';
import { type LineEvent, type LineHappening, readHook } from './hook.ts';
import type { LineParts } from './line.ts';
import { isSigned } from './signature.ts';

/** Turns LINE's hooks into what the desk understands. The address names the connection: what stands in the body proves nothing before it is verified. */
export class Receiver {
  readonly #parts: LineParts;
  /** When each connection's last genuine hook came in (Unix ms), as far as this process knows. */
  readonly #heard = new Map<string, number>();

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  async receive(hook: Hook, find: FindConnection): Promise<Incoming[]> {
    const { headers, body } = hook;
    const connection = await find();
    if (!connection) throw new DeskError('hook.unknownAccount');
    const signature = headers['x-line-signature'];
    const secret = this.#parts.secrets(connection).channelSecret ?? '';
    if (typeof signature !== 'string' || secret === '' || !isSigned(secret, body, signature))
      throw new DeskError('hook.badSignature');
    this.#heard.set(connection.id, this.#parts.now());
    const read = readHook(jsonIn(hook));
    if (!read) throw new DeskError('hook.badShape');
    // Signed with this account's secret, so that it is genuine: what it names may be new.
    if (connection.settings.userId && read.destination !== connection.settings.userId)
      this.#parts.log.warn(
        { connectionId: connection.id },
        'a hook names another account than the one that was checked',
      );
    if (read.odd > 0)
      this.#parts.log.warn(
        { connectionId: connection.id, events: read.odd },
        'events without the documented shape were left out of a hook',
      );
    return read.events.flatMap((event) => this.#incoming(event, connection));
  }

  /** How long ago this process was sent a genuine hook of this connection (ms). */
  heardAgo({ id }: Connection): number | undefined {
    const at = this.#heard.get(id);
    return at === undefined ? undefined : Math.max(0, this.#parts.now() - at);
  }

  #incoming(event: LineEvent, connection: Connection): Incoming[] {
    const { id: eventId, userId, standby, at } = event;
    const happening = happeningOf(event.happening, at);
    if (!userId || standby || !happening) {
      const kind = event.happening.kind === 'other' ? event.happening.name : event.happening.kind;
      this.#parts.log.info(
        { connectionId: connection.id, event: kind, standby },
        'an event that the desk does not use',
      );
      return [];
    }
    return [{ eventId, connection, endUser: { key: userId, userId }, happening }];
  }
}

function happeningOf(happening: LineHappening, at: number): Happening | undefined {
  const author = { kind: 'endUser' } as const;
  switch (happening.kind) {
    case 'message': {
      const { id, markAsReadToken: readMark } = happening.message;
      const parts = partsOf(happening.message);
      return { type: 'message', message: { id, ...(readMark ? { readMark } : {}), author, parts, at } };
    }
    case 'unsend':
      return { type: 'unsent', messageId: happening.messageId, at };
    case 'following':
      return { type: 'following', follows: happening.follows, at };
    case 'postback':
      return {
        type: 'message',
        message: { author, parts: [{ kind: 'event', name: 'postback', detail: happening.data }], at },
      };
    case 'other':
      return undefined;
  }
}
