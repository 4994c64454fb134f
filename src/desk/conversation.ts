import type { Notice } from './notice.ts';
import type { Person } from './settings.ts';

/** The customer behind a conversation. `key` is what the channel knows them by for good (KARTE: user_id, else visitor_id). */
export interface EndUser {
  key: string;
  userId?: string;
  visitorId?: string;
  name?: string;
  /** Where the channel shows their picture (https). */
  pictureUrl?: string;
}

/** Who answers for a conversation on the channel's side; `id` is the channel's operator id (KARTE: アサインID). */
export interface Assignee {
  id: string;
  name?: string;
  isBot?: boolean;
  /** The person, where the desk alone knows who is assigned: the channel has no operators. */
  person?: Person;
}

/** Where a conversation is shown: the reply chain `19:...@thread.tacv2;messageid=<root>` and the card at its root. */
export interface Thread {
  id: string;
  rootId: string;
}

/** Where a conversation was before: its earlier Teams channels (the last one first) and its last thread; `at`: when it left them (Unix ms). */
export interface MovedFrom {
  rooms: string[];
  threadId?: string;
  at: number;
}

/** Everything said with one end user on one connection; bound to one Teams channel (`room`) and one thread in it until somebody moves it. */
export interface Conversation {
  id: string;
  deskId: string;
  connectionId: string;
  endUser: EndUser;
  room: string;
  /** What it was called when somebody moved the conversation there; General has no name. */
  roomName?: string;
  /** How often the end user's id or the Teams channel has changed: who knows an older edition reads it again. */
  edition?: number;
  /** The delivery that moves it, until everything that waited has come along; so long nothing goes out. */
  moving?: string;
  movedFrom?: MovedFrom;
  /** What the desk has to say here first, stored together with the change that it tells of. */
  toSay?: Notice;
  /** The Teams channel that took its place when it was deleted; the lane stays the one it was. */
  refuge?: string;
  thread?: Thread;
  /** When making the thread was begun; with no `thread` beside it, Teams may hold a thread that we don't know. */
  threadClaimedAt?: number;
  assignee?: Assignee;
  status: 'open' | 'waiting' | 'closed';
  /** When the status was last changed here (Unix ms): what the end user said after that opens a closed one again. */
  statusAt?: number;
  /** When the end user's first message since the last answer came in (Unix ms); without it nobody waits for an answer. */
  unansweredSince?: number;
  /** Since when the end user blocks the account, so that nothing reaches them (Unix ms, by the channel's clock). */
  blockedAt?: number;
  /** Of when the last news of that is, either way: it may come twice or late. */
  followedAt?: number;
  pageUrl?: string;
  createdAt: number;
}

/** Whether a thread is one that its conversation has left. Replies there are meant for the end user, and may be about what nobody sees any more. */
export function hasLeft({ movedFrom, thread }: Conversation, threadId: string): boolean {
  return movedFrom !== undefined && thread?.id !== threadId;
}

/**
 * The conversation once its end user has said something at each of these times (Unix ms): they wait for an answer, and a closed one is open
 * again without an assignee, as KARTE does it on its side. What came before it was closed was dealt with, and clocks may differ: `closings`
 * are the times of those that were seen when a message came in, so that it surely came after them.
 */
export function heard(
  conversation: Conversation,
  times: readonly number[],
  closings: readonly number[] = [],
): Conversation {
  const { status, statusAt = 0, unansweredSince } = conversation;
  const isOver = status === 'closed' && !closings.includes(statusAt);
  const fresh = isOver ? times.filter((at) => at > statusAt) : times;
  if (fresh.length === 0) return conversation;
  const waits = { unansweredSince: unansweredSince ?? Math.min(...fresh) };
  if (status === 'closed')
    return { ...conversation, ...waits, status: 'open', statusAt: Math.max(...fresh), assignee: undefined };
  return unansweredSince === undefined ? { ...conversation, ...waits } : conversation;
}

/**
 * The conversation once its end user has blocked the account, or can be reached again, at that time (Unix ms). Who knows an older edition reads it again.
 * What changes nothing is remembered too: older news may still come.
 */
export function following(conversation: Conversation, follows: boolean, at: number): Conversation {
  const { blockedAt, followedAt = 0, edition = 0 } = conversation;
  if (at < followedAt) return conversation;
  if ((blockedAt === undefined) === follows)
    return at === followedAt ? conversation : { ...conversation, followedAt: at };
  return { ...conversation, blockedAt: follows ? undefined : at, followedAt: at, edition: edition + 1 };
}

/** The conversation once somebody has answered. `later`: when something came in that the answer could not be about (Unix ms). */
export function answered(conversation: Conversation, later?: number): Conversation {
  return conversation.unansweredSince === later ? conversation : { ...conversation, unansweredSince: later };
}
