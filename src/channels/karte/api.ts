import { request } from 'undici';
import type { Failure } from '../../desk/outcome.ts';
import { failureOf, socketCodeOf } from '../../desk/outcomes.ts';
import { karteOutcomes } from './outcomes.ts';

/** Success carries the parsed body (`undefined` when it is not JSON: bodies of most answers are undocumented). */
export type Answer = { kind: 'delivered'; body: unknown } | Failure;

export interface KarteApiOptions {
  url: string;
  /** How long a call may take (ms). */
  timeout: number;
  now(): number;
}

/** Calls KARTE's API v2. Never throws for what KARTE or the network does, and never repeats a call. */
export class KarteApi {
  readonly #options: KarteApiOptions;

  constructor(options: KarteApiOptions) {
    this.#options = options;
  }

  /** `scope` is what the token needs for this path; it is named when KARTE answers 403. Every v2 call is a POST with a body. */
  async call(path: string, token: string, scope: string, body: object): Promise<Answer> {
    const { url, timeout, now } = this.#options;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new DOMException('late', 'TimeoutError')), timeout);
    try {
      const response = await request(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: deadline.signal,
      });
      const { statusCode: status, headers } = response;
      // The effect has happened by the time the headers are here: a body that breaks off changes nothing about it.
      if (status >= 200 && status < 300)
        return { kind: 'delivered', body: await response.body.json().catch(() => undefined) };
      await response.body.dump().catch(() => undefined);
      const detail = status === 403 ? scope : undefined;
      return failureOf(karteOutcomes, { status, retryAfter: headers['retry-after']?.toString(), detail }, now());
    } catch (error) {
      return failureOf(karteOutcomes, { socket: socketCodeOf(error) }, now());
    } finally {
      clearTimeout(timer);
    }
  }
}
