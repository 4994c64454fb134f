import type { Assignee, Conversation, EndUser } from './conversation.ts';
import type { Content, Delivery, Source, Toward } from './delivery.ts';
import type { Directory } from './directory.ts';
import { KeyedQueue } from './keyedQueue.ts';
import type { Lanes } from './lanes.ts';
import { type Message, textOf } from './message.ts';
import { piecesOf } from './pieces.ts';
import type { Environment, Records, TeamsPort, Versioned } from './ports.ts';
import type { Sequence } from './sequence.ts';
import type { Connection } from './settings.ts';

/** Something a channel reported. `eventId` is the source's own id of it; `room` the Teams channel it asks for, unchecked. */
export interface Incoming {
  eventId: string;
  connection: Connection;
  endUser: EndUser;
  happening: { type: 'message'; message: Message } | { type: 'assignee'; assignee?: Assignee };
  room?: string;
}

/** `ignored`: it belongs to no conversation here, or is an echo of what was sent from here. */
export type Receipt = 'stored' | 'repeat' | 'ignored';

/** An operator's message in a customer's thread, meant for the end user. */
export interface Reply {
  deskId: string;
  source: Source;
  text: string;
  /** What it is known by; without it the source's own id: a message is one reply. */
  key?: string;
}

/** What a reply's id is made from. */
export function keyOf({ threadId, activityId }: Source): string {
  return `${threadId}\n${activityId}`;
}

/** How long an own message may take to come back as a hook and still be known as an echo (ms). */
const ECHO_WINDOW = 2 * 60_000;

interface Parts {
  records: Records;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  lanes: Lanes;
  sequence: Sequence;
  retention: number;
}

/** Where messages of both sides enter: each is stored, under an id of its source's making, before anybody is told so. */
export class Intake {
  readonly #parts: Parts;
  readonly #arrivals = new KeyedQueue();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Stores what a channel reported and sets it on its way to Teams. Rejects with `store.unavailable`; then nothing was kept. */
  async receive(incoming: Incoming): Promise<Receipt> {
    const { connection, endUser, happening, eventId } = incoming;
    await this.#parts.env.step?.('intake.received');
    const saidByEndUser = happening.type === 'message' && happening.message.author.kind === 'endUser';
    const id = this.#parts.env.digest(`${connection.id}\n${eventId}`);
    // What arrives first stands first, however long finding its thread takes.
    const conversationId = this.#parts.env.digest(`${connection.id}\n${endUser.key}`);
    const entry = await this.#arrivals.run(conversationId, async () => {
      const conversation = await (saidByEndUser
        ? this.#findOrOpen(conversationId, incoming)
        : this.#find(conversationId));
      if (!conversation) return undefined;
      if (
        happening.type === 'message' &&
        !saidByEndUser &&
        (await this.#isEcho(conversation.value, incoming, happening.message))
      )
        return undefined;
      const pieces = happening.type === 'message' ? piecesOf(happening.message) : [];
      if (happening.type !== 'message') return { stored: [this.#enter(id, 'teams', conversation, happening)] };
      // Said here, where the conversation was just read: whoever drives the lane may know an older one.
      const reopens = (saidByEndUser && conversation.value.status === 'closed') || undefined;
      return {
        stored: pieces.map((message, at) =>
          this.#enter(at === 0 ? id : `${id}-${at}`, 'teams', conversation, { type: 'message', message, reopens }),
        ),
      };
    });
    if (!entry) return 'ignored';
    const stored = (await Promise.all(entry.stored)).includes(true);
    await this.#parts.env.step?.('intake.stored');
    return stored ? 'stored' : 'repeat';
  }

  /**
   * Stores an operator's reply and sets it on its way to the end user; `ignored`: the thread is no customer's of this desk;
   * `withheld`: the text holds a secret of the connection, and is not kept.
   */
  reply(reply: Reply): Promise<Receipt | 'withheld'> {
    const storing = this.#reply(reply);
    // What is stored too late is stored all the same; its repeat is known as one. (A hook has its limit as a whole.)
    return this.#parts.env.inTime?.(storing) ?? storing;
  }

  async #reply({ deskId, source, text, key }: Reply): Promise<Receipt | 'withheld'> {
    const { env, directory } = this.#parts;
    const id = env.digest(key ?? keyOf(source));
    const entry = await this.#arrivals.run(source.threadId, async () => {
      const conversation = await directory.conversationOf(source.threadId);
      if (conversation?.value.deskId !== deskId) return undefined;
      const connection = await directory.connection(conversation.value.connectionId);
      if (connection && directory.channel(connection.channel).holdsSecret?.(connection, text)) return 'withheld';
      const message: Message = {
        author: await directory.authorOf(deskId, source.person),
        parts: [{ kind: 'text', text }],
        at: env.now(),
      };
      return { stored: this.#enter(id, 'endUser', conversation, { type: 'message', message, source }) };
    });
    if (!entry) return 'ignored';
    if (entry === 'withheld') return entry;
    return (await entry.stored) ? 'stored' : 'repeat';
  }

  /** Takes the delivery's place in its lane at once; resolves true when it is stored, false when it was stored before. */
  #enter(id: string, toward: Toward, conversation: Versioned<Conversation>, content: Content): Promise<boolean> {
    const { env, sequence, lanes, retention } = this.#parts;
    const now = env.now();
    const delivery: Delivery = {
      id,
      lane: conversation.value.room,
      conversationId: conversation.value.id,
      order: sequence.next(),
      toward,
      content,
      state: 'open',
      attempts: 0,
      createdAt: now,
      expiresAt: now + retention,
    };
    return lanes.enter(delivery, conversation);
  }

  #find(id: string): Promise<Versioned<Conversation> | undefined> {
    return this.#parts.records.conversations.read(id, id);
  }

  async #findOrOpen(id: string, incoming: Incoming): Promise<Versioned<Conversation>> {
    const { connection, endUser, happening } = incoming;
    const { records, env } = this.#parts;
    for (;;) {
      const found = await this.#find(id);
      if (found) return found;
      const opened = await records.conversations.insert({
        id,
        deskId: connection.deskId,
        connectionId: connection.id,
        endUser,
        room: await this.#roomFor(incoming),
        status: 'open',
        pageUrl: happening.type === 'message' ? happening.message.pageUrl : undefined,
        createdAt: env.now(),
      });
      if (opened) return opened;
    }
  }

  /** The wanted Teams channel if it is one of this team's, else the connection's own. */
  async #roomFor({ connection, room }: Incoming): Promise<string> {
    if (!room || room === connection.room) return connection.room;
    const { directory, teams, env } = this.#parts;
    const desk = await directory.desk(connection.deskId);
    if (!desk) return connection.room;
    if (desk.rooms.includes(room)) return room;
    const rooms = await teams.listRooms(desk);
    if (rooms) await directory.changeDesk(desk.id, (settings) => ({ ...settings, rooms }));
    if (rooms?.includes(room)) return room;
    env.log.warn(
      { deskId: desk.id, known: rooms?.length },
      'the Teams channel named by the widget is not one of this team; the default is used',
    );
    return connection.room;
  }

  /**
   * Whether an operator's message that the channel reports is one that was sent from here. Each sent one explains one
   * report, however often that report is delivered.
   */
  async #isEcho(conversation: Conversation, { connection, eventId }: Incoming, reported: Message): Promise<boolean> {
    const { records, env, directory } = this.#parts;
    const bot = directory.channel(connection.channel).botSenderId?.(connection);
    const sent = await records.deliveries.find({
      partition: conversation.room,
      where: { conversationId: conversation.id, toward: 'endUser' },
      order: 'descending',
      limit: 50,
    });
    for (const { value } of sent) {
      if (value.content.type !== 'message' || value.claimedAt === undefined) continue;
      // What was certainly not sent explains nothing.
      if (value.failure?.kind === 'refused') continue;
      if (env.now() - value.claimedAt > ECHO_WINDOW) continue;
      const { message } = value.content;
      const sameSender = (message.author.id ?? bot) === (reported.author.id ?? bot);
      if (!sameSender || textOf(message) !== textOf(reported)) continue;
      const mark = {
        id: env.digest(`echo\n${value.id}`),
        done: true,
        at: env.now(),
        expiresAt: env.now() + 2 * ECHO_WINDOW,
        by: eventId,
      };
      if (await records.turns.insert(mark)) return true;
      if ((await records.turns.read(mark.id, mark.id))?.value.by === eventId) return true;
    }
    return false;
  }
}
