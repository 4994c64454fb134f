import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { DeskError } from '../desk/deskError.ts';

/** Closes secrets for storage and opens them again. `context` (a connection's id) is bound in: a sealed value can't be moved to another record. */
export interface Sealer {
  seal(plain: string, context: string): string;
  /** Rejects with `secrets.cannotOpen`, whatever is wrong with the value: another key, another context, a changed byte. */
  open(sealed: string, context: string): string;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM as `v1.<key id>.<iv>.<tag and data>` in base64url. The first key seals, every key opens: that is how keys are rotated. */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const [first] = keys;
  if (!first) throw new TypeError('a sealer needs a key');
  return {
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', first, iv, { authTagLength: TAG_BYTES }).setAAD(
        Buffer.from(context),
      );
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [
        'v1',
        keyId(first),
        iv.toString('base64url'),
        Buffer.concat([cipher.getAuthTag(), data]).toString('base64url'),
      ].join('.');
    },
    open(sealed, context) {
      try {
        return opened(sealed, context, byId);
      } catch {
        // The cause could name keys or bytes: it stays here.
        throw new DeskError('secrets.cannotOpen');
      }
    },
  };
}

function opened(sealed: string, context: string, byId: ReadonlyMap<string, Buffer>): string {
  const [version, id = '', iv = '', rest = '', ...more] = sealed.split('.');
  const key = byId.get(id);
  if (version !== 'v1' || !key || more.length > 0) throw new Error('not sealed by a known key');
  const bytes = decode(rest);
  const decipher = createDecipheriv('aes-256-gcm', key, decode(iv), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(0, TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]).toString('utf8');
}

/** Strictly: the lenient decoder would read a changed last character as the same bytes. */
function decode(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Error('not base64url');
  return bytes;
}

/** Names a key without telling anything about it. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('madoguchi key id').update(key).digest('base64url').slice(0, 8);
}

/**
 * Reads `SECRETS_KEY`: one or more keys of 32 bytes in base64, separated by commas. Throws an Error with a clause for every
 * wrong entry, which it names by its place and never by its text.
 */
export function parseSecretsKey(text: string): Buffer[] {
  const keys = text.split(',').map((entry) => strictBase64(entry.trim()));
  const problems = keys.flatMap((key, at) => {
    if (!key) return `key ${at + 1} is not base64`;
    if (key.length !== KEY_BYTES) return `key ${at + 1} must be ${KEY_BYTES} bytes in base64 (it has ${key.length})`;
    const twin = keys.findIndex((other) => other?.equals(key));
    return twin < at ? `key ${at + 1} is the same as key ${twin + 1}` : [];
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return keys as Buffer[];
}

/** The usual or the URL alphabet, padded or not; nothing else that the lenient decoder would skip. */
function strictBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
