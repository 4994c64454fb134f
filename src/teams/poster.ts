import { request } from 'undici';
import type { Outcome } from '../desk/outcome.ts';
import { failureOf, socketCodeOf, teamsOutcomes } from '../desk/outcomes.ts';
import type { GetToken } from './token.ts';

/** The outcome of a call, and the parsed body of an answer that was a success. */
export interface Answer {
  outcome: Outcome;
  body?: unknown;
}

export interface PosterOptions {
  token: GetToken;
  /** How long one call may take in all (ms): getting the token and a second try with a fresh one included. */
  timeout: number;
  now(): number;
}

/**
 * The only way out to Teams: one request a call, with a deadline. The SDK's connector client would repeat POSTs by itself, up to
 * four times, and wait for ever (reference: teams-platform, section 3).
 */
export class Poster {
  readonly #options: PosterOptions;
  /** The last token that was refused, and what takes its place: calls refused together ask for one new token. */
  #renewal?: Renewal;

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  /** `path` begins behind the service address, which an activity need not have; ids in it are to be percent-encoded. */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    serviceUrl: string | undefined,
    path: string,
    body?: object,
  ): Promise<Answer> {
    // Without an address there is nobody to reach, and nothing was sent.
    if (!serviceUrl || !URL.canParse(serviceUrl))
      return { outcome: failureOf(teamsOutcomes, { socket: 'ENOTFOUND' }, this.#options.now()) };
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new DOMException('late', 'TimeoutError')), this.#options.timeout);
    try {
      const call: Call = {
        url: `${serviceUrl.replace(/\/+$/, '')}${path}`,
        method,
        body: body && JSON.stringify(body),
        deadline: deadline.signal,
      };
      const isStale = ({ outcome }: Answer) => outcome.kind === 'refused' && outcome.code === 'teams.unauthorized';
      const answer = await this.authorized(deadline.signal, (bearer) => this.#once(call, bearer), isStale);
      return answer ?? { outcome: failureOf(teamsOutcomes, { socket: 'TokenUnavailable' }, this.#options.now()) };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Makes a call with the bot's token (none in local mode), and once more with a fresh one when Teams did not take the first. `undefined`: there is no
   * token to be had, or not in time, and nothing was called.
   */
  async authorized<T>(
    deadline: AbortSignal,
    call: (bearer: string | undefined) => Promise<T>,
    isStale: (answer: T) => boolean,
  ): Promise<T | undefined> {
    const bearer = await inTime(this.#current(), deadline);
    if (bearer === false) return undefined;
    const answer = await call(bearer);
    if (!isStale(answer)) return answer;
    // 401 is certain: nothing happened, and a fresh token may be all that was missing. The same one would be refused again.
    const fresh = await inTime(this.#renewed(bearer), deadline);
    // One that hangs must not hold up the calls after this one.
    if (fresh === false) this.#renewal = undefined;
    return fresh === bearer || fresh === false ? answer : call(fresh);
  }

  /** While a new token is on its way nobody asks for the old one: the source would get a second new one for them. */
  #current(): Promise<string | undefined> {
    return this.#renewal && !this.#renewal.done ? this.#renewal.token : this.#options.token(false);
  }

  #renewed(refused: string | undefined): Promise<string | undefined> {
    if (this.#renewal && this.#renewal.refused === refused) return this.#renewal.token;
    const renewal: Renewal = { refused, token: this.#options.token(true) };
    this.#renewal = renewal;
    const forget = () => {
      if (this.#renewal === renewal) this.#renewal = undefined;
    };
    // What brought nothing new is asked for again the next time.
    renewal.token.then((token) => {
      renewal.done = true;
      if (token === refused) forget();
    }, forget);
    return renewal.token;
  }

  async #once({ url, method, body, deadline }: Call, bearer: string | undefined): Promise<Answer> {
    const { now } = this.#options;
    try {
      const response = await request(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
          ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        },
        body,
        signal: deadline,
      });
      const { statusCode: status, headers } = response;
      // The effect has happened by the time the headers are here: a body that is missing or breaks off changes nothing about it.
      const parsed = await response.body.json().catch(() => undefined);
      if (status >= 200 && status < 300) return { outcome: { kind: 'delivered', ref: idIn(parsed) }, body: parsed };
      const retryAfter = headers['retry-after']?.toString();
      return { outcome: failureOf(teamsOutcomes, { status, errorCode: errorCodeIn(parsed), retryAfter }, now()) };
    } catch (error) {
      return { outcome: failureOf(teamsOutcomes, { socket: socketCodeOf(error) }, now()) };
    }
  }
}

interface Renewal {
  refused: string | undefined;
  token: Promise<string | undefined>;
  /** The new token is there. */
  done?: boolean;
}

interface Call {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: string;
  deadline: AbortSignal;
}

/** `false`: there is no token to be had, or not in time. */
async function inTime(token: Promise<string | undefined>, deadline: AbortSignal): Promise<string | undefined | false> {
  const late = Promise.withResolvers<false>();
  const giveUp = () => late.resolve(false);
  deadline.addEventListener('abort', giveUp, { once: true });
  const found = await Promise.race([token.catch(() => false as const), late.promise]);
  deadline.removeEventListener('abort', giveUp);
  return deadline.aborted ? false : found;
}

function idIn(body: unknown): string | undefined {
  const id = (body as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

function errorCodeIn(body: unknown): string | undefined {
  const code = (body as { error?: { code?: unknown } } | undefined)?.error?.code;
  return typeof code === 'string' ? code : undefined;
}
