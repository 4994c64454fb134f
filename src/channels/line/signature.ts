import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a hook was signed with this channel secret: base64 of HMAC-SHA256 over the raw body, compared in constant time.
 * Source: developers.line.biz/en/docs/messaging-api/verify-webhook-signature
 */
export function isSigned(secret: string, body: Buffer, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = /^[A-Za-z0-9+/]{43}=$/.test(signature) ? Buffer.from(signature, 'base64') : Buffer.alloc(0);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
