import type { Activity, Attachment, Mention } from 'botbuilder';
import { type Enclosed, enclosedIn } from './enclosed.ts';
import { codeInHtml, mostBreaksIn, quotedInHtml, textOfHtml } from './html.ts';

/** What a person wrote to the bot: their words as typed, the people they mentioned, and what they put beside the words. */
export interface Spoken extends Enclosed {
  text: string;
  /** `29:` ids and names of the people mentioned beside the bot. */
  mentioned: { id: string; name: string }[];
  /** What stands in a block of code, which clients make of triple back-ticks. */
  code?: string;
  /** What is quoted in it, and may stand among its words. */
  quoted?: string;
}

/**
 * Reads a message's words. Clients differ in the line breaks and hard spaces they put around a mention, and `text` may have lost
 * breaks that the html copy keeps; what a mention is, is decided from the entities, never from the text.
 */
export function readSpoken(activity: Partial<Activity>): Spoken {
  const botId = activity.recipient?.id;
  const mentions = (activity.entities ?? []).filter(
    (entity): entity is Mention => entity?.type === 'mention' && typeof entity.mentioned === 'object',
  );
  const ofBot = mentions.filter((mention) => mention.mentioned?.id === botId);
  const others = mentions.filter((mention) => mention.mentioned?.id !== botId);
  const plain = wordsOf(activity.text ?? '', ofBot, others, activity.recipient?.name);
  const html = htmlCopy(activity.attachments);
  return {
    text:
      html === undefined || mostBreaksIn(html) < linesOf(plain)
        ? plain
        : richer(
            plain,
            textOfHtml(
              html,
              ofBot.map((mention) => mention.mentioned?.name ?? ''),
            ),
          ),
    mentioned: others.flatMap(({ mentioned }) =>
      typeof mentioned?.id === 'string' ? [{ id: mentioned.id, name: mentioned.name ?? '' }] : [],
    ),
    ...enclosedIn(activity.attachments ?? [], html ?? ''),
    ...(html && /<(?:pre|codeblock)\b/i.test(html) ? { code: codeInHtml(html) } : {}),
    ...(html && /<blockquote\b/i.test(html) ? { quoted: quotedInHtml(html) } : {}),
  };
}

// Each looks only so far ahead, so that a text made of a thousand beginnings is read as fast as any other.
const MARK = /<at\b[^<>]{0,100}>([^<]{0,300})<\/at>/g;
const QUOTED = /<quoted\b[^<>]{0,500}\/>|<quoted\b[^<>]{0,500}>(?:(?!<quoted\b)[\s\S])*?<\/quoted>/g;

function wordsOf(text: string, ofBot: Mention[], others: Mention[], botName: string | undefined): string {
  let words = text.replace(QUOTED, '');
  for (const mention of ofBot) if (mention.text) words = without(words, mention.text);
  for (const mention of others)
    if (mention.text) words = words.replaceAll(mention.text, () => `@${mention.mentioned?.name ?? ''}`);
  // A mark that no entity names letter for letter: the bot's own goes all the same, or `@KARTE help` would be a reply.
  const ownMark = (name: string) => ofBot.length > 0 && decode(name) === botName;
  return tidy(decode(words.replace(MARK, (_, name) => (ownMark(name) ? '' : `@${name}`))));
}

/** Takes every mark out, with the one space that clients put behind it. */
function without(words: string, mark: string): string {
  const [head = '', ...tails] = words.split(mark);
  return head + tails.map((tail) => tail.replace(/^(?: |\u00a0|&nbsp;)/, '')).join('');
}

/** The html copy's words where they are the same but for white space and it keeps line breaks that the text has lost. */
function richer(plain: string, fromHtml: string): string {
  const bare = (words: string) => words.replace(/\s+/g, '');
  return bare(plain) === bare(fromHtml) && linesOf(fromHtml) > linesOf(plain) ? fromHtml : plain;
}

function linesOf(words: string): number {
  return words.split('\n').length;
}

/** Hard spaces are what editors make of plain ones; line ends become `\n`; what surrounds the words goes. */
export function tidy(words: string): string {
  return words
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .trim();
}

const NAMED: Record<string, string> = { nbsp: '\u00a0', lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Decodes each entity once: `&amp;lt;` is the text `&lt;`. */
function decode(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(nbsp|lt|gt|amp|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (name) return NAMED[String(name).toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function htmlCopy(attachments: Attachment[] | undefined): string | undefined {
  const copy = attachments?.find((attachment) => attachment?.contentType === 'text/html');
  return typeof copy?.content === 'string' ? copy.content : undefined;
}
