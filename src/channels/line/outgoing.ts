import { createHash } from 'node:crypto';
import type { Message, Part } from '../../desk/message.ts';
import { split } from '../../desk/pieces.ts';

/** The longest text object (UTF-16 units), how many objects one push takes, and the longest name of a sender: LINE's own limits. */
export const LONGEST_TEXT = 5_000;
export const MOST_OBJECTS = 5;
const LONGEST_NAME = 20;
const LONGEST_URL = 2_000;

/** A message object as LINE takes it. */
export type LineObject = (
  | { type: 'text'; text: string }
  | { type: 'image'; originalContentUrl: string; previewImageUrl: string }
) & {
  sender?: { name: string };
};

/** What goes out for a message: at most five objects a push, in order. `isLink`: whether LINE can fetch pictures from an address. */
export function pushesOf(message: Message, name: string | undefined, isLink: (url: string) => boolean): LineObject[][] {
  const shown = senderName(name ?? '');
  const sender = shown ? { sender: { name: shown } } : {};
  const objects = message.parts.flatMap((part) => objectsOf(part, isLink)).map((object) => ({ ...object, ...sender }));
  const pushes: LineObject[][] = [];
  for (let at = 0; at < objects.length; at += MOST_OBJECTS) pushes.push(objects.slice(at, at + MOST_OBJECTS));
  return pushes;
}

/** The same without the operator's name. */
export function unnamed(objects: LineObject[]): LineObject[] {
  return objects.map(({ sender: _, ...object }) => object as LineObject);
}

/**
 * The retry key of the push with this number: the same whenever the same message goes out, and a UUID as LINE wants it. A reply that was edited before it
 * is sent again has another key: under the old one LINE would take it for what it has already.
 */
export function retryKeyOf(key: string, { parts }: Message, number: number): string {
  const said = parts.map((part) => [part.kind, part.kind === 'text' ? part.text : 'url' in part && part.url]);
  const hash = createHash('sha256')
    .update(JSON.stringify([key, number, said]))
    .digest('hex');
  // Version 8, RFC 9562: of our own making.
  const variant = ((Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(18, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

function objectsOf(part: Part, isLink: (url: string) => boolean): LineObject[] {
  if (part.kind === 'text') return textsOf(part.text);
  if (part.kind !== 'image' || !part.url) return [];
  const preview = part.previewUrl ?? part.url;
  if (![part.url, preview].every((url) => isLink(url) && url.length <= LONGEST_URL)) return textsOf(part.url);
  return [{ type: 'image', originalContentUrl: part.url, previewImageUrl: preview }];
}

/** LINE refuses a text without a sign in it. */
function textsOf(text: string): LineObject[] {
  return split(text, LONGEST_TEXT).flatMap((piece) =>
    piece.trim() === '' ? [] : [{ type: 'text' as const, text: piece }],
  );
}

/**
 * A name as LINE takes it; no character is cut in two. LINE refuses names with certain words, and its own is the only one that it tells
 * (developers.line.biz/en/docs/messaging-api/icon-nickname-switch): without a name the account's own stands there.
 */
function senderName(name: string): string {
  const head = name.trim().slice(0, LONGEST_NAME);
  const whole = (/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head).trim();
  return /\bline\b/i.test(whole.normalize('NFKC')) ? '' : whole;
}
