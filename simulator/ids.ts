import { createHash } from 'node:crypto';

const digest = (seed: string) => createHash('sha256').update(`madoguchi simulator ${seed}`).digest();

/** A UUID that is always the same for the same seed, so that fixtures and screenshots stay stable. */
export function uuidOf(seed: string): string {
  const bytes = digest(seed).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Id of a team or of a channel in it, in the form Teams uses: `19:…@thread.tacv2`. */
export const teamsIdOf = (seed: string): string => `19:${digest(seed).toString('base64url')}1@thread.tacv2`;

/** Id of a person for one bot: `29:…`. */
export const personIdOf = (seed: string): string => `29:1${digest(seed).toString('base64url')}`;
