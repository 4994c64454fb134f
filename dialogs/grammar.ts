import { bareValue, countOf, fits, operatorIdOf, operatorNameOf } from './arguments.ts';
import { type EventArguments, readEventArguments } from './eventArguments.ts';
import { type NearMiss, nearMiss } from './nearMiss.ts';
import { readSlash } from './slash.ts';
import { continuations, type HalfWord, isHalfWord, type Phrase, phrases } from './vocabulary.ts';
import { isBare, splitWords, type Word } from './words.ts';

/** What an operator asked for. */
export type Command =
  | { name: 'help' }
  /** The words as typed, placeholders' brackets removed: none = open the form; four = api_key access_token bot_id client_secret. */
  | { name: 'setup'; values: string[] }
  /** Without an id: ask for it. */
  | { name: 'operatorLink'; operatorId?: string }
  | { name: 'operatorUnlink' }
  /** Of the person who is mentioned, else of the one who writes. */
  | { name: 'operatorAssign' }
  | { name: 'operatorUnassign' }
  | ({ name: 'event' } & EventArguments)
  | { name: 'adminAdd' }
  | { name: 'adminList' }
  /** What goes out in the guarded mode; elsewhere it is asked about, since a customer may be told to reply. Without a text: ask for it. */
  | { name: 'reply'; text: string }
  /** Without a text: ask for it. */
  | { name: 'note'; text: string }
  | { name: 'close' }
  | { name: 'open' }
  /** The customer is to answer next (KARTE: 返信待ち). */
  | { name: 'waiting' }
  | { name: 'status' }
  /** Without a number: as many as the desk shows by itself. */
  | { name: 'history'; count?: number }
  | { name: 'move' }
  | { name: 'operatorOn' }
  | { name: 'operatorOff' }
  /** The name of a canned reply, and behind it what it says; either may be missing: ask for it. */
  | { name: 'cannedAdd'; text: string }
  /** Without a number: the first page. */
  | { name: 'cannedList'; page?: number }
  | { name: 'cannedRemove'; text: string }
  /** `/name`: the canned reply of this name goes to the customer. */
  | { name: 'cannedSend'; reply: string }
  | { name: 'settings' }
  | { name: 'doctor' }
  /** Without a channel: each there is is offered. */
  | { name: 'connect'; channel?: string }
  | { name: 'connections' }
  /** Without a channel: the one connection that can be meant, else all are shown. */
  | { name: 'pause'; channel?: string }
  | { name: 'resume'; channel?: string }
  | { name: 'disconnect'; channel?: string };

/** What a message to the bot is. Only `text` may reach an end user. */
export type Reading =
  /** `text` is the command in the spelling we teach, without the values of `setup`. */
  | { kind: 'command'; command: Command; text: string }
  /** A first word that needs a second one. */
  | { kind: 'incomplete'; word: HalfWord; suggestions: string[] }
  /** Nearly a command: `suggestions` can each be run as they stand, best first, at most three; a `sensitive` message holds credentials and must not be shown again. */
  | { kind: 'nearMiss'; suggestions: string[]; sensitive: boolean }
  | { kind: 'text' }
  | { kind: 'empty' };

/**
 * Reads a message that was addressed to the bot: mention of the bot removed, entities decoded, people as `@Name`.
 *
 * A command is a known spelling (vocabulary.ts) followed by nothing but what it takes; letter case, width, kind of space and a full stop
 * at the end do not matter. Words that also begin ordinary sentences are commands only in a form that no sentence has:
 * - `help`, `status`, `close`, `open`, `move`, `operator unlink`, `admin list` ...: alone. `history`: alone or with a number.
 * - `operator assign`, `admin add`: alone or before an `@`; the person comes as a mention, so the name is not read here.
 * - `connect`, `pause`, `resume`, `disconnect`: alone or before a channel's name, which may stand first in Japanese.
 * - `operator link`: alone, before one id, or before a name of one or two words.
 * - `event`: alone, before one name, or before anything that holds `key=value`.
 * - `setup`: alone or before words that could be credentials. In doubt it is a command, or asked about: keys must not travel.
 * - `note`: before anything, also before "that your order ...": a note that reaches a customer is the worst mistake of all.
 *
 * - `/name`: alone; it sends a canned reply. Before other words it is asked about; a path (`/usr/bin`) is text.
 *
 * Whatever is neither a command nor close to one (nearMiss.ts) is text for the end user.
 */
export function readCommand(text: string): Reading {
  const words = splitWords(text);
  if (words.length === 0) return { kind: 'empty' };
  const found = longestPhrase(words);
  if (found) {
    const { phrase, used } = found;
    const rest = text.slice(words[used - 1]?.end).trim();
    const isLast = words.length === used;
    const bare = words.slice(0, used).every((word, at) => isBare(word, isLast && at === used - 1));
    if (bare && fits(phrase.takes, isLast ? '' : rest)) return readingOf(phrase, isLast ? '' : rest);
  }
  const near = nearMiss(text);
  return slashReading(text, near) ?? (near ? { kind: 'nearMiss', ...near } : { kind: 'text' });
}

function readingOf(phrase: Phrase, rest: string): Reading {
  if (isHalfWord(phrase.name)) {
    return { kind: 'incomplete', word: phrase.name, suggestions: [...continuations[phrase.name]] };
  }
  const shown = phrase.takes === 'credentials' || rest === '' ? phrase.text : `${phrase.text} ${rest}`;
  return { kind: 'command', command: commandOf(phrase.name, rest, phrase.channel), text: shown };
}

function commandOf(name: Exclude<Phrase['name'], HalfWord>, rest: string, channel?: string): Command {
  switch (name) {
    case 'setup':
      return { name, values: splitWords(rest).map(({ raw }) => bareValue(raw)) };
    case 'operatorLink': {
      const operatorId = operatorIdOf(rest) ?? operatorNameOf(rest);
      return operatorId === undefined ? { name } : { name, operatorId };
    }
    case 'event':
      return { name, ...readEventArguments(rest) };
    case 'reply':
    case 'note':
    case 'cannedAdd':
    case 'cannedRemove':
      return { name, text: rest };
    case 'connect':
    case 'pause':
    case 'resume':
    case 'disconnect':
      return channel === undefined ? { name } : { name, channel };
    case 'history':
      return rest === '' ? { name } : { name, count: countOf(rest) };
    case 'cannedList':
      return rest === '' ? { name } : { name, page: countOf(rest) };
    default:
      return { name };
  }
}

/** What begins with `/name`: alone it sends that canned reply; with anything behind it, it is asked about. */
function slashReading(text: string, near: NearMiss | undefined): Reading | undefined {
  const slashed = near?.sensitive ? undefined : readSlash(text);
  if (!slashed) return undefined;
  const shown = `/${slashed.name}`;
  if (slashed.alone) return { kind: 'command', command: { name: 'cannedSend', reply: slashed.name }, text: shown };
  return { kind: 'nearMiss', suggestions: [...(near?.suggestions ?? []), shown].slice(0, 3), sensitive: false };
}

function longestPhrase(words: Word[]): { phrase: Phrase; used: number } | undefined {
  let best: { phrase: Phrase; used: number; length: number } | undefined;
  for (const phrase of phrases) {
    const used = wordsOf(phrase, words);
    const { length } = phrase.joined;
    if (used !== undefined && length > (best?.length ?? 0)) best = { phrase, used, length };
  }
  return best;
}

/** How many words of the message spell the phrase. Japanese may be written together or apart; Latin words stand as they are. */
function wordsOf(phrase: Phrase, words: Word[]): number | undefined {
  if (phrase.latin) {
    return phrase.words.every((word, at) => words[at]?.core === word) ? phrase.words.length : undefined;
  }
  const whole = phrase.joined;
  let joined = '';
  for (const [at, { core }] of words.slice(0, 4).entries()) {
    if (joined.length + core.length > whole.length) return undefined;
    joined += core;
    if (joined === whole) return at + 1;
  }
  return undefined;
}
