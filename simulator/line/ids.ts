import { createHash, randomBytes } from 'node:crypto';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of the time in ms, 80 bits of chance, 26 characters. */
export function ulid(now: number): string {
  const bits = (BigInt(now) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`);
  return Array.from({ length: 26 }, (_, at) => crockford[Number((bits >> BigInt(5 * (25 - at))) & 31n)]).join('');
}

/** A LINE user id that is always the same for the same seed: `U` and 32 hex digits. */
export const userIdOf = (seed: string): string => `U${createHash('md5').update(`line ${seed}`).digest('hex')}`;

/** Something opaque that can't be guessed: reply tokens, quote tokens, access tokens. */
export const opaque = (bytes = 24): string => randomBytes(bytes).toString('base64url');

/** LINE's message ids are longer than a safe integer. */
export const messageIdOf = (nextId: string): string => `5${nextId}0007`;
