import { Cache } from './cache.ts';
import type { Assignee, Conversation } from './conversation.ts';
import { DeskError } from './deskError.ts';
import { disconnected } from './disconnected.ts';
import type { Author } from './message.ts';
import type { ChannelPort, Environment, Records, RootView, ThreadLookup, Versioned } from './ports.ts';
import type { Connection, DeskSettings, OperatorLink, Person } from './settings.ts';

/** How long another process's change of settings may go unseen (ms). */
const SETTINGS_TTL = 5_000;

interface DirectoryParts {
  records: Records;
  channels: ReadonlyMap<string, ChannelPort>;
  env: Environment;
  /** Opens a connection's secrets; none where it has none any more. */
  open(connection: Connection): Record<string, string>;
}

/** Looks up desks, connections and operators, remembering them for a few seconds. */
export class Directory {
  readonly #records: Records;
  readonly #desks: Cache<DeskSettings | undefined>;
  readonly #connections: Cache<Connection | undefined>;
  readonly #links: Cache<OperatorLink[]>;
  readonly #threads: Cache<ThreadLookup | undefined>;
  readonly #digest: Environment['digest'];
  readonly #channels: ReadonlyMap<string, ChannelPort>;
  readonly #open: DirectoryParts['open'];

  constructor({ records, channels, env, open }: DirectoryParts) {
    this.#records = records;
    this.#channels = channels;
    this.#open = open;
    this.#desks = new Cache(env.elapsed, SETTINGS_TTL);
    this.#connections = new Cache(env.elapsed, SETTINGS_TTL);
    this.#links = new Cache(env.elapsed, SETTINGS_TTL);
    this.#threads = new Cache(env.elapsed, Number.POSITIVE_INFINITY);
    this.#digest = env.digest;
  }

  desk(id: string): Promise<DeskSettings | undefined> {
    return this.#desks.get(id, async () => (await this.#records.desks.read(id, id))?.value);
  }

  connection(id: string): Promise<Connection | undefined> {
    return this.#connections.get(id, async () => (await this.#records.connections.read(id, id))?.value);
  }

  /** A conversation's connection as its own desk has it: gone once another team has the account. */
  async connectionOf({ deskId, connectionId }: Conversation): Promise<Connection | undefined> {
    const found = await this.connection(connectionId);
    if (!found || found.deskId === deskId) return found;
    return { ...found, sealed: '', disconnectedAt: found.takenOverAt ?? found.createdAt };
  }

  /** The connections that a desk works with, the one that was set up or changed last first. */
  async connectionsOf(deskId: string): Promise<Connection[]> {
    const found = await this.#records.connections.find({ where: { deskId } });
    return found
      .map(({ value }) => value)
      .filter(({ disconnectedAt }) => disconnectedAt === undefined)
      .sort((a, b) => b.updatedAt - a.updatedAt);
  }

  /** Every Teams channel that a desk's conversations may be in, as far as is known. */
  async roomsOf(deskId: string): Promise<string[]> {
    const desk = await this.desk(deskId);
    const connections = await this.#records.connections.find({ where: { deskId } });
    return [...new Set([deskId, ...(desk?.rooms ?? []), ...connections.map(({ value }) => value.room)])];
  }

  links(deskId: string): Promise<OperatorLink[]> {
    return this.#links.get(deskId, async () =>
      (await this.#records.operators.find({ partition: deskId })).map((found) => found.value),
    );
  }

  /** The link of a person at a desk, or of the operator id that a channel names. */
  async link(deskId: string, by: { personId: string } | { operatorId: string }): Promise<OperatorLink | undefined> {
    const links = await this.links(deskId);
    return links.find((link) =>
      'personId' in by ? link.person.id === by.personId : link.operatorId === by.operatorId,
    );
  }

  /** Who in Teams an assignee is, where that is known. */
  async personOf(deskId: string, { id, person }: Assignee): Promise<Person | undefined> {
    return person ?? (await this.link(deskId, { operatorId: id }))?.person;
  }

  /** A person of the desk as the end user knows them: under the operator they are linked to, else the channel's bot. */
  async authorOf(deskId: string, person: Person): Promise<Author> {
    const link = await this.link(deskId, { personId: person.id });
    return { kind: 'operator', id: link?.operatorId, name: link?.operatorName ?? person.name };
  }

  /** Whether a text holds one of the connection's secrets: it must not reach an end user. */
  holdsSecret(connection: Connection, text: string): boolean {
    return Object.values(this.#open(connection)).some((secret) => secret !== '' && text.includes(secret));
  }

  channel(name: string): ChannelPort {
    const channel = this.#channels.get(name);
    if (!channel) throw new DeskError('channel.unknown', { channel: name });
    return channel;
  }

  /** The names of all channels there are. */
  channels(): string[] {
    return [...this.#channels.keys()];
  }

  /** A thread leads to no conversation any more. */
  async forgetThread(threadId: string): Promise<void> {
    const key = this.#digest(threadId);
    await this.#records.threads.remove(key, key);
    this.#threads.forget(key);
  }

  forgetDesk(id: string): void {
    this.#desks.forget(id);
    this.#links.forget(id);
  }

  forgetConnection(id: string): void {
    this.#connections.forget(id);
  }

  /** The conversation that a thread of a Teams channel shows, if it is one. */
  async conversationOf(threadId: string): Promise<Versioned<Conversation> | undefined> {
    const key = this.#digest(threadId);
    const lookup = await this.#threads.get(key, async () => (await this.#records.threads.read(key, key))?.value);
    if (!lookup) {
      // Only what was found stays true for good.
      this.#threads.forget(key);
      return undefined;
    }
    return this.#records.conversations.read(lookup.conversationId, lookup.conversationId);
  }

  /** Everything needed to act for a conversation; rejects when its desk or connection is no longer there. */
  async contextOf(
    conversation: Conversation,
  ): Promise<{ desk: DeskSettings; connection: Connection; channel: ChannelPort }> {
    const [desk, connection] = await Promise.all([this.desk(conversation.deskId), this.connectionOf(conversation)]);
    if (!desk) throw new DeskError('desk.unknown');
    if (!connection) throw new DeskError('desk.notConnected');
    const channel = this.channel(connection.channel);
    return { desk, connection, channel: connection.disconnectedAt === undefined ? channel : disconnected(channel) };
  }

  /** What the card at the root of a conversation's thread shows now. */
  async rootView(conversation: Conversation): Promise<RootView> {
    const { desk, connection, channel } = await this.contextOf(conversation);
    const assigneePerson = conversation.assignee && (await this.personOf(desk.id, conversation.assignee));
    return {
      desk,
      conversation,
      channel: connection.channel,
      consoleUrl: channel.consoleUrl?.(connection, conversation.endUser),
      hasHistory: channel.history !== undefined,
      assigneePerson,
    };
  }

  /** Changes a conversation, again on top of the newest version when somebody else was quicker. */
  async changeConversation(
    id: string,
    change: (conversation: Conversation) => Conversation,
  ): Promise<Versioned<Conversation>> {
    for (;;) {
      const found = await this.#records.conversations.read(id, id);
      if (!found) throw new DeskError('conversation.unknown');
      const changed = change(found.value);
      if (changed === found.value) return found;
      const written = await this.#records.conversations.replace(changed, found.version);
      if (written) return written;
    }
  }

  /** The same for a desk's settings. */
  async changeDesk(id: string, change: (desk: DeskSettings) => DeskSettings): Promise<DeskSettings> {
    for (;;) {
      const found = await this.#records.desks.read(id, id);
      if (!found) throw new DeskError('desk.unknown');
      const changed = change(found.value);
      const written = changed === found.value ? found : await this.#records.desks.replace(changed, found.version);
      if (written) {
        this.forgetDesk(id);
        return written.value;
      }
    }
  }
}
