import type { Assignee } from './conversation.ts';
import type { Said } from './edited.ts';
import type { Message } from './message.ts';
import type { Notice } from './notice.ts';
import type { Failure } from './outcome.ts';
import type { Revision } from './revision.ts';
import type { Person, Room } from './settings.ts';

/** The operator's own message in Teams that a reply came from: where success and failure are shown. */
export interface Source {
  threadId: string;
  activityId: string;
  person: Person;
}

/**
 * What a delivery carries. A message with `turn` came when nobody waited for an answer, or may be the answer; `closedAt`: the
 * conversation was closed when it came, since then (Unix ms); `as` is what goes out in its place where the channel lacks a kind of part,
 * written down with the claim; `typed` is by what the operator’s message is known again in all its words, for only a part of them
 * may go out, or others in their place; `wordsOnly`: somebody sent it without its pictures. `move` takes its conversation to another Teams channel, `arrival` lets it go on there. `notice` is said by the
 * desk itself; `failure` tells a thread that another delivery was not made, `since` when that one waits (Unix ms); `edited` tells it what
 * became of a reply whose message was edited or deleted, `said` once that is known.
 */
export type Content =
  | {
      type: 'message';
      message: Message;
      source?: Source;
      turn?: { closedAt?: number };
      as?: Message;
      typed?: string;
      wordsOnly?: boolean;
    }
  | { type: 'assignee'; assignee?: Assignee }
  /** The end user took a message back, by the channel's id of it: nobody is to see it any more. */
  | { type: 'unsent'; messageId: string; at: number }
  /** `threadId`: said in this thread, wherever the conversation is. */
  | { type: 'notice'; notice: Notice; mention?: Person; threadId?: string }
  | { type: 'move'; to: Room; by: Person }
  | { type: 'arrival'; move: string; by: Person; threadId?: string }
  /** Somebody who takes new conversations is to be assigned, `to` when it is meant for one of them; it posts nothing. */
  | { type: 'handOut'; to?: string }
  | {
      type: 'failure';
      deliveryId: string;
      failure: Failure;
      message: Message;
      source?: Source;
      toward: Toward;
      delayed?: boolean;
      since?: number;
      /** The lane of that other delivery, where it is not this one's. */
      lane?: string;
    }
  /** `lane`: that of the reply, where it is not this one's. */
  | { type: 'edited'; deliveryId: string; number: number; source?: Source; said?: Said; lane?: string };

export type Toward = 'teams' | 'endUser';

/** Whether this stands beside the messages of its thread rather than in their order: it may come later, and holds none of them up. */
export function isAside(content: Content): boolean {
  return (
    content.type === 'failure' ||
    content.type === 'edited' ||
    (content.type === 'notice' && content.notice.kind !== 'becameMember')
  );
}

/**
 * One message on its way to one place. Its id is made from the source's own event id, so a repeat can't be stored twice.
 * `order` grows with arrival (ms and a counter); `claimedAt` says that a send toward the end user has begun, which makes
 * *unknown* knowable after a crash; `repeat` marks a second try that Teams may already show; times are Unix ms.
 */
export interface Delivery {
  id: string;
  lane: string;
  conversationId: string;
  order: number;
  toward: Toward;
  content: Content;
  state: 'open' | 'delivered' | 'parked' | 'discarded';
  attempts: number;
  claimedAt?: number;
  /** By which key of the end user that send went out. */
  claimedFor?: string;
  nextAt?: number;
  repeat?: boolean;
  /** The ids of all that share its post, written before that post: what of it may be shown is known after a crash. */
  together?: string[];
  failure?: Failure;
  /** The edition of the conversation that was known when it was stored. */
  edition?: number;
  /** It goes on in this lane; here it is only to be handed over. */
  movedTo?: string;
  /** What its message in Teams became since. */
  revision?: Revision;
  ref?: string;
  createdAt: number;
  expiresAt?: number;
}

/** Whether it belongs to one thread, and so stays behind when its conversation moves. */
export function staysBehind({ content }: Pick<Delivery, 'content'>): boolean {
  return content.type === 'notice' && content.threadId !== undefined;
}

/** What the other side gets, or got, of a delivery that carries a message. */
export function sentForm({ content }: Delivery): Message | undefined {
  return content.type === 'message' ? (content.as ?? content.message) : undefined;
}

/** Whether the desk tells something about another delivery, takes one back, or says where a conversation has gone: it is tried until it is seen. */
export function isTelling({ content }: Pick<Delivery, 'content'>): boolean {
  return ['failure', 'edited', 'arrival', 'unsent'].includes(content.type);
}
