import type { Failure } from '../../desk/outcome.ts';
import { failureOf } from '../../desk/outcomes.ts';

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
    try {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      if (!response.ok) {
        await response.body?.cancel();
        const detail = response.status === 403 ? scope : undefined;
        return failureOf(
          'karte',
          { status: response.status, retryAfter: response.headers.get('retry-after'), detail },
          now(),
        );
      }
      return { kind: 'delivered', body: await bodyOf(response) };
    } catch (error) {
      return failureOf('karte', { socket: socketCode(error) }, now());
    }
  }
}

/** The effect has happened by the time the headers are here: a body that breaks off changes nothing about it. */
async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function socketCode(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? '';
}
