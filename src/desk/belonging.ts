import { Cache } from './cache.ts';
import type { Conversation, EndUser } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { Environment, Records, Versioned } from './ports.ts';
import type { Connection } from './settings.ts';

interface Parts {
  records: Pick<Records, 'conversations' | 'threads'>;
  env: Environment;
  directory: Directory;
}

/** Runs work in its turn among all that comes in for one conversation. */
type InTurn = <T>(conversationId: string, work: () => Promise<T>) => Promise<T>;

type Found = Promise<Versioned<Conversation> | undefined>;

/**
 * Which conversation an end user's words belong to. A visitor who signs in keeps theirs: the hook has to name both ids, and the visitor must not
 * have become somebody else before (a device that people share). It is settled once for each member, by an insert if absent, and is so for good.
 */
export class Belonging {
  readonly #parts: Parts;
  readonly #inTurn: InTurn;
  /** By the id that their own conversation would have: which one members go on in. */
  readonly #led: Cache<string>;

  constructor(parts: Parts, inTurn: InTurn) {
    this.#parts = parts;
    this.#inTurn = inTurn;
    this.#led = new Cache(parts.env.elapsed, Number.POSITIVE_INFINITY);
  }

  /** The id of the conversation that this key has unless it goes on in another one. */
  idOf(connection: Connection, key: string): string {
    return conversationIdOf(connection, key, this.#parts.env);
  }

  /** The conversation of whoever the channel knows by this key, if there is one. */
  async find(connection: Connection, key: string): Found {
    const own = this.idOf(connection, key);
    const led = await this.#ledFrom(own);
    if (led) return led;
    return (await this.#read(own)) ?? this.#goneOn(own, key);
  }

  /**
   * The conversation that an end user writes into; `undefined`: it is to be opened, under {@link idOf} their key. Whoever has one of their own keeps it.
   */
  async settle(connection: Connection, endUser: EndUser): Found {
    const own = this.idOf(connection, endUser.key);
    const led = await this.#ledFrom(own);
    if (led) return led;
    const found = await this.#read(own);
    if (found || endUser.userId === undefined) return found;
    const visitor = endUser.visitorId === undefined ? own : this.idOf(connection, endUser.visitorId);
    // What the visitor has said before comes first.
    return visitor === own
      ? this.#claim(own, own, endUser)
      : this.#inTurn(visitor, () => this.#claim(own, visitor, endUser));
  }

  /** The conversation that this one's end user goes on in, unless it was deleted meanwhile: then they begin anew. */
  async #ledFrom(own: string): Found {
    const led = await this.#led.peek(own);
    const found = led === undefined ? undefined : await this.#read(led);
    if (led !== undefined && !found) this.#led.forget(own);
    return found;
  }

  async #claim(own: string, visitor: string, endUser: EndUser): Found {
    const { records, env } = this.#parts;
    const begun = visitor === own ? undefined : await this.#read(visitor);
    if (begun && begun.value.endUser.userId === endUser.userId) return this.#remember(own, begun);
    const wanted = begun && isVisitors(begun.value, endUser) ? visitor : own;
    const id = this.#lookupId(own);
    const claimed = await records.threads.insert({ id, conversationId: wanted });
    await env.step?.('member.claimed');
    const settled = claimed ? wanted : (await records.threads.read(id, id))?.value.conversationId;
    return settled === undefined || settled === own ? undefined : this.#join(own, settled, endUser);
  }

  /** The visitor's conversation becomes the member's, unless another member was quicker: it is theirs then, and this one's is to be opened. */
  async #join(own: string, visitor: string, endUser: EndUser): Found {
    const { directory, env } = this.#parts;
    const { key, userId = key } = endUser;
    const joined = await directory.changeConversation(visitor, (current) => {
      if (current.endUser.userId !== undefined) return current;
      return {
        ...current,
        endUser: {
          ...current.endUser,
          ...endUser,
          name: endUser.name ?? current.endUser.name,
          visitorId: current.endUser.key,
        },
        edition: (current.edition ?? 0) + 1,
        toSay: { kind: 'becameMember', userId },
      };
    });
    await env.step?.('member.joined');
    return joined.value.endUser.userId === userId ? this.#remember(own, joined) : undefined;
  }

  async #goneOn(own: string, key: string): Found {
    const id = this.#lookupId(own);
    const lookup = await this.#parts.records.threads.read(id, id);
    if (!lookup || lookup.value.conversationId === own) return undefined;
    const found = await this.#read(lookup.value.conversationId);
    return found?.value.endUser.userId === key ? this.#remember(own, found) : undefined;
  }

  async #remember(own: string, found: Versioned<Conversation>): Promise<Versioned<Conversation>> {
    await this.#led.get(own, async () => found.value.id);
    return found;
  }

  #lookupId(own: string): string {
    return memberIdOf(own, this.#parts.env);
  }

  #read(id: string): Found {
    return this.#parts.records.conversations.read(id, id);
  }
}

/** The id of the conversation that is begun with whoever has this key. A team that took the account over begins with everybody anew. */
export function conversationIdOf(
  { id, takenOverAt }: Pick<Connection, 'id' | 'takenOverAt'>,
  key: string,
  { digest }: Pick<Environment, 'digest'>,
): string {
  return digest(takenOverAt === undefined ? `${id}\n${key}` : `${id}\n${takenOverAt}\n${key}`);
}

/** Under what it is settled which conversation a member goes on in; `own`: the id of their own. */
export function memberIdOf(own: string, { digest }: Pick<Environment, 'digest'>): string {
  return digest(`member\n${own}`);
}

/** Whether it is still the visitor's alone. */
function isVisitors({ endUser }: Conversation, { visitorId }: EndUser): boolean {
  return endUser.userId === undefined && endUser.key === visitorId;
}
