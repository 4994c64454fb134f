import { z } from 'zod';
import type { Part } from '../../desk/message.ts';
import type { LineMessage } from './hook.ts';

const LONGEST_NAME = 200;
const LONGEST_LABEL = 500;

/** How many of a sticker's keywords say what it shows. */
const KEYWORDS = 3;

const external = z.looseObject({
  type: z.literal('external'),
  originalContentUrl: z.url({ protocol: /^https$/ }).max(2_000),
});
const text = z.looseObject({ text: z.string() });
const file = z.looseObject({
  fileName: z.string().optional().catch(undefined),
  fileSize: z.number().int().nonnegative().optional().catch(undefined),
});
const timed = z.looseObject({ duration: z.number().nonnegative().optional() });
const place = z.looseObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  title: z.string().optional(),
  address: z.string().optional(),
});
const sticker = z.looseObject({
  packageId: z.string(),
  stickerId: z.string(),
  text: z.string().optional(),
  keywords: z.array(z.string()).optional(),
});

/** The address by which LINE's contents are fetched with the account's token: it is no link for people. */
const SCHEME = 'line:';

/** What a message is made of. A kind that is not known, or not as documented, is shown as something that only LINE can show. */
export function partsOf(message: LineMessage): Part[] {
  switch (message.type) {
    case 'text': {
      const read = text.safeParse(message);
      return read.success && read.data.text !== '' ? [{ kind: 'text', text: read.data.text }] : [{ kind: 'file' }];
    }
    case 'image':
      return [{ kind: 'image', url: addressOf(message) }];
    case 'video':
    case 'audio': {
      const read = timed.safeParse(message);
      const duration = read.success ? read.data.duration : undefined;
      return [{ kind: message.type, url: addressOf(message), ...(duration === undefined ? {} : { duration }) }];
    }
    case 'file': {
      const read = file.safeParse(message);
      const { fileName, fileSize: bytes } = read.success ? read.data : {};
      return [{ kind: 'file', url: addressOf(message), name: fileName?.slice(0, LONGEST_NAME).toWellFormed(), bytes }];
    }
    case 'location':
      return [placeIn(message)];
    case 'sticker':
      return [stickerIn(message)];
    default:
      return [{ kind: 'file' }];
  }
}

/** The id of the message whose content an address of ours means. */
export function messageIn(url: string): string | undefined {
  return url.startsWith(SCHEME) ? url.slice(SCHEME.length) : undefined;
}

function addressOf({ id, contentProvider }: LineMessage): string {
  const elsewhere = external.safeParse(contentProvider);
  return elsewhere.success ? elsewhere.data.originalContentUrl : `${SCHEME}${id}`;
}

function placeIn(message: LineMessage): Part {
  const read = place.safeParse(message);
  if (!read.success) return { kind: 'file' };
  const { latitude, longitude, title, address } = read.data;
  const label = [title, address].filter(Boolean).join(' ').slice(0, LONGEST_LABEL);
  return { kind: 'location', latitude, longitude, ...(label ? { label } : {}) };
}

/** By the words on it, else by what LINE says that it shows. */
function stickerIn(message: LineMessage): Part {
  const read = sticker.safeParse(message);
  if (!read.success) return { kind: 'file' };
  const { packageId, stickerId, text: words, keywords = [] } = read.data;
  const label = (words || keywords.slice(0, KEYWORDS).join('、')).slice(0, LONGEST_LABEL);
  return { kind: 'sticker', id: `${packageId}/${stickerId}`, ...(label ? { label } : {}) };
}
