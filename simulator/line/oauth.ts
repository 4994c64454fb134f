import type { Answer, Request } from '../http.ts';
import type { Book } from './book.ts';
import { opaque } from './ids.ts';
import type { LineAccount, LineToken } from './world.ts';

const statelessSeconds = 900;
const shortSeconds = 30 * 24 * 3_600;
const shortAtOnce = 30;
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Channel access tokens: issued by id and secret, told apart, revoked. https://developers.line.biz/en/reference/messaging-api/#channel-access-token */
export class OAuth {
  readonly #book: Book;

  constructor(book: Book) {
    this.#book = book;
  }

  /** The account that a token speaks for; undefined when it is none, or no longer one. */
  accountOf(token: string): LineAccount | undefined {
    return this.#look(token)?.account;
  }

  /** Good for 15 minutes, as many as one likes, never revoked. */
  stateless({ raw, headers }: Request): Answer {
    const form = formOf(raw, headers['content-type']);
    if (form?.get('grant_type') !== 'client_credentials') return refusal('invalid_request');
    // No assertion signing key is registered at these accounts.
    if (form.get('client_assertion_type') === jwtBearer && form.get('client_assertion'))
      return { status: 404, body: { message: 'Cannot find channel key that satisfies the conditions' } };
    const account = this.#byId(form);
    if (!account || account.channelSecret !== form.get('client_secret'))
      return refusal('invalid_request', "Invalid 'client_credentials'.");
    return this.#issue(account, 'stateless', statelessSeconds);
  }

  /** Good for 30 days, 30 of them; the oldest gives way. */
  short({ raw, headers }: Request): Answer {
    const form = formOf(raw, headers['content-type']);
    if (form?.get('grant_type') !== 'client_credentials') return refusal('invalid_request');
    const account = this.#byId(form);
    if (!account) return refusal('invalid_client', 'invalid client_id');
    if (account.channelSecret !== form.get('client_secret')) return refusal('invalid_client', 'invalid client_secret');
    const held = account.tokens.filter(({ kind }) => kind === 'short');
    const [oldest] = held;
    if (oldest && held.length >= shortAtOnce) account.tokens = account.tokens.filter((each) => each !== oldest);
    return this.#issue(account, 'short', shortSeconds);
  }

  verify({ raw, headers }: Request): Answer {
    return this.#verify(
      formOf(raw, headers['content-type'])?.get('access_token') ?? '',
      (kind) => kind !== 'stateless',
    );
  }

  /** Of tokens v2.1 and stateless ones. */
  verifyByQuery({ query }: Request): Answer {
    return this.#verify(query.get('access_token') ?? '', (kind) => kind === 'stateless');
  }

  revoke({ raw, headers }: Request): Answer {
    const token = formOf(raw, headers['content-type'])?.get('access_token');
    if (!token) return refusal('invalid_request');
    const found = this.#look(token);
    if (found && found.token?.kind !== 'stateless') {
      const { account } = found;
      account.tokens = account.tokens.filter((each) => each.token !== token);
      if (account.accessToken === token) account.accessToken = '';
      this.#book.stage.changed();
    }
    return { status: 200 };
  }

  #verify(token: string, isRight: (kind: LineToken['kind'] | 'long') => boolean): Answer {
    const found = this.#look(token);
    if (!found || !isRight(found.token?.kind ?? 'long')) return refusal('invalid_request', 'access_token invalid');
    const { account } = found;
    const left = found.token ? Math.floor((found.token.expiresAt - this.#book.stage.now()) / 1000) : 3_138_007_490;
    return { status: 200, body: { client_id: account.channelId, expires_in: left, scope: 'P CM' } };
  }

  #issue(account: LineAccount, kind: LineToken['kind'], seconds: number): Answer {
    const now = this.#book.stage.now();
    const token = `test-line-${kind}-${opaque()}`;
    account.tokens = account.tokens.filter(({ expiresAt }) => expiresAt > now);
    account.tokens.push({ kind, token, expiresAt: now + seconds * 1000 });
    this.#book.stage.changed();
    return { status: 200, body: { access_token: token, expires_in: seconds, token_type: 'Bearer' } };
  }

  #byId(form: URLSearchParams): LineAccount | undefined {
    return this.#book.accounts.find(({ channelId }) => channelId === form.get('client_id'));
  }

  #look(token: string): { account: LineAccount; token?: LineToken } | undefined {
    if (token === '') return undefined;
    const now = this.#book.stage.now();
    for (const account of this.#book.accounts) {
      if (account.accessToken === token) return { account };
      const held = account.tokens.find((each) => each.token === token && each.expiresAt > now);
      if (held) return { account, token: held };
    }
    return undefined;
  }
}

function formOf(raw: Buffer, type = ''): URLSearchParams | undefined {
  return type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(raw.toString('utf8')) : undefined;
}

function refusal(error: string, error_description?: string): Answer {
  return { status: 400, body: { error, ...(error_description ? { error_description } : {}) } };
}
