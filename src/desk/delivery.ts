import type { Assignee } from './conversation.ts';
import type { Said } from './edited.ts';
import type { Message } from './message.ts';
import type { Notice } from './notice.ts';
import type { Failure } from './outcome.ts';
import type { Revision } from './revision.ts';
import type { Person } from './settings.ts';

/** The operator's own message in Teams that a reply came from: where success and failure are shown. */
export interface Source {
  threadId: string;
  activityId: string;
  person: Person;
}

/**
 * What a delivery carries. A message that `reopens` came into a closed conversation. `notice` is said by the desk itself; `failure` tells a
 * thread that another delivery was not made, `since` when that one waits (Unix ms); `edited` tells it what became of a reply whose message
 * was edited or deleted, `said` once that is known.
 */
export type Content =
  | { type: 'message'; message: Message; source?: Source; reopens?: boolean }
  | { type: 'assignee'; assignee?: Assignee }
  | { type: 'notice'; notice: Notice; mention?: Person }
  | {
      type: 'failure';
      deliveryId: string;
      failure: Failure;
      message: Message;
      source?: Source;
      toward: Toward;
      delayed?: boolean;
      since?: number;
    }
  | { type: 'edited'; deliveryId: string; number: number; source?: Source; said?: Said };

export type Toward = 'teams' | 'endUser';

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
  nextAt?: number;
  repeat?: boolean;
  /** The ids of all that share its post, written before that post: what of it may be shown is known after a crash. */
  together?: string[];
  failure?: Failure;
  /** What its message in Teams became since. */
  revision?: Revision;
  ref?: string;
  createdAt: number;
  expiresAt?: number;
}

/** Whether the desk tells something about another delivery: it has a stream of its own, stands behind messages, and is tried until it is seen. */
export function isTelling({ content }: Pick<Delivery, 'content'>): boolean {
  return content.type === 'failure' || content.type === 'edited';
}
