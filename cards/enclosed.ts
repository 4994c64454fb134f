import type { Message, Part } from '../src/desk/message.ts';
import { keyOf, type Say, type SentenceKey } from '../src/text/text.ts';
import { brief, line, openUrl, verbatim, wordsIn } from './card.ts';

/** Teams shows six buttons of a card; the rest of the links stands behind the pictures themselves. */
const MOST_LINKS = 6;
const LONGEST_NAME = 60;
const LONGEST_LABEL = 200;

type Enclosed = Exclude<Part, { kind: 'text' }>;
type FilePart = Extract<Part, { kind: 'file' | 'audio' | 'video' }>;

/** What a file without a name is called. */
const KINDS: Record<FilePart['kind'] | 'image', SentenceKey> = {
  image: 'message.kindImage',
  video: 'message.kindVideo',
  audio: 'message.kindAudio',
  file: 'message.file',
};

/** What only happened, by the event's name. */
const EVENTS: Readonly<Record<string, SentenceKey>> = {
  unsent: 'message.unsent',
  followed: 'message.followed',
  blocked: 'message.blocked',
};

/**
 * A part that is not words: a picture that is kept here as the picture, a file by its name and size, all else as a line that says what it is. What can't be
 * seen here is to be looked at in the channel, `channel` by its name. What people chose (names, labels) stands verbatim.
 */
export function enclosed(part: Enclosed, channel: string, say: Say): object {
  const where = { channel: say(keyOf(`channels.${channel}`)) };
  switch (part.kind) {
    case 'image': {
      const altText = part.name ? say('message.pictureNamed', { name: brief(part.name) }) : say('message.picture');
      if (part.kept && part.url)
        return { type: 'Image', url: part.url, altText, selectAction: openUrl(altText, part.url) };
      return line(say('message.notHere', { what: say('message.kindImage'), ...where }));
    }
    case 'file':
    case 'audio':
    case 'video':
      if (part.kind === 'file' && !part.name && part.bytes === undefined && !isOpened(part))
        return line(say('message.otherPart', where));
      return verbatim(
        isOpened(part) ? fileTitle(part, say) : say('message.notHere', { what: fileTitle(part, say), ...where }),
      );
    case 'event':
      return verbatim(gistOf(part, say) || say('message.otherPart', where), { isSubtle: true });
    default:
      return verbatim(gistOf(part, say));
  }
}

/** What can be opened in a browser, as titles and addresses: files where they are kept, else whatever has an address of its own, and places on a map. */
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
    if (part.kind === 'location') return [{ title: say('message.openMap'), url: mapOf(part) }];
    return isFile(part) && isOpened(part)
      ? [{ title: say('message.openFile', { name: fileTitle(part, say) }), url: part.url }]
      : [];
  });
  return links.slice(0, MOST_LINKS);
}

/** What a message says where there is room for text alone: its words, else what it is made of. */
export function gist(message: Message, say: Say): string {
  return (
    wordsIn(message) || message.parts.flatMap((part) => (part.kind === 'text' ? [] : gistOf(part, say) || [])).join(' ')
  );
}

function gistOf(part: Enclosed, say: Say): string {
  switch (part.kind) {
    case 'sticker':
      return part.label
        ? say('message.sticker', { label: brief(part.label, LONGEST_LABEL) })
        : say('message.stickerAlone');
    case 'location':
      return part.label
        ? say('message.location', { label: brief(part.label, LONGEST_LABEL) })
        : say('message.locationAlone');
    case 'event':
      return eventText(part, say);
    case 'image':
      return `[${say('message.kindImage')}]`;
    default:
      return `[${fileTitle(part, say)}]`;
  }
}

function eventText({ name, detail }: Extract<Part, { kind: 'event' }>, say: Say): string {
  const known = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  if (known) return say(known);
  const what = brief(detail || (name === 'postback' ? '' : name), LONGEST_LABEL);
  if (name === 'postback') return what ? say('message.pressed', { what }) : say('message.pressedSomething');
  return what && say('message.happened', { what });
}

function isFile(part: Part): part is FilePart {
  return part.kind === 'file' || part.kind === 'audio' || part.kind === 'video';
}

/** Addresses of others are followed over https only; ours may be on this machine. */
function isOpened<T extends { url?: string; kept?: boolean }>(part: T): part is T & { url: string } {
  return part.url !== undefined && (part.kept === true || part.url.startsWith('https://'));
}

/** By coordinates, which say nothing of who is there: opened by whoever presses, and by nobody before. */
function mapOf({ latitude, longitude }: Extract<Part, { kind: 'location' }>): string {
  return `https://www.google.com/maps/search/?api=1&query=${latitude.toFixed(6)},${longitude.toFixed(6)}`;
}

function fileTitle({ kind, name, bytes, duration }: FilePart, say: Say): string {
  const title = name ? brief(name, LONGEST_NAME) : say(KINDS[kind]);
  const facts = [
    ...(duration === undefined ? [] : [lengthOf(duration, say)]),
    ...(bytes === undefined ? [] : [sizeOf(bytes)]),
  ];
  return facts.length === 0 ? title : `${title} (${facts.join(', ')})`;
}

/** How long it plays, from ms; whatever plays plays for a second. */
function lengthOf(duration: number, say: Say): string {
  const seconds = Math.max(1, Math.round(duration / 1_000));
  if (seconds < 60) return say('message.seconds', { seconds });
  return say('message.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** Sizes as file lists show them. */
function sizeOf(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_024 ** 2) return `${Math.round(bytes / 1_024)} KB`;
  return `${(bytes / 1_024 ** 2).toFixed(1)} MB`;
}
