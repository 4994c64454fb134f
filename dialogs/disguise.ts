import type { Facts } from './facts.ts';
import { type Reading, readCommand } from './grammar.ts';

/** What people put before a command without thinking: a greeting, a number (not of a date, 8/2), brackets, signs that nobody sees. */
const WRAPPING = /^(?:(?:please|pls|hey|hi)\s+|(?![@/]|\d+\/)[\d\s\p{P}\p{S}\p{M}\p{Cf}\u2800\u3164])+/iu;

/** A colleague whose name was typed and never picked from the list. */
const CALLED = /^@[^\s@]+\s+/u;

/** How a colleague is spoken to, behind the name. */
const POLITE = /^(?:さん|さま|様|くん|君|ちゃん|氏)/u;

/** What parts a note's first word from the rest. */
const SIGN = String.raw`[\p{P}\p{S}\p{M}\p{Cf}\u2800\u3164]`;

/** A note by its first words, however it goes on. */
const NOTE = new RegExp(
  `^(?:${[
    // Said among colleagues alone.
    '(?:社内|内部)用?(?:メモ|めも|ノート)',
    String.raw`(?:internal|private)[\s_-]*(?:notes?|memos?)(?![\p{L}\d])`,
    String.raw`(?:internal|社内用?|内部用?|社外秘)\s*[:】」』)\]]`,
    // Japanese words need a sign behind them: メモリ and ノートPC are goods. With a space they are our command.
    `(?:メモ|めも|ノート)${SIGN}`,
    // note.com is a place and note-taking a habit.
    String.raw`(?:notes?|memos?)(?!\.[a-z]{2,3}(?![a-z])|['’-][a-z])${SIGN}`,
    String.raw`(?:notes|memos?)\s+\S`,
  ].join('|')})`,
  'iu',
);

/** Reads what was said to the bot; the names of all who are mentioned may stand before it. */
export function readFacts({ text, botName, mentioned }: Facts): Reading {
  return readMessage(text, [botName, ...mentioned.map(({ name }) => name)]);
}

/**
 * Reads a message as `readCommand` does, and once more without what stands before a command by habit: the bot's name typed
 * again, a colleague's mention, a bracket. What is a command only then is asked about; it was addressed to colleagues or the bot.
 */
export function readMessage(text: string, names: readonly string[]): Reading {
  const reading = readCommand(text);
  if (reading.kind !== 'text') return reading;
  const bare = unwrapped(text, names);
  if (NOTE.test(bare)) return { kind: 'nearMiss', suggestions: ['note'], sensitive: false };
  if (bare === text || bare === '') return reading;
  const inner = readCommand(bare);
  if (inner.kind === 'command' && inner.command.name === 'note' && isToCustomer(text)) return reading;
  if (inner.kind === 'command')
    return { kind: 'nearMiss', suggestions: [inner.text], sensitive: inner.command.name === 'setup' };
  return inner.kind === 'empty' ? reading : inner;
}

/** “Please note that …” is how letters to customers go on. Of whom it speaks tells whether it is one. */
function isToCustomer(text: string): boolean {
  return (
    /^\s*please\s+note\s+that\s/i.test(text) &&
    !/\b(?:s?he|him|his|hers?|customers?|clients?|users?|guests?|visitors?|internal(?:ly)?)\b/i.test(text)
  );
}

function unwrapped(text: string, names: readonly string[]): string {
  let rest = text.normalize('NFKC');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(WRAPPING, '');
    for (const name of names) rest = withoutName(rest, name);
    if (rest === before) rest = rest.replace(CALLED, '');
  }
  return rest;
}

/** A name counts only as a word: with its `@`, or with a space behind it. */
function withoutName(text: string, name: string): string {
  if (name === '') return text;
  const begins = (head: string) => text.slice(0, head.length).toLowerCase() === head.toLowerCase();
  const behind = (head: string) => text.slice(head.length).replace(POLITE, '');
  if (begins(`@${name}`)) return behind(`@${name}`);
  return begins(name) && /^[\s:：,、]/u.test(behind(name)) ? behind(name) : text;
}
