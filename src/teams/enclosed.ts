import type { Attachment } from 'botbuilder';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { attribute, childrenOf, EMOJI, plain } from './html.ts';

/** What stands in a message beside its words. */
export interface Enclosed {
  /** Pictures that Teams hands over. */
  pictures: { url: string; name?: string }[];
  /** What it doesn't hand over, by name; an empty name where nothing tells it. */
  unsent: string[];
}

/** More pictures than this in one message are not sent. */
const MOST = 10;

/** No editor nests this deep. */
const DEEPEST = 200;
const LONGEST_NAME = 100;

/**
 * Pasted pictures come as attachments, or with some clients only as an image tag. A file leaves nothing but a mark in the html copy: in a channel Teams
 * gives files to no bot (reference: teams-platform, section 4).
 */
export function enclosedIn(attachments: readonly Attachment[], html: string): Enclosed {
  const others = attachments.filter((one) => one && one.contentType !== 'text/html');
  const marks = /<(?:attachment|img)\b/i.test(html) ? marksIn(html) : { files: [], images: [] };
  const attached = others
    .filter(isHandedPicture)
    .map(({ contentUrl: url = '', name }) => ({ url, name: typeof name === 'string' ? name : undefined }));
  const tagged = marks.images.filter(({ url }) => isHandedOver(url));
  const pictures = attached.length > 0 ? attached : tagged;
  const named = others
    .filter((one) => !isHandedPicture(one))
    .map(({ name }) => (typeof name === 'string' ? brief(name) : ''));
  return {
    pictures: pictures.slice(0, MOST),
    unsent: [
      // A file that stands among the attachments has a mark as well.
      ...(named.length > 0 ? named : marks.files),
      ...marks.images.slice(pictures.length).map(({ name }) => brief(name)),
      ...pictures.slice(MOST).map(({ name = '' }) => brief(name)),
    ],
  };
}

function isHandedPicture({ contentType, contentUrl }: Attachment): boolean {
  const isPicture = typeof contentType === 'string' && /^image\//i.test(contentType);
  return isPicture && typeof contentUrl === 'string' && contentUrl !== '';
}

/** The connector's own address of an attachment; what stands elsewhere is not for the bot's token. */
function isHandedOver(url: string): boolean {
  return URL.canParse(url) && /\/v3\/attachments\//.test(new URL(url).pathname);
}

function marksIn(html: string): { files: string[]; images: { url: string; name: string }[] } {
  const files: string[] = [];
  const images: { url: string; name: string }[] = [];
  const closed = /<\/attachment>/i.test(html);
  const walk = (node: DefaultTreeAdapterTypes.Node, depth: number): void => {
    if (node.nodeName === 'attachment') files.push(brief(nameIn(node, closed)));
    if (node.nodeName === 'img' && attribute(node, 'itemtype') !== EMOJI)
      images.push({ url: attribute(node, 'src'), name: '' });
    if (depth < DEEPEST) for (const child of childrenOf(node)) walk(child, depth + 1);
  };
  walk(parseFragment(html), 0);
  return { files, images };
}

/** What stands inside of a file's mark is its name; without an end it would be the rest of the message. */
function nameIn(node: DefaultTreeAdapterTypes.Node, closed: boolean): string {
  return attribute(node, 'name') || attribute(node, 'title') || (closed ? plain(node) : '');
}

function brief(name: string): string {
  const flat = name.replace(/[\s\p{C}]+/gu, ' ').trim();
  return flat.length > LONGEST_NAME ? `${[...flat].slice(0, LONGEST_NAME).join('')}…` : flat;
}
