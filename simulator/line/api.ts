import { randomUUID } from 'node:crypto';
import type { Answer, Request } from '../http.ts';
import { ApiError, refuse, says } from './apiError.ts';
import type { Book } from './book.ts';
import { Check, isWebhookUrl } from './check.ts';
import { Content } from './content.ts';
import type { LineHooks } from './hooks.ts';
import { OAuth } from './oauth.ts';
import type { BucketKind, Rates } from './rates.ts';
import type { ReplyTokens } from './replyTokens.ts';
import { Sending } from './sending.ts';
import type { LineAccount } from './world.ts';

/** `api.line.me`, or `api-data.line.me` with what customers sent. */
export type Host = 'api' | 'data';

interface Call {
  request: Request;
  account: LineAccount;
  /** What stands in the path's places. */
  id: string;
  requestId: string;
  /** The body as JSON; complains when it is none. */
  json: () => unknown;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

const bodyLimit = 2 * 1024 * 1024;
const urlLimit = 500;

/** The Messaging API of all accounts: which one is meant says the token. */
export class LineApi {
  readonly #book: Book;
  readonly #hooks: LineHooks;
  readonly #rates: Rates;
  readonly #oauth: OAuth;
  readonly #sending: Sending;
  readonly #content: Content;

  constructor(book: Book, hooks: LineHooks, tokens: ReplyTokens, rates: Rates) {
    this.#book = book;
    this.#hooks = hooks;
    this.#rates = rates;
    this.#oauth = new OAuth(book);
    this.#sending = new Sending(book, tokens);
    this.#content = new Content(book);
  }

  /** Answers one call; never throws for what the caller did wrong. */
  async route(host: Host, request: Request): Promise<Answer> {
    const requestId = randomUUID();
    try {
      const answer = await this.#route(host, request, requestId);
      return { ...answer, headers: { 'x-line-request-id': requestId, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { answer } = error;
      return { ...answer, headers: { 'x-line-request-id': requestId, ...answer.headers } };
    }
  }

  #route(host: Host, request: Request, requestId: string): Answer | Promise<Answer> {
    const { method, path, headers, raw } = request;
    const token = this.#tokenRoutes[`${host} ${method} ${path}`];
    if (token) return token(request);
    const found = this.#routes.filter((route) => route.host === host && route.path.test(path));
    const route = found.find((each) => each.method === method);
    const account = this.#account(headers.authorization);
    if (!route) throw new ApiError(found.length > 0 ? 405 : 404, found.length > 0 ? 'Method not allowed' : 'Not found');
    if (!this.#rates.spend(route.bucket ?? 'other', `${account.channelId} ${method} ${route.path.source}`))
      throw new ApiError(429, says.rate);
    if (raw.length > bodyLimit) throw new ApiError(413, says.tooLarge);
    if (headers['x-line-retry-key'] !== undefined && !route.retries)
      throw new ApiError(400, 'The retry key is not supported by this API');
    const id = route.path.exec(path)?.[1] ?? '';
    return route.answer({ request, account, id, requestId, json: () => jsonOf(request) });
  }

  readonly #tokenRoutes: Record<string, (request: Request) => Answer> = {
    'api POST /oauth2/v3/token': (request) => this.#oauth.stateless(request),
    'api GET /oauth2/v2.1/verify': (request) => this.#oauth.verifyByQuery(request),
    'api POST /v2/oauth/accessToken': (request) => {
      const id = new URLSearchParams(request.raw.toString('utf8')).get('client_id') ?? '';
      if (!this.#rates.spend('shortToken', id)) throw new ApiError(429, says.rate);
      return this.#oauth.short(request);
    },
    'api POST /v2/oauth/verify': (request) => this.#oauth.verify(request),
    'api POST /v2/oauth/revoke': (request) => this.#oauth.revoke(request),
  };

  readonly #routes: {
    host: Host;
    method: string;
    path: RegExp;
    answer: Handler;
    bucket?: BucketKind;
    /** Takes an X-Line-Retry-Key. */
    retries?: boolean;
  }[] = [
    {
      host: 'api',
      method: 'POST',
      path: /^\/v2\/bot\/message\/push$/,
      retries: true,
      answer: ({ account, json, request, requestId }) =>
        this.#sending.push(account, json(), requestId, one(request.headers['x-line-retry-key'])),
    },
    {
      host: 'api',
      method: 'POST',
      path: /^\/v2\/bot\/message\/reply$/,
      answer: ({ account, json }) => this.#sending.reply(account, json()),
    },
    {
      host: 'api',
      method: 'POST',
      path: /^\/v2\/bot\/message\/validate\/(reply|push|multicast|narrowcast|broadcast)$/,
      answer: ({ json }) => this.#sending.validate(json()),
    },
    { host: 'api', method: 'GET', path: /^\/v2\/bot\/info$/, answer: ({ account }) => botInfo(account) },
    {
      host: 'api',
      method: 'GET',
      path: /^\/v2\/bot\/profile\/([^/]+)$/,
      answer: ({ account, id }) => this.#profile(account, id),
    },
    {
      host: 'api',
      method: 'GET',
      path: /^\/v2\/bot\/followers\/ids$/,
      // For verified and premium accounts only, and these are neither.
      answer: () => {
        throw new ApiError(403, says.notForYou);
      },
    },
    {
      host: 'api',
      method: 'GET',
      path: /^\/v2\/bot\/message\/quota$/,
      answer: ({ account: { quota } }) => ({
        status: 200,
        body: quota === null ? { type: 'none' } : { type: 'limited', value: quota },
      }),
    },
    {
      host: 'api',
      method: 'GET',
      path: /^\/v2\/bot\/message\/quota\/consumption$/,
      answer: ({ account }) => ({ status: 200, body: { totalUsage: this.#book.usedBy(account) } }),
    },
    {
      host: 'api',
      method: 'GET',
      path: /^\/v2\/bot\/channel\/webhook\/endpoint$/,
      bucket: 'endpoint',
      answer: ({ account: { webhook } }) => {
        if (webhook.url === undefined) throw new ApiError(404, says.noWebhook);
        return { status: 200, body: { endpoint: webhook.url, active: webhook.active } };
      },
    },
    {
      host: 'api',
      method: 'PUT',
      path: /^\/v2\/bot\/channel\/webhook\/endpoint$/,
      bucket: 'endpoint',
      answer: ({ account, json }) => {
        account.webhook.url = webhookUrl(new Check(json()));
        this.#book.stage.changed();
        return { status: 200, body: {} };
      },
    },
    {
      host: 'api',
      method: 'POST',
      path: /^\/v2\/bot\/channel\/webhook\/test$/,
      bucket: 'hourly',
      answer: async ({ account, json, request }) => {
        const check = new Check(request.raw.length > 0 ? json() : {});
        const url = check.has('endpoint') ? webhookUrl(check) : account.webhook.url;
        if (url === undefined) throw new ApiError(404, says.noWebhook);
        return { status: 200, body: await this.#hooks.verify(account, url) };
      },
    },
    {
      host: 'api',
      method: 'POST',
      path: /^\/v2\/bot\/chat\/loading\/start$/,
      bucket: 'loading',
      answer: ({ account, json }) => this.#load(account, new Check(json())),
    },
    {
      host: 'api',
      method: 'POST',
      path: /^\/v2\/bot\/chat\/markAsRead$/,
      answer: ({ account, json }) => this.#markAsRead(account, new Check(json())),
    },
    {
      host: 'data',
      method: 'GET',
      path: /^\/v2\/bot\/message\/([^/]+)\/content$/,
      answer: ({ account, id }) => this.#content.bytes(account, id),
    },
    {
      host: 'data',
      method: 'GET',
      path: /^\/v2\/bot\/message\/([^/]+)\/content\/preview$/,
      answer: ({ account, id }) => this.#content.preview(account, id),
    },
    {
      host: 'data',
      method: 'GET',
      path: /^\/v2\/bot\/message\/([^/]+)\/content\/transcoding$/,
      answer: ({ account, id }) => this.#content.transcoding(account, id),
    },
  ];

  #account(authorization = ''): LineAccount {
    const [, token] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    if (token === undefined) throw new ApiError(401, says.noToken);
    const account = this.#oauth.accountOf(token);
    if (!account) throw new ApiError(401, says.badToken);
    return account;
  }

  /** Friends, and others who have written; nobody who blocks the account or gave no consent. */
  #profile(account: LineAccount, userId: string): Answer {
    const customer = this.#book.customersOf(account).find((each) => each.userId === userId);
    const known = customer?.friendship === 'friend' || customer?.messages.some(({ from }) => from === 'customer');
    if (!customer || !known || customer.friendship === 'blocked' || !customer.consents)
      throw new ApiError(404, says.noProfile);
    const { name, language, pictureUrl, statusMessage } = customer;
    return { status: 200, body: { userId, displayName: name, language, pictureUrl, statusMessage } };
  }

  #load(account: LineAccount, check: Check): Answer {
    const chatId = check.text('chatId');
    if (chatId !== '' && !/^U[0-9a-f]{32}$/.test(chatId))
      check.complain(
        'chatId',
        'Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.',
      );
    const seconds = check.has('loadingSeconds') ? (check.number('loadingSeconds', 5, 60, true) ?? 0) : 20;
    if (seconds % 5 !== 0) check.complain('loadingSeconds', 'must be a multiple of five');
    if (check.complaints.length > 0) refuse(check.complaints);
    const customer = this.#book.customersOf(account).find(({ userId }) => userId === chatId);
    if (customer?.friendship === 'friend') {
      customer.loadingUntil = new Date(this.#book.stage.now() + seconds * 1000).toISOString();
      this.#book.stage.changed();
    }
    return { status: 202, body: {} };
  }

  /** The message that the token came with, and all before it. */
  #markAsRead(account: LineAccount, check: Check): Answer {
    const token = check.text('markAsReadToken');
    if (check.complaints.length > 0) refuse(check.complaints);
    for (const { messages } of this.#book.customersOf(account)) {
      const last = messages.findIndex(({ markAsReadToken }) => markAsReadToken === token);
      if (last < 0) continue;
      for (const message of messages.slice(0, last + 1))
        if (message.from === 'customer') message.readAt ??= this.#book.stage.timestamp();
      this.#book.stage.changed();
      return { status: 200, body: {} };
    }
    throw new ApiError(400, says.readToken);
  }
}

function botInfo({ userId, basicId, premiumId, displayName, pictureUrl, chatMode }: LineAccount): Answer {
  const markAsReadMode = chatMode === 'chat' ? 'manual' : 'auto';
  return { status: 200, body: { userId, basicId, premiumId, displayName, pictureUrl, chatMode, markAsReadMode } };
}

function webhookUrl(check: Check): string {
  const url = check.text('endpoint', urlLimit);
  if (check.complaints.length > 0) refuse(check.complaints);
  if (!isWebhookUrl(url)) throw new ApiError(400, says.badWebhook);
  return url;
}

function jsonOf({ raw, headers }: Request): unknown {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) throw new ApiError(415, `The content type, ${type}, is not supported`);
  const text = raw.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = Number(/at position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
    const lines = text.slice(0, position).split('\n');
    const place = `line: ${lines.length}, column: ${(lines.at(-1)?.length ?? 0) + 1}`;
    throw new ApiError(400, `The request body could not be parsed as JSON (${place})`);
  }
}

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);
