import type { Outcome } from '../desk/outcome.ts';
import { failureOf } from '../desk/outcomes.ts';
import type { GetToken } from './token.ts';

/** The outcome of a call, and the parsed body of an answer that was a success. */
export interface Answer {
  outcome: Outcome;
  body?: unknown;
}

export interface PosterOptions {
  token: GetToken;
  /** How long one call may take (ms). */
  timeout: number;
  now(): number;
}

/**
 * The only way out to Teams: one request a call, with a timeout. The SDK's connector client would repeat POSTs by itself, up to
 * four times, and wait for ever (reference: teams-platform, section 3).
 */
export class Poster {
  readonly #options: PosterOptions;

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  /** `path` begins behind the service address; ids in it are to be percent-encoded. */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    serviceUrl: string,
    path: string,
    body?: object,
  ): Promise<Answer> {
    const bearer = await this.#bearer(false);
    const answer = await this.#once(method, serviceUrl, path, body, bearer);
    const stale = answer.outcome.kind === 'refused' && answer.outcome.code === 'teams.unauthorized';
    if (!stale) return answer;
    // 401 is certain: nothing happened, and a fresh token may be all that was missing. The same one would be refused again.
    const fresh = await this.#bearer(true);
    return fresh === bearer || fresh === false ? answer : this.#once(method, serviceUrl, path, body, fresh);
  }

  /** `false`: there is none to be had. */
  #bearer(fresh: boolean): Promise<string | undefined | false> {
    return this.#options.token(fresh).catch(() => false as const);
  }

  async #once(
    method: string,
    serviceUrl: string,
    path: string,
    body: object | undefined,
    bearer: string | undefined | false,
  ): Promise<Answer> {
    const { timeout, now } = this.#options;
    if (bearer === false) return { outcome: failureOf('teams', { socket: 'TokenUnavailable' }, now()) };
    try {
      const response = await fetch(`${serviceUrl.replace(/\/+$/, '')}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
          ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        },
        body: body && JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      const parsed = await bodyOf(response);
      if (response.ok) return { outcome: { kind: 'delivered', ref: idIn(parsed) }, body: parsed };
      const retryAfter = response.headers.get('retry-after');
      return {
        outcome: failureOf('teams', { status: response.status, errorCode: errorCodeIn(parsed), retryAfter }, now()),
      };
    } catch (error) {
      return { outcome: failureOf('teams', { socket: socketCode(error) }, now()) };
    }
  }
}

/** By the time the headers are here the effect has happened: a body that is missing or breaks off changes nothing about it. */
async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function idIn(body: unknown): string | undefined {
  const id = (body as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

function errorCodeIn(body: unknown): string | undefined {
  const code = (body as { error?: { code?: unknown } } | undefined)?.error?.code;
  return typeof code === 'string' ? code : undefined;
}

function socketCode(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? '';
}
