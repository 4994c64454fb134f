import type { CannedReply } from './cannedReplies.ts';
import type { Assignee, Conversation, EndUser } from './conversation.ts';
import type { Delivery } from './delivery.ts';
import type { Earlier } from './earlier.ts';
import type { Edited } from './edited.ts';
import type { Finding } from './finding.ts';
import type { GateState } from './gate.ts';
import type { Author, Message } from './message.ts';
import type { Notice } from './notice.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Connection, DeskSettings, OperatorLink, Person, Room } from './settings.ts';
import type { Step } from './steps.ts';

/** A document with the version it had when it was read or written; `version` is opaque and goes back into `replace`. */
export interface Versioned<T> {
  value: T;
  version: string;
}

/** Which documents to find: equal in every field of `where`, with the collection's own sort field (a number) within the bounds, sorted by it. */
export interface Query {
  partition?: string;
  where?: Record<string, string | number | boolean>;
  /** The sort field is at least this. A document without the field is never within bounds. */
  from?: number;
  /** The sort field is at most this. */
  to?: number;
  order?: 'ascending' | 'descending';
  limit?: number;
}

/** One kind of document, reached by partition and id. Every call rejects with a DeskError `store.unavailable` when the store is. */
export interface Collection<T> {
  /** Writes a new document; `undefined` when one with this id is already there (nothing is changed then). */
  insert(value: T): Promise<Versioned<T> | undefined>;
  read(partition: string, id: string): Promise<Versioned<T> | undefined>;
  /** Writes over the document if it still has this version; `undefined` when it has changed or gone. */
  replace(value: T, version: string): Promise<Versioned<T> | undefined>;
  /** Removes the document, if it still has this version when one is given; false when it was gone or had changed. */
  remove(partition: string, id: string, version?: string): Promise<boolean>;
  find(query: Query): Promise<Versioned<T>[]>;
}

/**
 * What leads to a conversation; `id` is made from what does: a thread, or a member whose conversation was settled. A member's may lead to the one they began as a
 * visitor. None of them ever changes.
 */
export interface ThreadLookup {
  id: string;
  conversationId: string;
}

/** Something that has its effect once: an activity that acts at once (a command), or a message explained as an echo, `by` which report. */
export interface Turn {
  id: string;
  done: boolean;
  at: number;
  expiresAt: number;
  by?: string;
  /** The process that runs it. */
  process?: string;
}

/** The stored state of a dialog that waits for a person's click. `state` belongs to the dialog. */
export interface DialogRecord {
  id: string;
  deskId: string;
  state: unknown;
  expiresAt: number;
}

/** Why nothing can be posted into a Teams channel, since when (Unix ms), and whether the admins were told. */
export interface Held {
  code: string;
  since: number;
  told?: boolean;
}

/**
 * Who drives a lane, and what the next driver must know. `due`: from about then on (Unix ms) it may be had, which is the end of the
 * driver's lease; without it nothing waits there. `clean` = the last driver left nothing under way, so nothing open is *unknown*.
 */
export interface LaneRecord {
  id: string;
  due?: number;
  /** The process that drives it. */
  driver?: string;
  clean: boolean;
  /** The newest place in the order that its driver knows: nobody who reads this gives an older one. */
  newest?: number;
  budget?: GateState;
  held?: Held;
  /** The Teams channel in which its conversations go on while this one can't be posted to. */
  refuge?: string;
}

/** That a customer has waited for an answer since then, and when the thread is to be reminded of it (Unix ms); `id` is made of the rest. */
export interface Wait {
  id: string;
  conversationId: string;
  since: number;
  dueAt: number;
}

/** Everything the desk keeps. */
export interface Records {
  desks: Collection<DeskSettings>;
  connections: Collection<Connection>;
  conversations: Collection<Conversation>;
  deliveries: Collection<Delivery>;
  threads: Collection<ThreadLookup>;
  operators: Collection<OperatorLink>;
  turns: Collection<Turn>;
  dialogs: Collection<DialogRecord>;
  lanes: Collection<LaneRecord>;
  waits: Collection<Wait>;
  canned: Collection<CannedReply>;
}

/** What is posted into a thread. `mention` is a person to notify; `repeat` marks a text that Teams may already show. */
export type ThreadPost = Said & { mention?: Person; repeat?: boolean };

type Said =
  /** `channel`: where it was said, by the channel's name. */
  | { type: 'message'; message: Message; channel: string }
  /** What a new thread begins with. */
  | { type: 'earlier'; earlier: Earlier }
  | { type: 'notice'; notice: Notice }
  | {
      type: 'failure';
      delivery: { lane: string; id: string };
      failure: Failure;
      message: Message;
      toward: Delivery['toward'];
      delayed?: boolean;
      /** Since when it waits (Unix ms). */
      since?: number;
      /** The words are not those it began with: its message was edited. */
      edited?: boolean;
    }
  | {
      type: 'edited';
      edited: Edited;
      /** What was sent can't be changed, or taken back, by this channel. */
      final?: boolean;
    };

/** A Teams channel that can't be posted to, and why. */
export interface HeldNotice {
  room: string;
  failure: Failure;
}

/** What one person is told, and nobody else: the key of a sentence in src/text, and what fills it. */
export interface PrivateNotice {
  sentence: string;
  values?: Record<string, string | number>;
}

/** The Teams side, as the desk sees it. Nothing here throws for what Teams answers: every answer is an outcome. */
export interface TeamsPort {
  /** Creates the thread whose root is the conversation's card; `ref` of a delivered outcome is the thread's id. */
  openThread(view: RootView, repeat?: boolean): Promise<Outcome>;
  post(desk: DeskSettings, threadId: string, post: ThreadPost): Promise<Outcome>;
  /** Draws a post anew, by the id that posting it gave (`ref`). */
  redraw(desk: DeskSettings, threadId: string, ref: string, post: ThreadPost): Promise<Outcome>;
  /** Draws the root card anew. */
  updateRoot(view: RootView): Promise<Outcome>;
  /** Tells the desk's admins in General, in a thread of its own, that a Teams channel can't be posted to. */
  tellAdmins(desk: DeskSettings, notice: HeldNotice): Promise<Outcome>;
  /**
   * Tells one person something in a thread, in their own language. Where Teams can't keep it from the others it is an ordinary reply: nothing that
   * colleagues must not read belongs in it.
   */
  tellPrivately(desk: DeskSettings, threadId: string, person: Person, notice: PrivateNotice): Promise<Outcome>;
  /**
   * Tells an admin, privately, how many undelivered messages wait for somebody in this Teams channel, the newest in this thread. Where Teams has no
   * such messages the outcome is a certain refusal, and nothing else is posted.
   */
  tellOfParked(desk: DeskSettings, threadId: string, admin: Person, count: number): Promise<Outcome>;
  /** Shows the operator, quietly, that their message has arrived. Best effort. */
  confirm(desk: DeskSettings, threadId: string, activityId: string): Promise<void>;
  /** The team's Teams channels, General included; `undefined` when Teams does not say. */
  listRooms(desk: DeskSettings): Promise<Room[] | undefined>;
}

/** What the root card shows. */
export interface RootView {
  desk: DeskSettings;
  conversation: Conversation;
  channel: string;
  /** A link to the channel's own screen for this end user. */
  consoleUrl?: string;
  /** Whether the channel tells what was said before. */
  hasHistory: boolean;
  assigneePerson?: Person;
  /** What was said last, either way, where it is known. */
  last?: Message;
}

/**
 * What a channel can do, as data: the desk sends, degrades with a stated loss, or refuses by it. Lengths in UTF-16 units; `undefined` = not known.
 * `maxText` is the longest text of one delivery.
 */
export interface Capabilities {
  maxText?: number;
  images: false | PictureForm;
  files: boolean;
  edits: boolean;
  deletes: boolean;
  readMarks: boolean;
  /** For how long (ms) sending again under one key has no second effect, so that *unknown* is simply sent again; `undefined` = it has one. */
  idempotentFor?: number;
}

/**
 * Pictures as a channel takes them: content types and the most bytes. `previewMost`: a picture of more bytes needs a preview beside it, a JPEG or PNG of
 * no more than that.
 */
export interface PictureForm {
  types: readonly string[];
  most: number;
  previewMost?: number;
}

/** One value that connecting a channel takes. `secret` ones are sealed, never shown again and never logged. */
export interface ConnectionField {
  id: string;
  secret: boolean;
  required: boolean;
}

/** What a person types in to connect a channel, in the order in which it is asked; `account` names the field whose value is the account's public key. */
export interface ConnectionForm {
  account: string;
  fields: readonly ConnectionField[];
}

/** Credentials as they were typed: `account` is the channel's public key of the account, `secrets` are sealed before they are kept. */
export interface Given {
  account: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

/** What came of checking credentials; `settings` is what the channel told beside, to be kept with what was typed. */
export type Checked = { kind: 'delivered'; settings?: Record<string, string> } | Failure;

/** How one message goes out. The same `key` is given for every attempt at the same message; `sender` is who answers, as the end user knows them. */
export interface Sending {
  key: string;
  sender: Author;
}

/** Who an end user is, as the channel tells it. */
export interface Profile {
  name?: string;
  pictureUrl?: string;
}

/** A file as a channel handed it over. `name` where the channel tells one. */
export type FetchedFile = { kind: 'bytes'; bytes: Buffer; name?: string } | Failure;

/**
 * A message that may have been sent: its text and sender, not before `since` (the time of the claim, Unix ms). `others` are the texts
 * that went to the same end user around that time and explain what else is found.
 */
export interface Sought {
  message: Message;
  senderId?: string;
  since: number;
  others: string[];
  /** When the end user said what was known here before this reply was, by the channel's own clock (Unix ms). */
  heardBefore: number[];
  /** When the end user last said something that is known here, by that clock. */
  lastHeard?: number;
  /** How far our clock is ahead of the channel's (ms), as far as what the end user said last tells: no less than it is, and negative when ours is behind. */
  ahead?: number;
}

/** `absent` is sure: the message was not sent. `cannotTell`: the answer does not decide it. `noAnswer`: asking later may help. */
export type LookedUp = 'found' | 'absent' | 'cannotTell' | 'noAnswer';

/** The end user's side, as the desk sees it: one of these a channel. Optional abilities are found by their presence. */
export interface ChannelPort {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly form: ConnectionForm;
  /** Where its hooks come in, for a connection's id: a path of ours. */
  hookPath(connectionId: string): string;
  /** Sends to the end user, as the linked operator; where the sender has no id the channel's bot speaks. */
  send(connection: Connection, endUser: EndUser, message: Message, sending: Sending): Promise<Outcome>;
  /** Who the end user is. `undefined` = the channel does not say. */
  profile?(connection: Connection, endUser: EndUser): Promise<Profile | undefined>;
  /** Hands over a file of a message, by the address that its part carries; nothing longer than `most` (bytes), within `patience` (ms). */
  fetchFile?(connection: Connection, url: string, limits: { most: number; patience: number }): Promise<FetchedFile>;
  /** Shows the end user that everything up to this mark was read. */
  markRead?(connection: Connection, endUser: EndUser, mark: string): Promise<Outcome>;
  /** Shows the end user, for a moment, that somebody is about to answer. */
  showTyping?(connection: Connection, endUser: EndUser): Promise<Outcome>;
  /** Tells the channel where its hooks go, and lets it try that: what is well and what a person has to do. */
  registerHook?(connection: Connection, url: string): Promise<Finding[]>;
  /** Whether a message whose send ended *unknown* was sent after all. */
  lookUp?(connection: Connection, endUser: EndUser, sought: Sought): Promise<LookedUp>;
  /** The last messages that the channel still has, oldest first, at most so many; an own side's message has an author with an `id`. */
  history?(connection: Connection, endUser: EndUser, limit: number): Promise<Message[] | Failure>;
  consoleUrl?(connection: Connection, endUser: EndUser): string;
  /** The id messages carry when nobody is linked. */
  botSenderId?(connection: Connection): string;
  assign?(connection: Connection, endUser: EndUser, assignee: Assignee): Promise<Outcome>;
  unassign?(connection: Connection, endUser: EndUser): Promise<Outcome>;
  /** The current assignee as the channel knows it; `undefined` = the channel did not say. */
  assignee?(connection: Connection, endUser: EndUser): Promise<Assignee | null | undefined>;
  /** Keeps a note where only the company's own people see it. Without `authorId` the channel's bot is its author. */
  writeNote?(connection: Connection, endUser: EndUser, text: string, authorId?: string): Promise<Outcome>;
  changeStatus?(connection: Connection, endUser: EndUser, status: Conversation['status']): Promise<Outcome>;
  /** Checks an operator id; `ref` of a delivered outcome is the name that end users see, where the channel tells it. */
  checkOperator?(connection: Connection, operatorId: string): Promise<Outcome>;
  writeEvent?(connection: Connection, endUser: EndUser, name: string, values: Record<string, string>): Promise<Outcome>;
  /** Tries every call that the desk makes, with no effect on end users: what is there, what is missing, what could not be tested. */
  examine?(connection: Connection, hookUrl: string): Promise<Finding[]>;
  /** Checks credentials by a real call before they are kept. */
  checkCredentials(given: Given): Promise<Checked>;
}

/** Structured log lines without content and without secrets. */
export interface Log {
  info(fields: object, line: string): void;
  warn(fields: object, line: string): void;
  error(fields: object, line: string): void;
}

/** Clocks, chance, digest and timers, passed in so that tests own them. */
export interface Environment {
  /** The time of day (Unix ms), for what is stored and shown. It may be set, forwards and back. */
  now(): number;
  /** A clock that is never set (ms since whenever), for everything that waits or ends. */
  elapsed(): number;
  /** A number in [0, 1). */
  random(): number;
  /** A short, stable, one-way id for any text: safe in every store. */
  digest(text: string): string;
  /** Runs `work` after `ms`; the answer cancels it. */
  later(ms: number, work: () => void): () => void;
  log: Log;
  /** Waits for what is being stored only as long as who sent it may wait: rejects with `store.unavailable` then. It may be stored all the same. */
  inTime?<T>(storing: Promise<T>): Promise<T>;
  /** Called at each step of a delivery, and waited for: a test may end the process there. */
  step?(step: Step): void | Promise<void>;
  /** Told what becomes of leases, for metrics; `late`: sending had to wait for a renewal. */
  leased?(event: 'taken' | 'given_back' | 'lost' | 'late'): void;
  /** Told of every attempt at a delivery, for metrics: `age` is how long ago it came in (ms). */
  observe?(attempt: {
    toward: Delivery['toward'];
    outcome: Outcome['kind'] | 'parked';
    code?: string;
    age: number;
  }): void;
}
