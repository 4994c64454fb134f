import type { LineWorld } from './line/world.ts';

/**
 * The simulated world as plain JSON: what `GET api/state` answers, what the state file keeps, what the page draws.
 *
 * Control API, below `<baseUrl>/api` (JSON in, JSON out; POST needs `Content-Type: application/json`; a refusal is
 * `{"error":"<one sentence>"}` with 400, 403 for a Host that is not loopback, 404 for an unknown route, 413, 415):
 *
 * | call | body | answer |
 * | --- | --- | --- |
 * | `GET  /state` | | {@link SimulatorState} |
 * | `GET  /events` | | server-sent events: `event: change`, `data: {"version":n}`; one at once, then at most one each 30 ms; read `/state` again |
 * | `POST /customers` | {@link NewCustomer} | 201 {@link Customer} |
 * | `POST /customers/:customerId/messages` | {@link CustomerWrites} | 201 {@link CustomerMessage} (the hook travels afterwards, see `deliveries`) |
 * | `POST /customers/:customerId/identify` | `{user_id}` | {@link Customer}: the visitor logged in and is a member now |
 * | `POST /operators/:personId/messages` | {@link PersonWrites} | 201 {@link Post} (the activity travels afterwards) |
 * | `POST /posts/:postId/edit` | `{personId, text, mentionBot?, mentions?}` | {@link Post}; without the last two its mentions stay |
 * | `POST /posts/:postId/delete` | `{personId}` | {@link Post}; deleting a root ends its thread: the bot gets 404 there |
 * | `POST /posts/:postId/undelete` | `{personId}` | {@link Post}: what its writer deleted is there again |
 * | `POST /posts/:postId/redeliver` | `{}` | 202: the last activity about the post (written, edited, deleted) comes once more |
 * | `POST /posts/:postId/reactions` | `{personId, type, remove?}` | {@link Post} |
 * | `POST /clicks` | {@link CardAction} | 202 `{"activityId"}`: an Action.Submit |
 * | `POST /tasks/fetch` | {@link CardAction} | {@link InvokeAnswer}: an Action.Submit whose data has `msteams.type` = `task/fetch` |
 * | `POST /tasks/submit` | {@link CardAction} | {@link InvokeAnswer}: the dialog's own Submit; `data` = its inputs + action data |
 * | `POST /tasks/execute` | {@link CardAction} with `verb` | {@link InvokeAnswer}: an Action.Execute |
 * | `GET  /files/:fileId` | | a file that somebody sent, as its bytes |
 * | `POST /karte/messages` | `{customerId, operatorId, text}` | 201 {@link CustomerMessage}: an operator writes in KARTE's own screen |
 * | `POST /karte/assign` | `{customerId, operatorId: string \| null}` | {@link Customer}: null = 未担当 |
 * | `POST /karte/status` | `{customerId, status}` | {@link Customer} (no hook exists for it) |
 * | `… /line/…` | | LINE's side, see `line/control.ts` |
 * | `POST /faults` | {@link FaultRequest} | {@link FaultsState} |
 * | `DELETE /faults` | | {@link FaultsState}: nothing planned, all sides online and quick |
 * | `POST /install` | `{installed: boolean, personId?}` | {@link BotState} |
 * | `POST /reset` | `{}` | {@link SimulatorState}: the default world again |
 *
 * Page files: `<baseUrl>/` = `page/index.html`; `page/*.ts` go out as JavaScript under their own name; the card renderer is
 * `vendor/adaptivecards.min.js`, the font `vendor/index.css` (family `Noto Sans JP Variable`).
 *
 * Ids hold `:` and `;`: put them through `encodeURIComponent` in a path.
 */
export interface SimulatorState extends World {
  /** Grows with each change, also of faults and deliveries. */
  version: number;
  faults: FaultsState;
  botStatus: BotStatus;
  /** The newest 50 activities and hooks on their way to the bot, oldest first. */
  deliveries: Delivery[];
}

/** The part that is kept in the state file. */
export interface World {
  bot: BotState;
  tenantId: string;
  /** The language in which the team has Teams. */
  locale: 'ja-JP' | 'en-US';
  team: Team;
  people: Person[];
  channels: TeamsChannel[];
  /** In the order of their roots. */
  threads: Thread[];
  project: KarteProject;
  customers: Customer[];
  /** LINE Official Accounts and those who talk with them. */
  line: LineWorld;
  /** The newest activity id handed out (milliseconds); ids never repeat. */
  lastId: number;
}

export interface BotState {
  /** `28:<appId>` */
  id: string;
  appId: string;
  /** The name that stands in a mention: `<at>KARTE</at>`. */
  name: string;
  /** Is the app installed in the team? If not, the connector answers 403 and nothing is delivered to the bot. */
  installed: boolean;
}

/** How the newest activity or hook fared; `unknown` before the first one. */
export interface BotStatus {
  state: 'unknown' | 'answering' | 'failing';
  /** HTTP status of the newest answer, absent when there was none. */
  status?: number;
  /** Why there was no answer. */
  error?: string;
  /** ISO 8601. */
  at?: string;
}

export interface Team {
  /** `19:…@thread.tacv2`; also the id of its General channel. */
  id: string;
  name: string;
  aadGroupId: string;
}

export interface Person {
  /** `29:…` */
  id: string;
  aadObjectId: string;
  name: string;
  givenName: string;
  surname: string;
  email: string;
  userPrincipalName: string;
  tenantId: string;
  userRole: 'user' | 'guest' | 'anonymous';
  owner: boolean;
  /** False for outsiders: not in the roster, 404 at the connector. */
  member: boolean;
}

export interface TeamsChannel {
  id: string;
  /** What people see; the connector answers an empty name for General, as Teams does. */
  name: string;
  general: boolean;
  deleted: boolean;
}

export interface Thread {
  /** `<channelId>;messageid=<rootId>`: the conversation id. */
  id: string;
  rootId: string;
  channelId: string;
  /** The root is the first one. */
  posts: Post[];
  /** Its root was deleted by a person. */
  deleted: boolean;
}

/** One message in a thread. A deleted one keeps its id and place and loses its content. */
export interface Post {
  /** Activity id: milliseconds, unique in the whole world. */
  id: string;
  /** A person's or the bot's id. */
  from: string;
  fromName: string;
  fromBot: boolean;
  /** ISO 8601. */
  at: string;
  /** What people see of a person's post, names of mentioned ones as `@Name`; for the bot the text as sent, with `<at>Name</at>`. */
  text?: string;
  textFormat?: 'plain' | 'markdown' | 'xml' | 'extendedmarkdown';
  attachments: Attachment[];
  mentions: Mention[];
  /** Texts of mentions that Teams dropped silently: not in the text, or nobody by that id in the team. */
  droppedMentions: string[];
  reactions: Reaction[];
  /** Only this person sees the post (targeted message). */
  targetedTo?: string;
  editedAt?: string;
  deletedAt?: string;
  /** Posts that came from one activity which Teams split carry the same mark; the bot got no id for them. */
  splitFrom?: string;
  /** Which client a person wrote it with. */
  client?: Client;
}

export interface Attachment {
  /** `application/vnd.microsoft.card.adaptive`, `image/png`, ... */
  contentType: string;
  /** The card JSON. */
  content?: unknown;
  contentUrl?: string;
  name?: string;
}

export interface Mention {
  /** Id of the mentioned person or bot. */
  id: string;
  name: string;
  /** The marker in the text or card: `<at>Name</at>`. */
  text: string;
}

export interface Reaction {
  /** `like`, `heart`, `1f440_eyes`, ... */
  type: string;
  /** Ids of those who reacted. */
  by: string[];
}

export type Client = 'desktop' | 'web' | 'mobile';

export interface KarteProject {
  apiKey: string;
  accessToken: string;
  clientSecret: string;
  clientId: string;
  botId: string;
  botName: string;
  scopes: string[];
  operators: KarteOperator[];
}

export interface KarteOperator {
  /** アサインID */
  id: string;
  /** The name end users see. */
  name: string;
}

export type ChatStatus = 'open' | 'waiting' | 'closed';

export interface Customer {
  /** `user_id` of a member, `visitor_id` of a visitor when first seen; stays the same after a log-in. */
  id: string;
  kind: 'visitor' | 'member';
  user_id?: string;
  visitor_id: string;
  /** Only the simulator's page shows it; KARTE does not send it. */
  name?: string;
  messages: CustomerMessage[];
  /** null = 未担当 */
  assignee: { id: string; is_bot: boolean } | null;
  status: ChatStatus;
  events: CustomerEvent[];
}

export interface CustomerMessage {
  id: string;
  /** ISO 8601. */
  at: string;
  /** `note` is seen by operators only. */
  from: 'customer' | 'operator' | 'bot' | 'note';
  /** Operator or bot id; absent for the customer. */
  senderId?: string;
  /** The name the customer sees. */
  senderName?: string;
  text: string;
  /** A picture, and where the page finds it: `api/files/<id>`. */
  picture?: { url: string; name: string };
  /** `api`: sent through the API (never hooked); `console`: KARTE's own screen; `widget`: the customer's browser. */
  via: 'api' | 'console' | 'widget';
}

export interface CustomerEvent {
  at: string;
  event_name: string;
  values: Record<string, unknown>;
}

/** An activity or hook on its way to the bot. */
export interface Delivery {
  /** Activity id or hook id: the same for each repeat. */
  id: string;
  side: Side;
  /** `message`, `invoke task/fetch`, `talk/message/sendFromUser`, ... */
  kind: string;
  attempts: DeliveryAttempt[];
  /** `waiting`: an attempt or a repeat is still to come. */
  outcome: 'waiting' | 'accepted' | 'failed';
}

export interface DeliveryAttempt {
  at: string;
  status?: number;
  error?: string;
}

export type Side = 'teams' | 'karte' | 'line';

/** A call the product made to one side, as seen at the socket. `status` 0 = no answer left (reset or hanging). */
export interface Call {
  side: Side;
  method: string;
  /** With query, decoded, without the prefix: `/v3/conversations/19:…@thread.tacv2;messageid=…/activities`. */
  path: string;
  status: number;
  /** Milliseconds. */
  at: number;
  /** Parsed JSON, or the raw text when it was none. */
  body: unknown;
  /** The answer came from a planned fault. */
  faulty?: boolean;
  /** When the answer left (ms), and how long it asked to wait (ms). */
  answeredAt?: number;
  retryAfter?: number;
  /** LINE only: headers of the request (without the token) and the body of the answer, a file as its length. */
  headers?: Record<string, string | undefined>;
  answer?: unknown;
}

/** What the next calls meet. Without status, reset, hang and delayMs the fault answers 500. */
export interface Fault {
  side: Side;
  /** Regular expression over {@link Call.path}; every call of the side when absent. */
  path?: string;
  /** HTTP method, any when absent. */
  method?: string;
  /** Only calls whose body contains this. */
  containing?: string;
  /** How many calls, default 1. */
  times?: number;
  status?: number;
  /** Teams: `error.code`; KARTE: the `error` text; LINE: the `message`. */
  code?: string;
  /** Replaces the body wholly: a string as it is (HTML), anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Wait this long first; alone it only slows the call down. */
  delayMs?: number;
  /** Cut the connection; `after` = the effect happened, then the answer was lost. */
  reset?: 'before' | 'after';
  /** Never answer; `after` (and `true` = `before`) as above. */
  hang?: boolean | 'before' | 'after';
  /** With `status`: the effect happens all the same (a 5xx after delivery). */
  effect?: boolean;
}

export interface SideSwitch {
  /** Connections are cut before anything happens. */
  offline: boolean;
  /** Every call waits this many milliseconds. */
  slowMs: number;
}

export interface FaultsState {
  planned: (Fault & { id: number; left: number })[];
  teams: SideSwitch;
  karte: SideSwitch;
  line: SideSwitch;
}

/** Body of `POST /faults`: either a planned fault, or switches of one side. */
export type FaultRequest = Fault | { side: Side; offline?: boolean; slowMs?: number };

export interface NewCustomer {
  kind: 'visitor' | 'member';
  /** Needed for a member. */
  user_id?: string;
  visitor_id?: string;
  name?: string;
}

/** A file somebody chose, at most some 10 MB. */
export interface SentFile {
  name: string;
  /** `image/png`, ...: what the browser says of it. */
  type: string;
  base64: string;
}

export interface CustomerWrites {
  /** May be empty beside a picture. */
  text: string;
  picture?: SentFile;
  /** URL of the page the customer is on. */
  page?: string;
  /** As the widget's `chat.setMetadata`: `{ ms_teams: { channel: "19%3a…" } }`. */
  metadata?: Record<string, unknown>;
}

/**
 * A person writes in a Teams channel (new thread) or in a thread (reply): exactly one of the two ids.
 * Mentioned names stand in `text` as `@Name`; a mentioned one that does not stand there is put in front (bot) or at
 * the end (people). Only a post that mentions the bot is delivered to it.
 */
export interface PersonWrites {
  channelId?: string;
  threadId?: string;
  text: string;
  /** Pasted into the text: the bot gets them as attachments. */
  pictures?: SentFile[];
  /** Names of attached files: the bot gets a mark of each and nothing else. */
  files?: string[];
  mentionBot?: boolean;
  mentions?: string[];
  client?: Client;
}

export interface CardAction {
  personId: string;
  /** The post that holds the card. */
  postId: string;
  /** Card inputs and the action's own data, merged as Teams does. */
  data: Record<string, unknown>;
  /** Of an Action.Execute. */
  verb?: string;
}

/** What the bot answered to an invoke: for dialogs `body.task` = `{type:'continue', value:{title,height,width,card}}` or `{type:'message', value}`; empty = close. */
export interface InvokeAnswer {
  /** 0 when there was no answer in time. */
  status: number;
  body: unknown;
  error?: string;
}
