import type { Facts } from './facts.ts';
import { type Reading, readCommand } from './grammar.ts';

/** What people put before a command without thinking: a greeting, a number, brackets, signs that nobody sees. */
const WRAPPING =
  /^(?:(?:please|pls|hey|hi)\s+|[\d\s\p{Cf}\u2800\u3164【】「」『』()（）[\]［］<>＜＞・•*#.,:：;、。-])+/iu;

/** A note by its first word, whatever parts it from the rest. Japanese words need a sign behind them: メモリ and ノートPC are goods. */
const NOTE =
  /^(?:internal\s+note|notes?|memo|社内メモ|メモ|ノート)(?=[:：;；|｜=＝/／。、–—】」』)）\]］>\p{Cf}\u2800\u3164])/iu;

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
  if (inner.kind === 'command')
    return { kind: 'nearMiss', suggestions: [inner.text], sensitive: inner.command.name === 'setup' };
  return inner.kind === 'empty' ? reading : inner;
}

function unwrapped(text: string, names: readonly string[]): string {
  let rest = text.normalize('NFKC');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(WRAPPING, '');
    for (const name of names) rest = withoutName(rest, name);
  }
  return rest;
}

/** A name counts only as a word: with its `@`, or with a space behind it. */
function withoutName(text: string, name: string): string {
  if (name === '') return text;
  const begins = (head: string) => text.toLowerCase().startsWith(head.toLowerCase());
  if (begins(`@${name}`)) return text.slice(name.length + 1);
  return begins(name) && /^[\s:：,、]/u.test(text.slice(name.length)) ? text.slice(name.length) : text;
}
