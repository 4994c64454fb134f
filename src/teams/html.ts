import { type DefaultTreeAdapterTypes, parseFragment, serializeOuter } from 'parse5';
import { withoutEnd } from '../text/withoutEnd.ts';
import { tidy } from './spoken.ts';

type Node = DefaultTreeAdapterTypes.Node;

const MENTION = 'http://schema.skype.com/Mention';
/** What an emoji's image says of itself. */
export const EMOJI = 'http://schema.skype.com/Emoji';
const BLOCKS = new Set(['div', 'p', 'li', 'blockquote', 'pre', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'tr']);
/** No editor nests this deep, and whoever does by hand shall not exhaust the stack; the plain text serves then. */
const DEEPEST = 200;
/** What clients make of triple back-ticks. */
const CODE = new Set(['pre', 'codeblock']);
const SKIPPED = new Set(['script', 'style', 'attachment', 'quoted']);

/**
 * The most line breaks that the words of an html copy can have: each comes from a tag, and those at its edges break nothing. Most messages
 * are one line, and reading their html would tell nothing new.
 */
export function mostBreaksIn(html: string): number {
  const tags = html.match(/<\/?(?:br|div|p|li|blockquote|pre|ul|ol|h[1-4]|tr)\b/gi)?.length ?? 0;
  const first = /^\s*<(?:div|p)\b/i.test(html) ? 1 : 0;
  const last = /<\/(?:div|p)>\s*$/i.test(html) ? 1 : 0;
  return Math.max(0, tags - first - last);
}

/** The words of a message's html copy with its line breaks; mentions of the bot (by the names given) are left out, others become `@Name`. */
export function textOfHtml(html: string, botNames: string[]): string {
  const lines: string[] = [''];
  let behindBot = false;
  const write = (text: string) => {
    const words = behindBot ? text.replace(/^[ \u00a0]/, '') : text;
    lines[lines.length - 1] += (lines.at(-1) === '' ? words.replace(/^\n/, '') : words).replaceAll('\n', ' ');
    behindBot = false;
  };
  const breakLine = () => {
    lines.push('');
  };
  const walk = (node: Node, depth: number): void => {
    if (node.nodeName === '#text') write(flat((node as DefaultTreeAdapterTypes.TextNode).value));
    else if (node.nodeName === 'br') breakLine();
    else if (node.nodeName === 'img') write(attribute(node, 'itemtype') === EMOJI ? attribute(node, 'alt') : '');
    else if (isMention(node)) mention(plain(node));
    else if (!SKIPPED.has(node.nodeName) && depth < DEEPEST) walkInto(node, depth + 1);
  };
  const mention = (name: string) => {
    behindBot = botNames.includes(name);
    if (!behindBot) write(`@${name}`);
  };
  const walkInto = (node: Node, depth: number): void => {
    const block = BLOCKS.has(node.nodeName);
    // A line of a hard space alone is how editors keep an empty one.
    if (block && lines.at(-1) !== '') breakLine();
    for (const child of childrenOf(node)) walk(child, depth);
    if (block && lines.at(-1) !== '') breakLine();
  };
  walk(parseFragment(html), 0);
  return tidy(lines.map((line) => withoutEnd(line, ' \u00a0')).join('\n'));
}

/** The words in a message's blocks of code, `undefined` when it has none. */
export function codeInHtml(html: string): string | undefined {
  const blocks: string[] = [];
  const walk = (node: Node, depth: number): void => {
    // What is quoted was not written now.
    if (node.nodeName === 'blockquote' || SKIPPED.has(node.nodeName)) return;
    if (CODE.has(node.nodeName)) blocks.push(textOfHtml(serializeOuter(node as DefaultTreeAdapterTypes.Element), []));
    else if (depth < DEEPEST) for (const child of childrenOf(node)) walk(child, depth + 1);
  };
  walk(parseFragment(html), 0);
  return blocks.join('\n') || undefined;
}

/** The words that are quoted in a message, `undefined` when it quotes nothing. */
export function quotedInHtml(html: string): string | undefined {
  const quotes: string[] = [];
  const walk = (node: Node, depth: number): void => {
    if (node.nodeName === 'blockquote') quotes.push(plain(node));
    else if (depth < DEEPEST) for (const child of childrenOf(node)) walk(child, depth + 1);
  };
  walk(parseFragment(html), 0);
  return quotes.join('\n') || undefined;
}

/** White space around a line end of the source is layout: one mark, which is a space inside a line and nothing where one begins. */
function flat(text: string): string {
  const lines = text.replace(/[\r\n][ \t\r\n]*/g, '\n').split('\n');
  return lines.map((line, at) => (at < lines.length - 1 ? withoutEnd(line, ' \t') : line)).join('\n');
}

function isMention(node: Node): boolean {
  return node.nodeName === 'at' || attribute(node, 'itemtype') === MENTION;
}

/** An attribute of an element; empty where it has none. */
export function attribute(node: Node, wanted: string): string {
  return ('attrs' in node ? node.attrs : []).find(({ name }) => name === wanted)?.value ?? '';
}

/** All text inside of a node. */
export function plain(node: Node, depth = 0): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value;
  if (depth === DEEPEST) return '';
  return childrenOf(node)
    .map((child) => plain(child, depth + 1))
    .join('');
}

export function childrenOf(node: Node): Node[] {
  return 'childNodes' in node ? node.childNodes : [];
}
