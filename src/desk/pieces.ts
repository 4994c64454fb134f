import { type Message, textOf } from './message.ts';

/** The longest text shown in one post (UTF-16 units): with its card far below Teams' 100 KB, and what old clients draw. */
export const LONGEST = 8_000;

/** A message as one or more that each fit into one post; a split text breaks at a line or a sentence, and nothing is left out. */
export function piecesOf(message: Message): Message[] {
  if (textOf(message).length <= LONGEST) return [message];
  const texts = split(textOf(message), LONGEST);
  const others = message.parts.filter((part) => part.kind !== 'text');
  return texts.map((text, at) => ({
    ...message,
    parts: [{ kind: 'text', text }, ...(at === texts.length - 1 ? others : [])],
    piece: { number: at + 1, of: texts.length },
  }));
}

/** Splits at the last line break, else sentence end, else space in the second half of each piece, never inside a character. */
export function split(text: string, longest: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const cut = cutAt(rest, longest);
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...pieces, rest];
}

function cutAt(text: string, longest: number): number {
  const head = text.slice(0, longest);
  for (const ends of [/\n/g, /[。．！？!?]|\. /g, /\s/g]) {
    const last = [...head.matchAll(ends)].at(-1);
    const cut = last === undefined ? 0 : last.index + last[0].length;
    if (cut > longest / 2) return cut;
  }
  const insideCharacter = /[\uD800-\uDBFF]$/.test(head);
  return insideCharacter ? longest - 1 : longest;
}
