import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a hook's timestamp may be from our clock, either way (s). KARTE advises a window and names no length. */
export const WINDOW = 5 * 60;

/** Whether the timestamp header (Unix seconds) lies within the window around `now` (Unix ms). */
export function isFresh(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= WINDOW;
}

/**
 * Whether a hook was signed with this Client Secret: HMAC-SHA256 over `timestamp:rawbody`, compared in constant time.
 * KARTE's pages do not say whether the signature is hex (64 characters) or base64 (44): both are understood.
 * Source: developers.karte.io/reference/webhook-v2-hmac
 */
export function isSigned(secret: string, timestamp: string, body: Buffer, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(`${timestamp}:`).update(body).digest();
  const given = decode(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function decode(signature: string): Buffer {
  if (/^[0-9a-fA-F]{64}$/.test(signature)) return Buffer.from(signature, 'hex');
  if (/^[A-Za-z0-9+/]{43}=$/.test(signature)) return Buffer.from(signature, 'base64');
  return Buffer.alloc(0);
}
