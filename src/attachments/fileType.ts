/** What a file is: its content type, and how the name of such a file ends. */
export interface FileType {
  type: string;
  ending: string;
}

type Known = readonly [type: string, ending: string, matches: (bytes: Buffer) => boolean];

/** The pictures that both Teams and browsers show, and how each begins. */
const PICTURES: readonly Known[] = [
  ['image/png', 'png', (bytes) => head(bytes, 0, 8) === '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 'jpg', (bytes) => head(bytes, 0, 3) === '\xff\xd8\xff'],
  ['image/gif', 'gif', (bytes) => /^GIF8[79]a$/.test(head(bytes, 0, 6))],
  ['image/webp', 'webp', (bytes) => /^RIFF[\s\S]{4}WEBP$/.test(head(bytes, 0, 12))],
];

/** Other files that programs open by their type. Each of them is told by its first bytes alone, and is no page that could act. */
const OTHERS: readonly Known[] = [
  ['application/pdf', 'pdf', (bytes) => head(bytes, 0, 5) === '%PDF-'],
  ['audio/mp4', 'm4a', (bytes) => /^M4[AB] $/.test(brand(bytes))],
  ['video/quicktime', 'mov', (bytes) => brand(bytes) === 'qt  '],
  ['video/3gpp', '3gp', (bytes) => /^3g[ep]/.test(brand(bytes))],
  ['image/heic', 'heic', (bytes) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand(bytes))],
  ['video/mp4', 'mp4', (bytes) => /^(?:isom|iso\d|mp4\d|avc1|M4V |M4VH|M4VP|MSNV|dash)$/.test(brand(bytes))],
  ['audio/mpeg', 'mp3', (bytes) => head(bytes, 0, 3) === 'ID3' || /^\xff[\xfb\xf3\xf2]/.test(head(bytes, 0, 2))],
  ['audio/wav', 'wav', (bytes) => /^RIFF[\s\S]{4}WAVE$/.test(head(bytes, 0, 12))],
  ['audio/ogg', 'ogg', (bytes) => head(bytes, 0, 4) === 'OggS'],
  ['audio/aac', 'aac', (bytes) => /^\xff[\xf1\xf9]/.test(head(bytes, 0, 2))],
];

/** What a file of any other kind is to a browser: something to be saved. */
export const UNKNOWN = 'application/octet-stream';

/** What a file is by its own bytes, whatever its name or sender says; `undefined` when it is none of the pictures we show. */
export function pictureType(bytes: Buffer): FileType | undefined {
  return typeAmong(PICTURES, bytes);
}

/** What a file is by its own bytes, where that is known. */
export function fileType(bytes: Buffer): FileType | undefined {
  return typeAmong([...PICTURES, ...OTHERS], bytes);
}

/** Whether a content type is one that a browser may show from our address. Everything else is for saving only. */
export function isShown(type: string): boolean {
  return PICTURES.some(([known]) => known === type);
}

/** Whether a content type is one that is told by a file's bytes. */
export function isKnown(type: string): boolean {
  return isShown(type) || OTHERS.some(([known]) => known === type);
}

function typeAmong(known: readonly Known[], bytes: Buffer): FileType | undefined {
  const [type, ending] = known.find(([, , matches]) => matches(bytes)) ?? [];
  return type && ending ? { type, ending } : undefined;
}

function head(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}

/** The main brand of a file of the ISO family (MP4 and its kin). */
function brand(bytes: Buffer): string {
  return head(bytes, 4, 8) === 'ftyp' ? head(bytes, 8, 12) : '';
}
