/** The pictures that both Teams and browsers show, and how each begins. */
const BEGINNINGS: readonly [type: string, ending: string, matches: (bytes: Buffer) => boolean][] = [
  ['image/png', 'png', (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 'jpg', (bytes) => bytes.toString('latin1', 0, 3) === '\xff\xd8\xff'],
  ['image/gif', 'gif', (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))],
  ['image/webp', 'webp', (bytes) => /^RIFF[\s\S]{4}WEBP$/.test(bytes.toString('latin1', 0, 12))],
];

/** What a file is by its own bytes, whatever its name or sender says; `undefined` when it is none of the pictures we show. */
export function pictureType(bytes: Buffer): { type: string; ending: string } | undefined {
  const [type, ending] = BEGINNINGS.find(([, , matches]) => matches(bytes)) ?? [];
  return type && ending ? { type, ending } : undefined;
}

/** Whether a content type is one that a browser may show from our address. Everything else is for saving only. */
export function isShown(type: string): boolean {
  return BEGINNINGS.some(([known]) => known === type);
}
