import { editDistance } from './editDistance.ts';
import { isEveryday } from './everydayWords.ts';
import { struckKeys } from './imeSlip.ts';
import type { Phrase } from './vocabulary.ts';
import type { Word } from './words.ts';

/** How the beginning of a message resembles a phrase. */
export type Likeness = {
  /** How many words of the message it takes. */
  used: number;
  /** Slips of the hand, roughly; 0 = the very words. */
  cost: number;
  /** It resembles the phrase, yet is a word that people use (`closed`, `line`). */
  ordinary: boolean;
  /** At least one of the words is exactly right, and none is merely another form of ours (`operators`). */
  anchored: boolean;
  /** One word of ours was written as several (`set up`). */
  torn: boolean;
};

const longestWord = 24;
const isLatin = (word: string) => /^[a-z]+$/.test(word);

/** Compares the beginning of one message with phrases: word by word, run together, and torn apart. */
export function likenerOf(words: Word[]): (phrase: Phrase) => Likeness[] {
  const cores = words.slice(0, 3).map(({ core }) => core);
  const heads = cores.map((_, at) => cores.slice(0, at + 1).join(''));
  // Phrases share their words, so each pair is measured once.
  const measured = cores.map(() => new Map<string, number | undefined>());
  const costOf = (at: number, core: string, target: string): number | undefined => {
    const known = measured[at] as Map<string, number | undefined>;
    if (!known.has(target)) known.set(target, core.length > longestWord ? undefined : wordCost(core, target));
    return known.get(target);
  };

  const wordByWord = (phrase: Phrase): Likeness | undefined => {
    const isLast = words.length <= phrase.words.length;
    let total = 0;
    let [ordinary, exact, inflected] = [false, false, false];
    for (const [at, target] of phrase.words.entries()) {
      const core = cores[at];
      if (!core) return undefined;
      const cost = costOf(at, core, target) ?? abbreviationCost(core, target, phrase, isLast);
      if (cost === undefined) return undefined;
      total += cost;
      if (cost === 0) exact = true;
      else if (isEveryday(core)) ordinary = true;
      else if (isInflected(core, target)) inflected = true;
    }
    return { used: phrase.words.length, cost: total, ordinary, anchored: exact && !inflected, torn: false };
  };

  const asOne = (phrase: Phrase): Likeness[] => {
    const found: Likeness[] = [];
    for (const [at, head] of heads.entries()) {
      const used = at + 1;
      const target = phrase.joined;
      if (Math.abs(head.length - target.length) > 2 || (used === 1 && phrase.words.length === 1)) continue;
      const cost = phrase.words.length === 1 ? wholeCost(head, phrase) : joinedCost(head, phrase);
      if (cost === undefined) continue;
      found.push({ used, cost, ordinary: false, anchored: cost === 0, torn: used > phrase.words.length });
    }
    return found;
  };

  return (phrase) => {
    const apart = wordByWord(phrase);
    return apart ? [apart, ...asOne(phrase)] : asOne(phrase);
  };
}

/** "not e" and "no te" are English before they are a torn note. */
function wholeCost(head: string, { joined, takes }: Phrase): number | undefined {
  return head === joined && takes !== 'text' ? 0 : undefined;
}

function joinedCost(head: string, phrase: Phrase): number | undefined {
  return head.length > longestWord ? undefined : editDistance(head, phrase.joined, slipsAcross(phrase));
}

const across = new WeakMap<Phrase, number>();

/** Fewer slips than the shorter word has letters, lest `operator` alone resemble `operator 連携`. */
function slipsAcross(phrase: Phrase): number {
  const known = across.get(phrase);
  if (known !== undefined) return known;
  const most = Math.min(slipsAllowed(phrase.joined), ...phrase.words.map((word) => word.length - 1));
  across.set(phrase, most);
  return most;
}

const slips = (typed: string, target: string) => editDistance(typed, target, slipsAllowed(target));

function wordCost(core: string, target: string): number | undefined {
  if (core === target) return 0;
  if (!isLatin(target)) return withoutBars(core) === withoutBars(target) ? 0.5 : slips(core, target);
  const keys = struckKeys(core);
  if (keys === undefined) return slips(core, target);
  if (keys === target) return 0.5;
  // Kana among Latin letters are a sign of the input method; kana alone are Japanese and must match exactly.
  const distance = /[a-z]/.test(core) && target.length >= 5 ? editDistance(keys, target, 1) : undefined;
  return distance === undefined ? undefined : distance + 0.5;
}

const withoutBars = (word: string) => word.replaceAll('ー', '');

/** `op assign`, `operator unas`, or `histo` alone. */
function abbreviationCost(core: string, target: string, phrase: Phrase, isLast: boolean): number | undefined {
  if (!target.startsWith(core) || isEveryday(core)) return undefined;
  if (phrase.words.length > 1) return core.length >= 2 && target.length >= 4 ? 1.5 : undefined;
  return isLast && isLatin(target) && target.length >= 6 && core.length >= 4 ? 1.5 : undefined;
}

function isInflected(core: string, target: string): boolean {
  return core.startsWith(target) && /^(s|d|ed|ing|ment|ments)$/.test(core.slice(target.length));
}

/**
 * How many slips still count: one in short words, two from six letters on. Words of two or three Chinese characters must be
 * exact (one other character is another word); kana count as letters, but two slips only from eight on.
 */
export function slipsAllowed(target: string): number {
  if (isLatin(target)) return target.length < 3 ? 0 : target.length < 6 ? 1 : 2;
  const shortest = /\p{Script=Han}/u.test(target) ? 4 : 3;
  if (target.length < shortest) return 0;
  return target.length < 8 ? 1 : 2;
}
