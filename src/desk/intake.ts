import type { Away } from './away.ts';
import { Belonging } from './belonging.ts';
import { barOf } from './connections.ts';
import { type Assignee, type Conversation, type EndUser, following, hasLeft } from './conversation.ts';
import type { Content, Delivery, Source, Toward } from './delivery.ts';
import type { Directory } from './directory.ts';
import { Echoes } from './echoes.ts';
import { KeyedQueue } from './keyedQueue.ts';
import type { Lanes } from './lanes.ts';
import { isSaid, type Message } from './message.ts';
import { piecesOf } from './pieces.ts';
import type { Environment, Records, TeamsPort, Versioned } from './ports.ts';
import type { Sequence } from './sequence.ts';
import type { Connection } from './settings.ts';
import { wantedRoom } from './wantedRoom.ts';

/** Something a channel reported. `eventId` is the source's own id of it; `room` the Teams channel it asks for, unchecked. */
export interface Incoming {
  eventId: string;
  connection: Connection;
  endUser: EndUser;
  happening: Happening;
  room?: string;
}

/**
 * What happened at a channel. `unsent`: the end user took a message back, by the channel's id of it. `following`: they began to follow the account, or
 * blocked it so that nothing reaches them (`at`: when, Unix ms).
 */
export type Happening =
  | { type: 'message'; message: Message }
  | { type: 'assignee'; assignee?: Assignee }
  | { type: 'unsent'; messageId: string; at: number }
  | { type: 'following'; follows: boolean; at: number };

/** `ignored`: it belongs to no conversation here, or is an echo of what was sent from here. */
export type Receipt = 'stored' | 'repeat' | 'ignored';

/** An operator's message in a customer's thread, meant for the end user. */
export interface Reply {
  deskId: string;
  source: Source;
  text: string;
  /** By what its message is known again in all its words. */
  typed?: string;
  pictures?: SentPicture[];
  /** What it is known by; without it the source's own id: a message is one reply. */
  key?: string;
  /** It goes out though its conversation has left that thread. */
  fromAnyThread?: boolean;
}

/** What a reply's id is made from. */
export function keyOf({ threadId, activityId }: Source): string {
  return `${threadId}\n${activityId}`;
}

/** A picture in it: where Teams keeps it. */
export interface SentPicture {
  url: string;
  name?: string;
}

/** How long after a move a hook may still be the repeat of one that was stored where the conversation was before (ms). */
const REPEATS = 24 * 60 * 60_000;

/** How many of what was said last are looked through for what came after something else. */
const LOOKED_THROUGH = 20;

/** How long a message that was taken back may still come in (ms). */
const TAKEN_BACK = 7 * 24 * 60 * 60_000;

interface Parts {
  records: Records;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  lanes: Lanes;
  sequence: Sequence;
  away: Away;
  retention: number;
}

/** Where messages of both sides enter: each is stored, under an id of its source's making, before anybody is told so. */
export class Intake {
  readonly #parts: Parts;
  readonly #arrivals = new KeyedQueue();
  readonly #belonging: Belonging;
  readonly #echoes: Echoes;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#belonging = new Belonging(parts, (id, work) => this.#arrivals.run(id, work));
    this.#echoes = new Echoes(parts);
  }

  /** Stores what a channel reported and sets it on its way to Teams. Rejects with `store.unavailable`; then nothing was kept. */
  async receive(incoming: Incoming): Promise<Receipt> {
    const { connection, endUser, happening, eventId } = incoming;
    const bar = barOf(connection);
    if (bar) {
      this.#parts.env.log.info({ connectionId: connection.id, code: bar }, 'what came in was not taken');
      return 'ignored';
    }
    await this.#parts.env.step?.('intake.received');
    const byEndUser = happening.type === 'message' && happening.message.author.kind === 'endUser';
    // What only happened begins no conversation.
    const saidByEndUser = byEndUser && isSaid(happening.message);
    const id = this.#parts.env.digest(`${connection.id}\n${idIn(happening) ?? eventId}`);
    // What arrives first stands first, however long finding its thread takes.
    const entry = await this.#arrivals.run(this.#belonging.idOf(connection, endUser.key), async () => {
      if (happening.type === 'unsent') await this.#noteTakenBack(connection, happening.messageId);
      if (await this.#isTakenBack(incoming)) return undefined;
      const found = await (saidByEndUser ? this.#findOrOpen(incoming) : this.#belonging.find(connection, endUser.key));
      if (!found) return undefined;
      if (
        happening.type === 'message' &&
        !byEndUser &&
        (await this.#echoes.isOne(found.value, incoming, happening.message))
      )
        return undefined;
      const conversation = await this.#following(await this.#sayFirst(found), happening);
      const contents = contentsOf(conversation.value, happening).map((content, at) => ({
        id: at === 0 ? id : `${id}-${at}`,
        content,
      }));
      const elsewhere = await Promise.all(contents.map((one) => this.#isStoredElsewhere(conversation.value, one.id)));
      const fresh = contents.filter((_one, at) => !elsewhere[at]);
      return {
        conversation: saidByEndUser ? conversation : undefined,
        stored: fresh.map((one) => this.#enter(one.id, 'teams', conversation, one.content)),
      };
    });
    if (!entry) return 'ignored';
    const stored = (await Promise.all(entry.stored)).includes(true);
    await this.#parts.env.step?.('intake.stored');
    // Before it is acknowledged: after a crash in between the message comes again, and so does this.
    if (entry.conversation) await this.#sayAway(entry.conversation);
    return stored ? 'stored' : 'repeat';
  }

  /**
   * Stores an operator's reply and sets it on its way to the end user; `ignored`: the thread is no customer's of this desk;
   * `withheld`: the text holds a secret of the connection, and is not kept; `left`: the conversation goes on in another thread.
   */
  reply(reply: Reply): Promise<Receipt | 'withheld' | 'left'> {
    const storing = this.#reply(reply);
    // What is stored too late is stored all the same; its repeat is known as one. (A hook has its limit as a whole.)
    return this.#parts.env.inTime?.(storing) ?? storing;
  }

  async #reply({
    deskId,
    source,
    text,
    typed,
    pictures = [],
    key,
    fromAnyThread,
  }: Reply): Promise<Receipt | 'withheld' | 'left'> {
    const { env, directory } = this.#parts;
    const id = env.digest(key ?? keyOf(source));
    const entry = await this.#arrivals.run(source.threadId, async () => {
      const conversation = await directory.conversationOf(source.threadId);
      if (conversation?.value.deskId !== deskId) return undefined;
      const connection = await directory.connectionOf(conversation.value);
      if (connection && directory.holdsSecret(connection, text)) return 'withheld';
      // What was stored before it left is on its way, or has gone out.
      const left = hasLeft(conversation.value, source.threadId);
      const within = fromAnyThread ? Number.POSITIVE_INFINITY : REPEATS;
      if (left && (await this.#isStoredElsewhere(conversation.value, id, within))) return 'repeat';
      if (left && !fromAnyThread) return 'left';
      const message: Message = {
        author: await directory.authorOf(deskId, source.person),
        parts: [
          ...(text === '' ? [] : [{ kind: 'text' as const, text }]),
          ...pictures.map(({ url, name }) => ({ kind: 'image' as const, url, name })),
        ],
        at: env.now(),
      };
      const content: Content = { type: 'message', message, source, typed };
      return { stored: this.#enter(id, 'endUser', conversation, content) };
    });
    if (!entry) return 'ignored';
    if (typeof entry === 'string') return entry;
    return (await entry.stored) ? 'stored' : 'repeat';
  }

  /** Outside of business hours the customer is told so, where the desk wants it. */
  async #sayAway(conversation: Versioned<Conversation>): Promise<void> {
    const { away } = this.#parts;
    const due = await away.messageFor(conversation.value);
    if (!due) return;
    if (!(await this.#isStoredElsewhere(conversation.value, due.id)))
      await this.#enter(due.id, 'endUser', conversation, { type: 'message', message: due.message });
    away.stored(due.id);
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
      edition: conversation.value.edition,
      createdAt: now,
      expiresAt: now + retention,
    };
    return lanes.enter(delivery, conversation);
  }

  /** Stores what the desk has to say in a conversation before anything else: a crash in between says it again, under the same id. */
  async #sayFirst(conversation: Versioned<Conversation>): Promise<Versioned<Conversation>> {
    const { env, directory } = this.#parts;
    const { id, toSay: notice } = conversation.value;
    if (!notice) return conversation;
    const words = JSON.stringify(notice);
    const noticeId = env.digest(`notice\n${id}\n${words}`);
    if (!(await this.#isStoredElsewhere(conversation.value, noticeId)))
      await this.#enter(noticeId, 'teams', conversation, { type: 'notice', notice });
    await env.step?.('member.told');
    // It may have moved meanwhile: it is said all the same.
    return directory.changeConversation(id, (current) =>
      JSON.stringify(current.toSay) === words ? { ...current, toSay: undefined } : current,
    );
  }

  /** Whoever writes can be reached, whatever was told before. */
  async #following(found: Versioned<Conversation>, happening: Happening): Promise<Versioned<Conversation>> {
    const heard = happening.type === 'message' && happening.message.author.kind === 'endUser';
    if (happening.type !== 'following' && !(heard && found.value.blockedAt !== undefined)) return found;
    const follows = happening.type === 'following' ? happening.follows : true;
    const at = happening.type === 'following' ? happening.at : happening.message.at;
    if (!follows && (await this.#wroteAfter(found.value, at))) return found;
    return this.#parts.directory.changeConversation(found.value.id, (current) => following(current, follows, at));
  }

  /** Whether the end user has written since (by the channel's clock): news that they blocked the account came late. */
  async #wroteAfter({ id: conversationId, room, movedFrom }: Conversation, at: number): Promise<boolean> {
    const query = { where: { conversationId, toward: 'teams' }, order: 'descending', limit: LOOKED_THROUGH } as const;
    const { deliveries } = this.#parts.records;
    const rooms = [room, ...(movedFrom?.rooms ?? [])];
    const found = await Promise.all(rooms.map((partition) => deliveries.find({ ...query, partition })));
    return found
      .flat()
      .some(
        ({ value: { content } }) =>
          content.type === 'message' && content.message.author.kind === 'endUser' && content.message.at > at,
      );
  }

  /** Whether a message was taken back before it came in: the news of it may be quicker, or have come while the message was refused. */
  async #isTakenBack({ connection, happening }: Incoming): Promise<boolean> {
    if (happening.type !== 'message' || happening.message.id === undefined) return false;
    const mark = this.#markOf(connection, happening.message.id);
    return (await this.#parts.records.turns.read(mark, mark)) !== undefined;
  }

  /** Remembers that a message was taken back, whether or not it has come in. */
  async #noteTakenBack(connection: Connection, messageId: string): Promise<void> {
    const { records, env } = this.#parts;
    const at = env.now();
    const mark = { id: this.#markOf(connection, messageId), done: true, at, expiresAt: at + TAKEN_BACK };
    await records.turns.insert(mark);
  }

  #markOf(connection: Connection, messageId: string): string {
    return this.#parts.env.digest(`unsent\n${connection.id}\n${messageId}`);
  }

  /** Whether a delivery was stored in a lane that its conversation has left since, so long ago at most (ms): there it is known, or handed over. */
  async #isStoredElsewhere({ movedFrom }: Conversation, id: string, within = REPEATS): Promise<boolean> {
    const { records, env } = this.#parts;
    if (!movedFrom || env.now() - movedFrom.at > within) return false;
    const found = await Promise.all(movedFrom.rooms.map((room) => records.deliveries.read(room, id)));
    return found.some((kept) => kept !== undefined);
  }

  async #findOrOpen(incoming: Incoming): Promise<Versioned<Conversation>> {
    const { connection, endUser, happening } = incoming;
    const { records, env } = this.#parts;
    for (;;) {
      const found = await this.#belonging.settle(connection, endUser);
      if (found) return found;
      const now = env.now();
      const opened = await records.conversations.insert({
        id: this.#belonging.idOf(connection, endUser.key),
        deskId: connection.deskId,
        connectionId: connection.id,
        endUser,
        room: await wantedRoom(incoming, this.#parts),
        status: 'open',
        pageUrl: happening.type === 'message' ? happening.message.pageUrl : undefined,
        createdAt: now,
        unansweredSince: now,
      });
      if (opened) return opened;
    }
  }
}

/** By what it is known, where the channel has an id for what it is about: whatever takes it back has to find it. Else by the event. */
function idIn(happening: Happening): string | undefined {
  if (happening.type === 'unsent') return `unsent ${happening.messageId}`;
  return happening.type === 'message' && happening.message.id !== undefined ? saidId(happening.message.id) : undefined;
}

/** What the delivery of a message is known by, made from the channel's own id of that message. */
export function saidId(messageId: string): string {
  return `message ${messageId}`;
}

/** What is delivered of something that a channel reported: a long message goes in pieces. */
function contentsOf(conversation: Conversation, happening: Incoming['happening']): Content[] {
  if (happening.type === 'following') return [{ type: 'message', message: followingIn(happening) }];
  if (happening.type !== 'message') return [happening];
  // Said here, where the conversation was just read: whoever drives the lane may know an older one.
  const turn = turnOf(conversation, happening.message);
  return piecesOf(happening.message).map((message) => ({ type: 'message', message, turn }));
}

/** That an end user blocked the account, or follows it again, stands in their thread in its order. */
function followingIn({ follows, at }: Extract<Happening, { type: 'following' }>): Message {
  return { author: { kind: 'endUser' }, parts: [{ kind: 'event', name: follows ? 'followed' : 'blocked' }], at };
}

/** Whether this message begins a wait for an answer, comes into a closed conversation, or may be the answer. */
function turnOf({ status, statusAt, unansweredSince }: Conversation, { author }: Message) {
  if (author.kind === 'endUser' && status === 'closed') return { closedAt: statusAt };
  const ends = author.kind === 'operator' && unansweredSince !== undefined;
  return ends || (author.kind === 'endUser' && unansweredSince === undefined) ? {} : undefined;
}
