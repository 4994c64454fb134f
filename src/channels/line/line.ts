import type { EndUser } from '../../desk/conversation.ts';
import type { Finding } from '../../desk/finding.ts';
import type { Message } from '../../desk/message.ts';
import type { Failure, Outcome } from '../../desk/outcome.ts';
import type {
  Capabilities,
  Checked,
  ConnectionForm,
  FetchedFile,
  Given,
  Log,
  Profile,
  Sending,
} from '../../desk/ports.ts';
import type { Connection } from '../../desk/settings.ts';
import type { Channel, FindConnection, Hook } from '../channel.ts';
import { type Answer, type Call, type Content, LineApi } from './api.ts';
import { type Ask, checked, examined, hookFindings } from './examination.ts';
import { fetched } from './files.ts';
import { lineOutcomes } from './outcomes.ts';
import { type LineObject, LONGEST_TEXT, MOST_OBJECTS, pushesOf, retryKeyOf, unnamed } from './outgoing.ts';
import { Receiver } from './receiver.ts';
import { type Keys, Tokens } from './token.ts';

/** What the LINE channel is given: where LINE is, and how to open a connection's sealed secrets. */
export interface LineParts {
  apiUrl: string;
  dataUrl: string;
  /** How long one call may take (ms). */
  timeout: number;
  /** Whether LINE can fetch a picture from an address of ours: over https, or on this machine in local mode. */
  isLink(url: string): boolean;
  secrets(connection: Connection): Record<string, string>;
  now(): number;
  log: Log;
}

const HOUR = 60 * 60_000;
const MB = 1024 * 1024;

/** How long the loading animation stays unless a message comes (s). */
const LOADING = 20;

/** LINE Official Account. What is confirmed, and what is not: docs/line.md. */
export class Line implements Channel {
  readonly name = 'line';
  readonly capabilities: Capabilities = {
    maxText: LONGEST_TEXT * MOST_OBJECTS,
    images: { types: ['image/jpeg', 'image/png'], most: 10 * MB, previewMost: MB },
    files: false,
    edits: false,
    deletes: false,
    readMarks: true,
    // LINE keeps a retry key for 24 hours; one is for clocks that differ.
    idempotentFor: 23 * HOUR,
  };
  /** In the order in which LINE Developers Console shows them. */
  readonly form: ConnectionForm = {
    account: 'channelId',
    fields: [
      { id: 'channelId', secret: false, required: true },
      { id: 'channelSecret', secret: true, required: true },
      { id: 'basicId', secret: false, required: true },
      { id: 'channelAccessToken', secret: true, required: false },
    ],
  };
  readonly outcomes = lineOutcomes;
  readonly #parts: LineParts;
  readonly #api: LineApi;
  readonly #tokens: Tokens;
  readonly #receiver: Receiver;

  constructor(parts: LineParts) {
    this.#parts = parts;
    const { apiUrl: url, dataUrl, timeout, now } = parts;
    this.#api = new LineApi({ url, dataUrl, timeout, now, log: parts.log });
    this.#tokens = new Tokens(this.#api, now);
    this.#receiver = new Receiver(parts);
  }

  hookPath(connectionId: string): string {
    return `/api/channels/line/${connectionId}`;
  }

  receive(hook: Hook, find: FindConnection) {
    return this.#receiver.receive(hook, find);
  }

  /** Each push under a retry key of its own, in order: whatever was taken before is not taken again. All of it, or it is not known what arrived. */
  async send(
    connection: Connection,
    { key: to }: EndUser,
    message: Message,
    { key, sender }: Sending,
  ): Promise<Outcome> {
    const name = sender.id === undefined ? undefined : sender.name;
    const pushes = pushesOf(message, name, this.#parts.isLink);
    if (pushes.length === 0) return { kind: 'refused', code: 'line.badRequest', transient: false };
    for (const [number, messages] of pushes.entries()) {
      const retryKey = retryKeyOf(key, message, number);
      const push = (objects: LineObject[]) => {
        const body = { to, messages: objects };
        return this.#call(connection, { method: 'POST', path: '/v2/bot/message/push', body, retryKey });
      };
      let answer = await push(messages);
      // Perhaps because of a word in the operator's name: nothing was sent, and the words are worth more than the name.
      if (answer.kind === 'refused' && answer.code === 'line.badRequest' && messages.some(({ sender }) => sender))
        answer = await push(unnamed(messages));
      if (answer.kind === 'delivered') continue;
      // A part of it is there already: only sending all again under the same keys makes it whole.
      return number === 0 ? answer : { kind: 'unknown', code: answer.code };
    }
    return { kind: 'delivered' };
  }

  async profile(connection: Connection, { key }: EndUser): Promise<Profile | undefined> {
    const answer = await this.#call(connection, { method: 'GET', path: `/v2/bot/profile/${encodeURIComponent(key)}` });
    if (answer.kind !== 'delivered') return undefined;
    const { displayName, pictureUrl } = (answer.body ?? {}) as { displayName?: unknown; pictureUrl?: unknown };
    return {
      ...(typeof displayName === 'string' && displayName !== '' ? { name: displayName.slice(0, 200) } : {}),
      ...(isPicture(pictureUrl, this.#parts.isLink) ? { pictureUrl } : {}),
    };
  }

  fetchFile(connection: Connection, url: string, limits: { most: number; patience: number }): Promise<FetchedFile> {
    const bytes = (path: string, most: number, patience: number) =>
      this.#withToken(this.#keysOf(connection), (token) => this.#api.content(path, token, most, patience));
    return fetched({ bytes, ask: (call) => this.#call(connection, call) }, url, limits);
  }

  async markRead(connection: Connection, _endUser: EndUser, mark: string): Promise<Outcome> {
    const body = { markAsReadToken: mark };
    return outcomeOf(await this.#call(connection, { method: 'POST', path: '/v2/bot/chat/markAsRead', body }));
  }

  async showTyping(connection: Connection, { key: chatId }: EndUser): Promise<Outcome> {
    const body = { chatId, loadingSeconds: LOADING };
    return outcomeOf(await this.#call(connection, { method: 'POST', path: '/v2/bot/chat/loading/start', body }));
  }

  registerHook(connection: Connection, url: string): Promise<Finding[]> {
    return hookFindings((call) => this.#call(connection, call), url, this.#parts.isLink(url));
  }

  examine(connection: Connection, hookUrl: string): Promise<Finding[]> {
    return examined((call) => this.#call(connection, call), hookUrl, this.#receiver.heardAgo(connection));
  }

  /**
   * With a pasted token nothing else would try id and secret, and a wrong secret makes every hook look forged. A token from earlier outlives a secret that
   * was reissued, so that it says nothing about it.
   */
  checkCredentials({ account: channelId, settings, secrets }: Given): Promise<Checked> {
    const { channelSecret = '', channelAccessToken } = secrets;
    const tokens = new Tokens(this.#api, this.#parts.now);
    const own: Ask = (call) => this.#callWith({ channelId, channelSecret }, call, tokens);
    const pasted: Ask = (call) => this.#callWith({ channelId, channelSecret, channelAccessToken }, call, tokens);
    return checked(own, channelAccessToken ? pasted : undefined, settings.basicId ?? '');
  }

  #keysOf(connection: Connection): Keys {
    const { channelSecret = '', channelAccessToken } = this.#parts.secrets(connection);
    return { channelId: connection.account, channelSecret, channelAccessToken };
  }

  #call(connection: Connection, call: Omit<Call, 'token'>): Promise<Answer> {
    return this.#callWith(this.#keysOf(connection), call);
  }

  #callWith(keys: Keys, call: Omit<Call, 'token'>, tokens = this.#tokens): Promise<Answer> {
    return this.#withToken(keys, (token) => this.#api.call({ ...call, token }), tokens);
  }

  /** A token that was issued here and is refused is replaced, once: nothing was done with it. */
  async #withToken<T extends Answer | Content>(
    keys: Keys,
    call: (token: string) => Promise<T>,
    tokens = this.#tokens,
  ): Promise<T | Failure> {
    const token = await tokens.of(keys);
    if (token.kind !== 'token') return token;
    const answer = await call(token.token);
    if (token.pasted || answer.kind !== 'refused' || answer.code !== 'line.unauthorized') return answer;
    tokens.refused(token.token);
    const fresh = await tokens.of(keys);
    return fresh.kind === 'token' ? call(fresh.token) : fresh;
  }
}

function outcomeOf(answer: Answer): Outcome {
  return answer.kind === 'delivered' ? { kind: 'delivered' } : (answer satisfies Failure);
}

function isPicture(url: unknown, isLink: (url: string) => boolean): url is string {
  return typeof url === 'string' && url.length <= 2_000 && URL.canParse(url) && isLink(url);
}
