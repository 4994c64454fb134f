import type { Assignee, Conversation, EndUser } from '../../desk/conversation.ts';
import type { Finding } from '../../desk/finding.ts';
import type { Message } from '../../desk/message.ts';
import { textOf } from '../../desk/message.ts';
import type { Failure, Outcome } from '../../desk/outcome.ts';
import type {
  Capabilities,
  Checked,
  ConnectionForm,
  FetchedFile,
  Given,
  Log,
  LookedUp,
  Sending,
  Sought,
} from '../../desk/ports.ts';
import type { Connection } from '../../desk/settings.ts';
import type { Channel, FindConnection, Hook } from '../channel.ts';
import { KarteApi } from './api.ts';
import { examined } from './examination.ts';
import { harmless } from './harmless.ts';
import { readHistory } from './history.ts';
import { holdsNewest, isWhole, readLookUp, SHORTER } from './lookUp.ts';
import { karteOutcomes } from './outcomes.ts';
import { Receiver } from './receiver.ts';

/** What the KARTE channel is given: where KARTE is, and how to open a connection's sealed secrets. */
export interface KarteParts {
  apiUrl: string;
  adminUrl: string;
  /** How long one call may take (ms). */
  timeout: number;
  secrets(connection: Connection): Record<string, string>;
  digest(text: string): string;
  /** Downloads a file from the hosts on which KARTE keeps what customers send. Never rejects. */
  download(url: string, limits: { most: number; patience: number }): Promise<FetchedFile>;
  now(): number;
  log: Log;
}

/** KARTE Talk, the web chat. Paths, bodies and scopes: developers.karte.io; what is sample-only or unknown: docs/karte.md. */
export class Karte implements Channel {
  readonly name = 'karte';
  /** `sendFromOperator` takes text only; its length limit and an idempotency key are not documented. */
  readonly capabilities: Capabilities = {
    images: false,
    files: false,
    edits: false,
    deletes: false,
    readMarks: false,
  };
  /** In the order of KARTE's own four-value command. */
  readonly form: ConnectionForm = {
    account: 'apiKey',
    fields: [
      { id: 'apiKey', secret: false, required: true },
      { id: 'accessToken', secret: true, required: true },
      { id: 'botId', secret: false, required: true },
      { id: 'clientSecret', secret: true, required: true },
      { id: 'projectId', secret: false, required: false },
    ],
  };
  readonly outcomes = karteOutcomes;
  readonly #parts: KarteParts;
  readonly #api: KarteApi;
  readonly #receiver: Receiver;

  constructor(parts: KarteParts) {
    this.#parts = parts;
    this.#api = new KarteApi({ url: parts.apiUrl, timeout: parts.timeout, now: parts.now });
    this.#receiver = new Receiver(parts);
  }

  /** One path for all: KARTE's own manual tells people to register it. A hook names its project in its body. */
  hookPath(): string {
    return '/api/teams/messages';
  }

  receive(hook: Hook, find: FindConnection) {
    return this.#receiver.receive(hook, find);
  }

  send(connection: Connection, endUser: EndUser, message: Message, { sender }: Sending): Promise<Outcome> {
    const body = {
      user_id: endUser.key,
      content: { text: harmless(textOf(message)) },
      sender_id: sender.id ?? this.botSenderId(connection),
    };
    return this.#outcome(connection, '/v2/talk/message/sendFromOperator', 'talk.message.sendFromOperator', body);
  }

  /** Where KARTE keeps files, and whether it asks for a token, is not documented. */
  fetchFile(_connection: Connection, url: string, limits: { most: number; patience: number }): Promise<FetchedFile> {
    return this.#parts.download(url, limits);
  }

  /** Looks through the last messages for this text by this sender, not older than the claim. Order and paging are undocumented. */
  async lookUp(connection: Connection, endUser: EndUser, sought: Sought): Promise<LookedUp> {
    const answer = await this.#lastMessages(connection, endUser, LOOKED_THROUGH);
    if (answer.kind !== 'delivered') return unanswered(answer);
    const senderId = sought.senderId ?? this.botSenderId(connection);
    const looked = readLookUp(answer.body, { ...sought, senderId }, LOOKED_THROUGH);
    if (looked !== 'absent' || isWhole(answer.body)) return looked;
    const shorter = await this.#lastMessages(connection, endUser, SHORTER);
    if (shorter.kind !== 'delivered') return unanswered(shorter);
    return holdsNewest(answer.body, shorter.body) ? 'absent' : 'cannotTell';
  }

  #lastMessages(connection: Connection, endUser: EndUser, limit: number) {
    const body = { user_id: endUser.key, options: { limit } };
    return this.#call(connection, '/v2/talk/message/get', 'talk.message.get', body);
  }

  /** The last ones at the end, whatever order KARTE answers in. How many it gives at most is not documented. */
  async history(connection: Connection, endUser: EndUser, limit: number): Promise<Message[] | Failure> {
    const answer = await this.#lastMessages(connection, endUser, limit);
    if (answer.kind !== 'delivered') return answer;
    const messages = readHistory(answer.body, this.botSenderId(connection));
    return messages?.slice(-limit) ?? { kind: 'refused', code: 'karte.unexpected', transient: false };
  }

  botSenderId(connection: Connection): string {
    return connection.settings.botId ?? '';
  }

  /** The talk screen of one end user where the project id is known, else the list. Links: PLAID's own samples. */
  consoleUrl(connection: Connection, endUser: EndUser): string {
    const base = `${this.#parts.adminUrl}/communication/v2`;
    const project = connection.settings.projectId;
    // Sites choose user ids freely: half a character can't be encoded, and a button takes no endless address.
    const user = encodeURIComponent(endUser.key.toWellFormed());
    if (!project || user.length > LONGEST_USER || /^\.+$/.test(user)) return `${base}/workspace/`;
    return `${base}/redirect_from_v1/${user}?project=${encodeURIComponent(project)}`;
  }

  assign(connection: Connection, endUser: EndUser, assignee: Assignee): Promise<Outcome> {
    const body = { user_id: endUser.key, assignee: { id: assignee.id, is_bot: assignee.isBot ?? false } };
    return this.#outcome(connection, '/v2/talk/assignee/assign', ASSIGNING, body);
  }

  unassign(connection: Connection, endUser: EndUser): Promise<Outcome> {
    return this.#outcome(connection, '/v2/talk/assignee/unassign', ASSIGNING, { user_id: endUser.key });
  }

  async assignee(connection: Connection, endUser: EndUser): Promise<Assignee | null | undefined> {
    const answer = await this.#call(connection, '/v2beta/talk/assignee/get', 'beta.talk.assignee.get', {
      user_id: endUser.key,
    });
    if (answer.kind !== 'delivered' || typeof answer.body !== 'object' || answer.body === null) return undefined;
    const { assignee } = answer.body as { assignee?: { id?: unknown; is_bot?: unknown } | null };
    if (!assignee?.id) return null;
    return { id: String(assignee.id), isBot: assignee.is_bot === true };
  }

  /** Scope and answer are not documented; only the company's own people see notes. */
  writeNote(connection: Connection, endUser: EndUser, text: string, authorId?: string): Promise<Outcome> {
    const sender = { id: authorId ?? this.botSenderId(connection), is_bot: authorId === undefined };
    const body = { user_id: endUser.key, content: { text }, sender };
    return this.#outcome(connection, '/v2beta/talk/note/send', 'beta.talk.note.send', body);
  }

  /** KARTE opens a closed talk by itself when its user writes. The scope is not documented. */
  changeStatus(connection: Connection, endUser: EndUser, status: Conversation['status']): Promise<Outcome> {
    const body = { user_id: endUser.key, chat_status: status };
    return this.#outcome(connection, '/v2beta/talk/status/change', 'beta.talk.status.change', body);
  }

  /** The path's version is not documented, so v2 is asked first and v2beta when there is no such path. */
  async checkOperator(connection: Connection, operatorId: string): Promise<Outcome> {
    const ask = (version: string) =>
      this.#call(connection, `/${version}/talk/operator/get`, LINKING, { operator_id: operatorId });
    let answer = await ask('v2');
    if (answer.kind === 'refused' && answer.code === 'karte.notFound') answer = await ask('v2beta');
    if (answer.kind === 'refused' && ['karte.notFound', 'karte.badRequest'].includes(answer.code))
      return { ...answer, code: 'karte.noSuchOperator', detail: undefined };
    return answer.kind === 'delivered' ? { kind: 'delivered', ref: nameIn(answer.body) } : answer;
  }

  /** Here the two kinds of id have keys of their own, unlike in every Talk call. */
  writeEvent(connection: Connection, endUser: EndUser, name: string, values: Record<string, string>): Promise<Outcome> {
    const keys = endUser.userId ? { user_id: endUser.userId } : { visitor_id: endUser.visitorId ?? endUser.key };
    return this.#outcome(connection, '/v2/track/event/write', 'track.event.write', {
      keys,
      event: { event_name: name, values },
    });
  }

  examine(connection: Connection): Promise<Finding[]> {
    const ask = (path: string, scope: string, body: object) => this.#call(connection, path, scope, body);
    return examined(ask, this.#receiver.heardAgo(connection));
  }

  /**
   * Reads the messages of a user who does not exist: harmless, and it needs the token and a scope that every desk needs.
   * An answer about the *user* (400, 404) means that the token itself was taken.
   */
  async checkCredentials({ secrets }: Given): Promise<Checked> {
    const answer = await this.#api.call('/v2/talk/message/get', secrets.accessToken ?? '', 'talk.message.get', {
      user_id: 'madoguchi-setup-check',
      options: { limit: 1 },
    });
    const aboutTheUser = answer.kind === 'refused' && ['karte.badRequest', 'karte.notFound'].includes(answer.code);
    return aboutTheUser || answer.kind === 'delivered' ? { kind: 'delivered' } : answer;
  }

  #call(connection: Connection, path: string, scope: string, body: object) {
    return this.#api.call(path, this.#parts.secrets(connection).accessToken ?? '', scope, body);
  }

  async #outcome(connection: Connection, path: string, scope: string, body: object): Promise<Outcome> {
    const answer = await this.#call(connection, path, scope, body);
    return answer.kind === 'delivered' ? { kind: 'delivered' } : answer;
  }
}

/** Scopes that belong together, as KARTE's own manual asks for them; a person adds them in one go. */
const LINKING = 'talk.operator.get, beta.talk.assignee.get';
const ASSIGNING = 'talk.assignee.assign, talk.assignee.unassign';

/** The longest encoded user id that a link is made for. */
const LONGEST_USER = 1_500;

/** How many of a user's last messages are looked through for one that may have been sent. */
const LOOKED_THROUGH = 50;

function unanswered(answer: Failure): LookedUp {
  return answer.kind === 'refused' && !answer.transient ? 'cannotTell' : 'noAnswer';
}

function nameIn(body: unknown): string | undefined {
  const holder = body as
    | { operator?: { profile_name?: unknown; name?: unknown }; profile_name?: unknown; name?: unknown }
    | undefined;
  const name = holder?.operator?.profile_name ?? holder?.profile_name ?? holder?.operator?.name ?? holder?.name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
