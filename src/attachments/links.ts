import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Key } from './storage.ts';

/** What a link leads to, once it is known to be one of ours and not at its end. */
export interface Linked extends Key {
  name: string;
}

/**
 * Addresses under which a kept file is shown to whoever has one, until its end: `<base>/files/<id>/<name>?until=<Unix s>&sign=<HMAC>`. They are signed
 * with keys made from `SECRETS_KEY`, so that none can be guessed, prolonged or pointed elsewhere; the first key signs, every key is believed.
 */
export class Links {
  readonly #base: string;
  readonly #keys: readonly Buffer[];
  readonly #now: () => number;

  constructor(base: string, secrets: readonly Buffer[], now: () => number) {
    this.#base = base;
    this.#keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'madoguchi file links', 32)));
    this.#now = now;
  }

  make(linked: Linked): string {
    const { id, name, until } = linked;
    return `${this.#base}/files/${id}/${name}?until=${until}&sign=${signed(this.#keys[0] as Buffer, linked)}`;
  }

  /** Reads the path and query of a request; `undefined` for everything that is not a link of ours, whole and in time. */
  read(address: string): Linked | undefined {
    const url = URL.canParse(address, 'http://desk') ? new URL(address, 'http://desk') : undefined;
    const [, id = '', name = ''] = /^\/files\/([\w-]{1,64})\/([\w.-]{1,80})$/.exec(url?.pathname ?? '') ?? [];
    const until = url?.searchParams.get('until') ?? '';
    const sign = url?.searchParams.get('sign') ?? '';
    if (id === '' || !/^[1-9]\d{0,10}$/.test(until)) return undefined;
    const linked = { id, name, until: Number(until) };
    const known = this.#keys.map((key) => equal(signed(key, linked), sign)).includes(true);
    return known && this.#now() < linked.until * 1000 ? linked : undefined;
  }
}

function signed(key: Buffer, { id, name, until }: Linked): string {
  return createHmac('sha256', key).update(`${id}\n${name}\n${until}`).digest('base64url');
}

/** Letter for letter, in constant time. */
function equal(one: string, other: string): boolean {
  const [known, given] = [Buffer.from(one), Buffer.from(other)];
  return known.length === given.length && timingSafeEqual(known, given);
}
