import type { Answer, Request } from '../http.ts';
import { segmentsOf } from '../http.ts';
import type { Customer, CustomerMessage } from '../state.ts';
import type { Hooks } from './hooks.ts';
import type { Project } from './project.ts';
import type { BodyOf, CallPath } from './schemas.ts';
import { calls, complaintOf } from './schemas.ts';

/** A refusal in KARTE's shape: `{"error":"…"}`. */
class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One event request may have 45 kb. */
const eventLimit = 45 * 1024;

type Handlers = { [Path in CallPath]: (body: BodyOf<Path>) => unknown };

/** KARTE's REST API: POST only, a bearer token with scopes, errors as `{"error"}` or as HTML of the front end. */
export class KarteApi {
  readonly #project: Project;
  readonly #hooks: Hooks;

  constructor(project: Project, hooks: Hooks) {
    this.#project = project;
    this.#hooks = hooks;
  }

  /** Answers one call; never throws for what the caller did wrong. */
  route(request: Request): Answer {
    const { method, headers } = request;
    if (method === 'POST' && headers['content-length'] === undefined) return lengthRequired;
    const [room, id] = segmentsOf(request.path) ?? [];
    // Where customers' pictures lie is not documented, nor whether a token is asked for.
    if (room === 'files' && method === 'GET') return this.#project.fileOf(id);
    try {
      return { status: 200, body: this.#route(request) };
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: { error: error.message } };
      throw error;
    }
  }

  #route({ method, path, headers, raw }: Request): unknown {
    if (!Object.hasOwn(calls, path)) throw new ApiError(404, 'Not Found');
    if (method !== 'POST') throw new ApiError(405, 'Method Not Allowed');
    const call = path as CallPath;
    const { accessToken, scopes } = this.#project.data;
    if (headers.authorization !== `Bearer ${accessToken}`) throw new ApiError(401, 'Unauthorized');
    if (!scopes.includes(calls[call].scope))
      throw new ApiError(403, `Forbidden: the scope ${calls[call].scope} is needed`);
    if (headers['x-karte-api'] !== undefined) throw new ApiError(400, 'the header x-karte-api is reserved');
    if (!headers['content-type']?.startsWith('application/json'))
      throw new ApiError(400, 'content type must be application/json');
    if (call.includes('/track/') && raw.length > eventLimit) throw new ApiError(400, 'the event is larger than 45kb');
    const value = parse(raw);
    const parsed = calls[call].body.safeParse(value);
    if (!parsed.success) throw new ApiError(400, complaintOf(parsed.error, value));
    const answer = (this.#handlers[call] as (body: unknown) => unknown)(parsed.data) ?? {};
    return this.#project.settings.responses[call] ?? answer;
  }

  readonly #handlers: Handlers = {
    '/v2/talk/message/sendFromOperator': ({ user_id, content, sender_id }) => {
      const senderName = this.#project.senderName(sender_id);
      if (senderName === undefined) throw new ApiError(400, 'sender is not found. path: sender_id');
      const from = sender_id === this.#project.data.botId ? 'bot' : 'operator';
      this.#add(user_id, { from, senderId: sender_id, senderName, text: content.text, via: 'api' });
    },
    '/v2/talk/message/sendFromUser': ({ user_id, content }) => {
      this.#add(user_id, { from: 'customer', text: content.text, via: 'api' });
    },
    '/v2/talk/message/get': ({ user_id, options }) => ({ messages: this.#messages(user_id, options?.limit) }),
    '/v2/talk/assignee/assign': ({ user_id, assignee }) => {
      this.#checkSender(assignee);
      this.#assign(user_id, assignee);
    },
    '/v2/talk/assignee/unassign': ({ user_id }) => this.#assign(user_id, null),
    '/v2beta/talk/assignee/get': ({ user_id }) => {
      const { assignee } = this.#customer(user_id);
      if (assignee) return { assignee: { id: assignee.id } };
      return this.#project.settings.unassigned === 'null' ? { assignee: null } : {};
    },
    '/v2beta/talk/operator/list': () => ({}),
    '/v2/talk/operator/get': ({ operator_id }) => this.#checkOperator(operator_id),
    '/v2beta/talk/operator/get': ({ operator_id }) => this.#checkOperator(operator_id),
    '/v2beta/talk/note/send': ({ user_id, content, sender }) => {
      this.#checkSender(sender);
      const senderName = this.#project.senderName(sender.id);
      this.#add(user_id, { from: 'note', senderId: sender.id, senderName, text: content.text, via: 'api' });
    },
    '/v2beta/talk/status/change': ({ user_id, chat_status }) => {
      this.#project.setStatus(this.#customer(user_id), chat_status);
    },
    '/v2/track/event/write': (body) => this.#writeEvent(body),
    '/v2beta/track/event/writeAndExecAction': (body) => this.#writeEvent(body),
  };

  /** Messages written through the API are never hooked. */
  #add(userId: string, message: Omit<CustomerMessage, 'id' | 'at'>): void {
    if (userId.startsWith('wuid-line-')) throw new ApiError(400, 'web chat users only. path: user_id');
    if (message.text.length > this.#project.settings.maxTextLength)
      throw new ApiError(400, 'text is too long. path: content.text');
    this.#project.addMessage(this.#customer(userId), message);
  }

  #messages(userId: string, limit = 50) {
    const customer = this.#project.find(userId);
    const { messageOrder, limitKeeps } = this.#project.settings;
    const all = (customer?.messages ?? []).filter(({ from }) => from !== 'note');
    const kept = limitKeeps === 'newest' ? all.slice(-limit) : all.slice(0, limit);
    const told = kept.map(({ at, senderId, text }) => ({
      date: at,
      account_id: senderId ?? null,
      visitor_id: customer?.visitor_id,
      content: { text },
    }));
    return messageOrder === 'newestFirst' ? told.reverse() : told;
  }

  #assign(userId: string, assignee: Customer['assignee']): void {
    const customer = this.#customer(userId);
    this.#project.assign(customer, assignee);
    if (this.#project.settings.hookOnApiAssign) this.#hooks.assign(customer);
  }

  #checkSender({ id, is_bot }: { id: string; is_bot: boolean }): void {
    const known = is_bot ? id === this.#project.data.botId : this.#project.findOperator(id);
    if (!known) throw new ApiError(400, `${is_bot ? 'bot' : 'operator'} is not found. path: id`);
  }

  #checkOperator(id: string): void {
    if (!this.#project.findOperator(id)) throw new ApiError(400, 'operator is not found. path: operator_id');
  }

  #writeEvent({ keys, event }: BodyOf<'/v2/track/event/write'>): void {
    const { user_id, visitor_id } = keys;
    if (!user_id && !visitor_id) throw new ApiError(400, "should have required property 'user_id'. path: keys.user_id");
    const customer = this.#project.customers.find((each) =>
      user_id ? each.user_id === user_id : each.visitor_id === visitor_id,
    );
    if (!customer) throw new ApiError(400, 'user is not found. path: keys');
    this.#project.addEvent(customer, event.event_name, event.values);
  }

  #customer(userId: string): Customer {
    const customer = this.#project.find(userId);
    if (!customer) throw new ApiError(400, 'user is not found. path: user_id');
    return customer;
  }
}

const lengthRequired: Answer = {
  status: 411,
  body: '<!DOCTYPE html>\n<html lang=en><title>Error 411 (Length Required)!!1</title>\n<p><b>411.</b> POST requests require a <code>Content-length</code> header.</html>\n',
};

/** Complaints in the words of an older V8, as KARTE's: `Unexpected token o in JSON at position 0`. */
function parse(raw: Buffer): unknown {
  const text = raw.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = Number(/at position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
    const found = text[position];
    if (found === undefined) throw new ApiError(400, 'Unexpected end of JSON input');
    throw new ApiError(400, `Unexpected token ${found} in JSON at position ${position}`);
  }
}
