/** The customer behind a conversation. `key` is what the channel knows them by for good (KARTE: user_id, else visitor_id). */
export interface EndUser {
  key: string;
  userId?: string;
  visitorId?: string;
  name?: string;
}

/** Who answers for a conversation on the channel's side; `id` is the channel's operator id (KARTE: アサインID). */
export interface Assignee {
  id: string;
  name?: string;
  isBot?: boolean;
}

/** Where a conversation is shown: the reply chain `19:...@thread.tacv2;messageid=<root>` and the card at its root. */
export interface Thread {
  id: string;
  rootId: string;
}

/** Everything said with one end user on one connection; bound for good to one Teams channel (`room`) and one thread in it. */
export interface Conversation {
  id: string;
  deskId: string;
  connectionId: string;
  endUser: EndUser;
  room: string;
  /** The Teams channel that took its place when it was deleted; the lane stays the one it was. */
  refuge?: string;
  thread?: Thread;
  /** When making the thread was begun; with no `thread` beside it, Teams may hold a thread that we don't know. */
  threadClaimedAt?: number;
  assignee?: Assignee;
  status: 'open' | 'waiting' | 'closed';
  /** When the status was last changed here (Unix ms): what the end user said after that opens a closed one again. */
  statusAt?: number;
  pageUrl?: string;
  createdAt: number;
}
