import type { Part } from '../../desk/message.ts';

/** More pictures than this in one message are a mistake of somebody's. */
const MOST = 10;
const LONGEST_ADDRESS = 2_000;
const LONGEST_NAME = 200;

/** Where addresses, names and sizes may stand in an object whose shape is not documented. */
const ADDRESSES = ['url', 'src', 'image_url', 'file_url', 'original_url', 'href', 'path'];
const NAMES = ['name', 'file_name', 'filename', 'fileName', 'title'];
const SIZES = ['size', 'bytes', 'file_size', 'fileSize'];
const FILES = ['file', 'files', 'attachment', 'attachments'];

type Content = { text?: string | null; image?: unknown } & Record<string, unknown>;

/** What a message is made of. Content of a kind that is not documented is shown as something that only KARTE can show. */
export function partsOf({ text, image, ...other }: Content): Part[] {
  const parts: Part[] = text ? [{ kind: 'text', text }] : [];
  parts.push(...thingsIn(image).map((thing) => ({ kind: 'image' as const, ...thing })));
  if (parts.length === 0 && image) parts.push({ kind: 'image' });
  const files = FILES.flatMap((name) => thingsIn(other[name])).filter(({ url }) => url !== undefined);
  parts.push(...files.slice(0, MOST).map((thing) => ({ kind: 'file' as const, ...thing })));
  if (parts.length === 0 && Object.values(other).some(Boolean)) parts.push({ kind: 'file' });
  return parts;
}

/** The addresses in an image of whatever shape: itself, a field of it, or one of each in a list. */
export function addressesIn(image: unknown): string[] {
  return thingsIn(image).flatMap(({ url }) => url ?? []);
}

interface Thing {
  url?: string;
  name?: string;
  bytes?: number;
}

function thingsIn(value: unknown): Thing[] {
  if (Array.isArray(value)) return value.slice(0, MOST).flatMap((each) => (Array.isArray(each) ? [] : thingsIn(each)));
  if (!value) return [];
  if (typeof value !== 'object') return [{ url: addressIn(value) }];
  const fields = value as Record<string, unknown>;
  const name = NAMES.map((field) => fields[field]).find((found) => typeof found === 'string' && found !== '');
  const bytes = SIZES.map((field) => fields[field]).find((found) => Number.isSafeInteger(found) && Number(found) >= 0);
  return [
    {
      url: ADDRESSES.map((field) => addressIn(fields[field])).find(Boolean),
      name: (name as string | undefined)?.slice(0, LONGEST_NAME),
      bytes: bytes as number | undefined,
    },
  ];
}

/** An address is taken where there plainly is one; which of them may be asked is decided by who asks. */
function addressIn(value: unknown): string | undefined {
  const plain = typeof value === 'string' && /^https?:\/\//.test(value) && value.length <= LONGEST_ADDRESS;
  return plain && URL.canParse(value) ? value : undefined;
}
