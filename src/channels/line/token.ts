import type { Failure } from '../../desk/outcome.ts';
import type { LineApi } from './api.ts';

/** What a token is made from, for the account of this channel id. */
export interface Keys {
  channelId: string;
  channelSecret: string;
  /** A long-lived token that a person pasted; without it stateless ones are issued. */
  channelAccessToken?: string;
}

export type Token = { kind: 'token'; token: string; pasted: boolean } | Failure;

/** How long before its end a token is no longer used (ms): calls under way end before it does. */
const SPARE = 3 * 60_000;

/** What is taken for its life where LINE does not say (s); it says 899. */
const LIFE = 600;

/** Access tokens: the pasted one, or stateless ones by channel id and secret, renewed in time. They are kept in memory alone. */
export class Tokens {
  readonly #api: LineApi;
  readonly #now: () => number;
  readonly #issued = new Map<string, { token: string; until: number }>();
  readonly #asking = new Map<string, Promise<Token>>();

  constructor(api: LineApi, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  /** A token that will do for a while; the failure is certain: nothing was done with one. */
  async of({ channelId, channelSecret, channelAccessToken }: Keys): Promise<Token> {
    if (channelAccessToken) return { kind: 'token', token: channelAccessToken, pasted: true };
    const known = this.#issued.get(keyOf(channelId, channelSecret));
    if (known && this.#now() < known.until) return { kind: 'token', token: known.token, pasted: false };
    return this.#ask(channelId, channelSecret);
  }

  /** LINE did not take this one: the next call gets another. */
  refused(token: string): void {
    for (const [key, issued] of this.#issued) if (issued.token === token) this.#issued.delete(key);
  }

  /** One request, however many wait for it. */
  #ask(channelId: string, channelSecret: string): Promise<Token> {
    const key = keyOf(channelId, channelSecret);
    const asking =
      this.#asking.get(key) ?? this.#issue(key, channelId, channelSecret).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #issue(key: string, channelId: string, channelSecret: string): Promise<Token> {
    const asked = this.#now();
    const answer = await this.#api.issueToken(channelId, channelSecret);
    if (answer.kind !== 'delivered') return whyNot(answer);
    const { access_token: token, expires_in: life } = (answer.body ?? {}) as {
      access_token?: unknown;
      expires_in?: unknown;
    };
    if (typeof token !== 'string' || token === '') return whyNot({ kind: 'unknown', code: 'line.unexpected' });
    const seconds = typeof life === 'number' && life > 0 ? life : LIFE;
    this.#issued.set(key, { token, until: asked + Math.max(seconds * 1000 - SPARE, (seconds * 1000) / 2) });
    return { kind: 'token', token, pasted: false };
  }
}

/** Id and secret that LINE refuses stay refused; everything else may be over soon. */
function whyNot(failure: Failure): Failure {
  const refused =
    failure.kind === 'refused' && ['line.badRequest', 'line.unauthorized', 'line.forbidden'].includes(failure.code);
  if (refused) return { kind: 'refused', code: 'line.badSecret', transient: false };
  const retryAfter = failure.kind === 'refused' ? failure.retryAfter : undefined;
  return { kind: 'refused', code: 'line.noToken', transient: true, retryAfter };
}

function keyOf(channelId: string, channelSecret: string): string {
  return `${channelId}\n${channelSecret}`;
}
