import { withoutEnd } from '../src/text/withoutEnd.ts';
import { readEventArguments } from './eventArguments.ts';
import { functionWords } from './everydayWords.ts';
import type { Takes } from './vocabulary.ts';
import { isMention, plainly, splitWords, type Word } from './words.ts';

/** A word without the signs that our own help puts around a placeholder (`<id>`, `{api_key}`) and without quotes. */
export function bareValue(raw: string): string {
  return plainly(raw).replace(/^[<{"'“「](.*)[>}"'”」]$/u, '$1');
}

/** An operator id (アサインID) as typed, or `undefined` when the word cannot be one. Its true shape is undocumented: letters, digits, `-`, `_`, at most 128. */
export function operatorIdOf(raw: string): string | undefined {
  const id = bareValue(withoutEnd(raw, '.。!！'));
  return /^[A-Za-z0-9_-]{1,128}$/.test(id) ? id : undefined;
}

const isUrl = (value: string) => /^https?:/i.test(value);

/** Whether this can hardly be anything but a key or a token: long, ASCII, letters mixed with digits, no address. */
export function isSecret(raw: string): boolean {
  const value = bareValue(withoutEnd(raw, '.,;:!?、。'));
  return !isUrl(value) && /^[\w.~+/=-]{16,}$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Whether the words after `setup` could be credentials. In doubt they are: setting up with a wrong key only fails, sending a key to a customer cannot be undone. */
export function areCredentials(rest: Word[]): boolean {
  if (rest.some(({ raw }) => isSecret(raw))) return true;
  const possible = ({ raw, core }: Word) =>
    /^[\x21-\x7e]+$/.test(bareValue(raw)) && !/[.,;:!?]$/.test(raw) && !isUrl(raw) && !functionWords.has(core);
  const marked = ({ raw }: Word) => /\d|_|\w-\w|[a-z][A-Z]/.test(plainly(raw));
  return rest.length > 0 && rest.every(possible) && (rest.length === 4 || rest.some(marked));
}

/** How a sentence in Japanese ends or goes on, and hardly a name. */
const SPOKEN = /(です|ます|した|して|する|ください|ません|は|を|が|に|で|か|ね|よ)$/u;

/** The name that end users are to see, in a desk whose channels have no operators: one or two words that no sentence would end with; in Latin letters two, each with a capital. */
export function operatorNameOf(text: string): string | undefined {
  const words = splitWords(withoutEnd(text, '.。'));
  const isName = ({ raw, core }: Word) =>
    /^[\p{L}\p{N}\p{M}ー・_-]{1,40}$/u.test(raw) &&
    (/[^\p{ASCII}]/u.test(raw)
      ? !(/\p{Script=Hiragana}/u.test(raw) && SPOKEN.test(raw))
      : words.length === 2 && /^\p{Lu}/u.test(raw) && !functionWords.has(core));
  return words.length > 0 && words.length <= 2 && words.every(isName)
    ? words.map(({ raw }) => plainly(raw)).join(' ')
    : undefined;
}

/** What may stand behind a number of messages. */
const MESSAGES = new Set(['件', 'messages', 'message']);

/** A number of messages or of a page as typed (`20`, `20件`, `20 messages`); `undefined`: it is none. */
export function countOf(text: string): number | undefined {
  const [number, unit, ...more] = splitWords(text).map(({ core }) => core);
  const [, digits] = /^(\d{1,4})件?$/.exec(number ?? '') ?? [];
  const isCount = digits !== undefined && more.length === 0 && (unit === undefined || MESSAGES.has(unit));
  return isCount ? Number(digits) : undefined;
}

/** Whether the rest of a message is what the command takes. An argument that may be left out may be missing. */
export function fits(takes: Takes, text: string): boolean {
  const rest = splitWords(text);
  if (rest.length === 0 || takes === 'text') return true;
  switch (takes) {
    case 'nothing':
      return false;
    case 'mention':
      return isMention(rest[0]);
    case 'credentials':
      return areCredentials(rest);
    case 'operatorId':
      return (
        (rest.length === 1 && operatorIdOf(rest[0]?.raw ?? '') !== undefined) || operatorNameOf(text) !== undefined
      );
    case 'count':
      return countOf(text) !== undefined;
    case 'event':
      return rest.some(isAssignment) || (rest.length === 1 && readEventArguments(text).problem === undefined);
  }
}

/** Whether the rest can be nothing but an argument, so that even an ordinary word before it must have been a slip. */
export function isUnmistakable(takes: Takes, text: string): boolean {
  const rest = splitWords(text);
  switch (takes) {
    case 'mention':
      return isMention(rest[0]);
    case 'credentials':
      return rest.some(({ raw }) => isSecret(raw));
    case 'operatorId':
      return rest.length === 1 && /\d/.test(operatorIdOf(rest[0]?.raw ?? '') ?? '');
    case 'event':
      return rest.some(isAssignment);
    case 'count':
      return fits(takes, text) && rest.length > 0;
    default:
      return false;
  }
}

/** Whether the words read on as a sentence rather than as arguments: a function word, hiragana, or punctuation on the way. */
export function isSentence(rest: Word[]): boolean {
  return rest.some(
    ({ raw, core, tail }, at) =>
      functionWords.has(core) ||
      /\p{L}['’]\p{L}/u.test(raw) ||
      /\p{Script=Hiragana}/u.test(raw) ||
      (at < rest.length - 1 && /^[,.;:。、!?]/.test(tail)),
  );
}

function isAssignment({ raw }: Word): boolean {
  return /^[^\s=＝:/]{1,64}[=＝]/u.test(raw);
}
