import type { Post } from '../state.ts';
import { h } from './dom.ts';

/** The text of a post as Teams would draw it: mentions marked, a small part of Markdown, never any HTML. */
export function postText(post: Post): Node[] {
  let text = post.text ?? '';
  if (post.fromBot && post.textFormat === 'xml') text = withoutTags(text);
  const markdown = post.fromBot && (post.textFormat ?? 'markdown').endsWith('markdown');
  const marks = post.mentions.map((mention) =>
    post.fromBot
      ? { marker: mention.text, name: mention.name }
      : { marker: `@${mention.name}`, name: `@${mention.name}` },
  );
  return withMentions(text, marks, markdown ? markdownText : (plain) => [document.createTextNode(plain)]);
}

interface Mark {
  marker: string;
  name: string;
}

function withMentions(text: string, marks: Mark[], draw: (text: string) => Node[]): Node[] {
  const first = marks
    .map((mark) => ({ mark, at: mark.marker === '' ? -1 : text.indexOf(mark.marker) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || b.mark.marker.length - a.mark.marker.length)[0];
  if (!first) return text === '' ? [] : draw(text);
  return [
    ...(first.at > 0 ? draw(text.slice(0, first.at)) : []),
    h('span', { class: 'mention' }, first.mark.name),
    ...withMentions(text.slice(first.at + first.mark.marker.length), marks, draw),
  ];
}

/** Bold, italic, code and links; whatever else stays as it was written. */
export function markdownText(text: string): Node[] {
  const pattern = /\*\*(.+?)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(?<![\w*])_([^_\n]+)_(?!\w)/g;
  const nodes: Node[] = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    const [whole, bold, code, title, url, italic] = found;
    if (found.index > end) nodes.push(document.createTextNode(text.slice(end, found.index)));
    end = found.index + whole.length;
    if (bold !== undefined) nodes.push(h('strong', {}, bold));
    else if (code !== undefined) nodes.push(h('code', {}, code));
    else if (title !== undefined && url !== undefined) nodes.push(link(title, url));
    else nodes.push(h('em', {}, italic ?? ''));
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

/** A link that opens in its own tab and tells the other page nothing. Only for http(s) addresses. */
export function link(title: string, url: string): HTMLElement {
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, title);
}

/** Is this an address a person may be led to? `javascript:` and the like are not. */
export function isWebAddress(url: unknown): url is string {
  return typeof url === 'string' && /^https?:\/\//i.test(url);
}

function withoutTags(xml: string): string {
  const text = xml.replace(/<br\s*\/?>/gi, '\n').replace(/<(?!\/?at\b)[^>]*>/gi, '');
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
