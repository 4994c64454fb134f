import { type Dispatcher, request } from 'undici';
import type { Failure } from '../../desk/outcome.ts';
import { failureOf, type Seen, socketCodeOf } from '../../desk/outcomes.ts';
import type { Log } from '../../desk/ports.ts';
import { lineOutcomes } from './outcomes.ts';

/** Success carries the parsed body (`undefined` when it is not JSON) and the status: 202 means *not yet* for content. */
export type Answer = { kind: 'delivered'; status: number; body: unknown } | Failure;

/** The bytes of a content and what LINE says they are; `preparing`: LINE is not done with it. */
export type Content = { kind: 'bytes'; bytes: Buffer } | { kind: 'preparing' } | { kind: 'tooLarge' } | Failure;

/** One call; `data`: to the host of contents. `retryKey` makes sending it again harmless for 24 hours. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  token: string;
  data?: boolean;
  body?: object;
  retryKey?: string;
}

export interface LineApiOptions {
  url: string;
  /** Where contents are: LINE keeps them on a host of their own. */
  dataUrl: string;
  /** How long a call may take (ms). */
  timeout: number;
  now(): number;
  log: Log;
}

/** Cases that LINE tells apart by the message of its answer alone; the texts are documented. */
const MESSAGES: [errorCode: string, message: string][] = [
  ['MonthlyLimit', 'You have reached your monthly limit.'],
  ['CannotReceive', 'Failed to send messages'],
  ['NotAvailable', 'Access to this API is not available for your account'],
];

/** Calls LINE's Messaging API. Never throws for what LINE or the network does, and never repeats a call. */
export class LineApi {
  readonly #options: LineApiOptions;

  constructor(options: LineApiOptions) {
    this.#options = options;
  }

  call({ method, path, token, data, body, retryKey }: Call): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(retryKey ? { 'x-line-retry-key': retryKey } : {}),
    };
    const host = data ? this.#options.dataUrl : this.#options.url;
    return this.#ask(`${host}${path}`, { method, headers, body: body && JSON.stringify(body) });
  }

  /** A stateless token: 15 minutes, as many as wanted. Source: developers.line.biz/en/docs/basics/channel-access-token */
  issueToken(channelId: string, channelSecret: string): Promise<Answer> {
    const form = { grant_type: 'client_credentials', client_id: channelId, client_secret: channelSecret };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#ask(`${this.#options.url}/oauth2/v3/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(form).toString(),
    });
  }

  /** The bytes of a content, no more than `most` of them, within `patience` (ms). */
  async content(path: string, token: string, most: number, patience: number): Promise<Content> {
    return this.#inTime(patience, async (signal) => {
      const headers = { authorization: `Bearer ${token}` };
      const {
        statusCode: status,
        headers: told,
        body,
      } = await request(`${this.#options.dataUrl}${path}`, { headers, signal });
      if (status !== 200) {
        await body.dump().catch(() => undefined);
        return status === 202 ? { kind: 'preparing' } : this.#refusal({ status }, told);
      }
      const chunks: Buffer[] = [];
      let length = Number(told['content-length'] ?? 0) > most ? most + 1 : 0;
      if (length === 0)
        for await (const chunk of body as AsyncIterable<Buffer>) {
          length += chunk.length;
          if (length > most) break;
          chunks.push(chunk);
        }
      if (length <= most) return { kind: 'bytes', bytes: Buffer.concat(chunks, length) };
      body.on('error', () => undefined).destroy();
      return { kind: 'tooLarge' };
    });
  }

  async #ask(
    url: string,
    options: { method: Call['method']; headers: Record<string, string>; body?: string },
  ): Promise<Answer> {
    return this.#inTime<Answer>(this.#options.timeout, async (signal) => {
      const response = await request(url, { ...options, signal });
      const { statusCode: status, headers } = response;
      // The effect has happened, or not, by the time the headers are here: a body that breaks off changes nothing about it.
      const body = await response.body.json().catch(() => undefined);
      const wasTaken = status === 409 && 'x-line-retry-key' in options.headers;
      if ((status >= 200 && status < 300) || wasTaken) return { kind: 'delivered', status, body };
      return this.#refusal(
        { status, errorCode: errorCodeIn(body), retryAfter: headers['retry-after']?.toString() },
        headers,
      );
    });
  }

  /** Who asks LINE about a call is asked for the id that it gave it. */
  #refusal(seen: Extract<Seen, { status: number }>, headers: Dispatcher.ResponseData['headers']): Failure {
    const failure = this.#failure(seen);
    const { status } = seen;
    this.#options.log.info(
      { code: failure.code, status, requestId: headers['x-line-request-id'] },
      'LINE did not do what was asked',
    );
    return failure;
  }

  async #inTime<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | Failure> {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new DOMException('late', 'TimeoutError')), ms);
    try {
      return await work(deadline.signal);
    } catch (error) {
      return this.#failure({ socket: socketCodeOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }

  #failure(seen: Seen): Failure {
    return failureOf(lineOutcomes, seen, this.#options.now());
  }
}

function errorCodeIn(body: unknown): string | undefined {
  const told = (body as { message?: unknown } | undefined)?.message;
  return typeof told === 'string' ? MESSAGES.find(([, message]) => told.startsWith(message))?.[0] : undefined;
}
