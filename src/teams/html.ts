import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { tidy } from './spoken.ts';

type Node = DefaultTreeAdapterTypes.Node;

const BLOCKS = new Set(['div', 'p', 'li', 'blockquote', 'pre', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'tr']);
const SKIPPED = new Set(['script', 'style', 'attachment', 'quoted']);

/** The words of a message's html copy with its line breaks; mentions of the bot (by the names given) are left out, others become `@Name`. */
export function textOfHtml(html: string, botNames: string[]): string {
  const lines: string[] = [''];
  const write = (text: string) => {
    lines[lines.length - 1] += text;
  };
  const breakLine = () => {
    lines.push('');
  };
  const walk = (node: Node): void => {
    if (node.nodeName === '#text') write((node as DefaultTreeAdapterTypes.TextNode).value.replace(/[\r\n]+/g, ' '));
    else if (node.nodeName === 'br') breakLine();
    else if (isMention(node)) write(mentionText(node, botNames));
    else if (!SKIPPED.has(node.nodeName)) walkInto(node);
  };
  const walkInto = (node: Node): void => {
    const block = BLOCKS.has(node.nodeName);
    if (block && lines.at(-1)?.trim()) breakLine();
    childrenOf(node).forEach(walk);
    if (block && lines.at(-1)?.trim()) breakLine();
  };
  walk(parseFragment(html));
  return tidy(lines.map((line) => line.replace(/[ \u00a0]+$/, '')).join('\n'));
}

function isMention(node: Node): boolean {
  const attributes = 'attrs' in node ? node.attrs : [];
  return (
    node.nodeName === 'at' ||
    attributes.some(({ name, value }) => name === 'itemtype' && value === 'http://schema.skype.com/Mention')
  );
}

function mentionText(node: Node, botNames: string[]): string {
  const name = plain(node);
  return botNames.includes(name) ? '' : `@${name}`;
}

function plain(node: Node): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value;
  return childrenOf(node).map(plain).join('');
}

function childrenOf(node: Node): Node[] {
  return 'childNodes' in node ? node.childNodes : [];
}
