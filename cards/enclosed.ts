import type { Part } from '../src/desk/message.ts';
import type { Say } from '../src/text/text.ts';
import { brief, line, openUrl, verbatim } from './card.ts';

/** Teams shows six buttons of a card; the rest of the links stands behind the pictures themselves. */
const MOST_LINKS = 6;
const LONGEST_NAME = 60;

type Enclosed = Exclude<Part, { kind: 'text' }>;

/** A part that is not words: a picture that is kept here as the picture, a file by its name and size, all else as a line that says what it is. */
export function enclosed(part: Enclosed, say: Say): object {
  if (part.kind === 'image') {
    const altText = part.name ? say('message.pictureNamed', { name: brief(part.name) }) : say('message.picture');
    if (part.kept && part.url)
      return { type: 'Image', url: part.url, altText, selectAction: openUrl(altText, part.url) };
    return line(say('message.image'));
  }
  if (isFile(part) && (part.name || part.bytes !== undefined)) return verbatim(fileTitle(part, say));
  return line(say('message.otherPart'));
}

/** What can be opened in a browser, as titles and addresses: pictures where they are kept, else whatever has an address of its own. */
export function linksOf(parts: readonly Part[], say: Say): { title: string; url: string }[] {
  const images = parts.filter((part) => part.kind === 'image' && isOpened(part));
  const links = parts.flatMap((part) => {
    if (part.kind === 'image' && isOpened(part)) {
      const number = images.indexOf(part) + 1;
      return [
        {
          title: images.length > 1 ? say('message.openImageNumber', { number }) : say('message.openImage'),
          url: part.url,
        },
      ];
    }
    return isFile(part) && isOpened(part)
      ? [{ title: say('message.openFile', { name: fileTitle(part, say) }), url: part.url }]
      : [];
  });
  return links.slice(0, MOST_LINKS);
}

type FilePart = Extract<Part, { kind: 'file' | 'audio' | 'video' }>;

function isFile(part: Part): part is FilePart {
  return part.kind === 'file' || part.kind === 'audio' || part.kind === 'video';
}

/** Addresses of others are followed over https only; ours may be on this machine. */
function isOpened<T extends { url?: string; kept?: boolean }>(part: T): part is T & { url: string } {
  return part.url !== undefined && (part.kept === true || part.url.startsWith('https://'));
}

function fileTitle({ name, bytes }: FilePart, say: Say): string {
  const title = name ? brief(name, LONGEST_NAME) : say('message.file');
  return bytes === undefined ? title : `${title} (${sizeOf(bytes)})`;
}

/** Sizes as file lists show them. */
function sizeOf(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_024 ** 2) return `${Math.round(bytes / 1_024)} KB`;
  return `${(bytes / 1_024 ** 2).toFixed(1)} MB`;
}
