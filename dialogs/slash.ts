import { phrases } from './vocabulary.ts';
import { fold, plainly, splitWords } from './words.ts';

/** A message that begins with `/name`; `alone`: it is nothing else. */
export interface Slashed {
  name: string;
  alone: boolean;
}

/** A slash, perhaps the bracket of a placeholder, a name, and what is written together with it. */
const SLASHED = /^\/([「『【"“'<{([]?)([\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*)(.*)$/su;

/** What goes on like this is a path, the name of a file, an address or a sum. */
const PATH = /^[./\\~%?=&#:]\S/;

/**
 * Reads the name of a canned reply behind a slash of any width. `undefined`: no slash stands at the beginning, or it is that of a path, or
 * of one of our own commands, which `nearMiss` knows better. Hardly a sentence to a customer begins with a slash: in doubt it was a slip.
 */
export function readSlash(text: string): Slashed | undefined {
  const [first, second] = splitWords(text);
  if (!first) return undefined;
  const apart = plainly(first.raw) === '/';
  if (apart && !second) return undefined;
  const [, bracket = '', name = '', rest = ''] = SLASHED.exec(plainly(`${first.raw}${apart ? second?.raw : ''}`)) ?? [];
  if (name === '' || PATH.test(rest) || rest === '/' || isCommandWord(name)) return undefined;
  const alone = !second && bracket === '' && /^[.。!?]*$/.test(rest);
  return { name, alone };
}

/** Whether a word alone is one of our commands, or the first word of one: `/help` is a slip, and no canned reply is called so. */
export function isCommandWord(word: string): boolean {
  const folded = fold(word);
  return phrases.some(({ joined, words }) => joined === folded || words[0] === folded);
}
