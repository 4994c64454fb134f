import { withoutEnd } from '../src/text/withoutEnd.ts';
import { areCredentials, fits, isSecret, isSentence, isUnmistakable } from './arguments.ts';
import { type Likeness, likenerOf } from './likeness.ts';
import { continuations, halfPhrases, isHalfWord, type Phrase, phrases, slippedPhrases } from './vocabulary.ts';
import { isMention, splitWords, type Word } from './words.ts';

/** What somebody probably meant: commands that can be run as they stand, best first; `sensitive` when the message holds credentials. */
export type NearMiss = { suggestions: string[]; sensitive: boolean };

type Guess = { phrase: Phrase; cost: number; text: string };

const mostSuggestions = 3;
const longestMistypedEvent = 8;

/**
 * Keeps mistyped commands from customers. Call it for what is not a command; `undefined` means an ordinary message.
 *
 * Two questions are asked of every spelling: how far the first words are from it (likeness.ts), and whether the words that follow have the form of
 * its arguments. The form decides: `helo` alone is asked about, "Held at customs, sorry" is not; `oprator foo` is, "Operators will call you" is not.
 * The two mistakes do not cost the same: a false alarm costs a click, a command sent to a customer embarrasses a company.
 */
export function nearMiss(text: string): NearMiss | undefined {
  const strayKeys = lostCredentials(splitWords(text));
  if (strayKeys) return strayKeys;
  const loosened = loosen(text);
  const guesses = likeliest([...guessesIn(text), ...(loosened ? guessesIn(loosened.text, loosened.sign) : [])]);
  if (guesses.length === 0) return undefined;
  const suggestions = guesses.flatMap(({ phrase, text: rest }) => toRun(phrase, rest));
  return {
    suggestions: [...new Set(suggestions)].slice(0, mostSuggestions),
    sensitive: guesses.some(
      ({ phrase, text: rest }) => phrase.takes === 'credentials' && areCredentials(splitWords(rest)),
    ),
  };
}

/** The best guesses in order; those far behind the first would only make the card longer, and a bare first word says least. */
function likeliest(guesses: Guess[]): Guess[] {
  const isBare = ({ phrase }: Guess) => isHalfWord(phrase.name);
  const telling = guesses.some((guess) => !isBare(guess)) ? guesses.filter((guess) => !isBare(guess)) : guesses;
  const best = Math.min(...telling.map(({ cost }) => cost));
  return telling.filter(({ cost }) => cost <= best + 1.5).sort((a, b) => a.cost - b.cost);
}

function guessesIn(text: string, sign = ''): Guess[] {
  const words = splitWords(text).slice(0, 40);
  while (words[0]?.core === '') words.shift();
  const liken = likenerOf(words);
  const judge = (accepts: typeof whole) => (phrase: Phrase) =>
    liken(phrase).flatMap((likeness): Guess[] => {
      const rest = text.slice(words[likeness.used - 1]?.end).trim();
      // Only a colon or comma parts a note from its text: "note-taking" and "note.com" are words of their own.
      if (phrase.takes === 'text' && sign !== '' && !/[:：,、]/u.test(sign)) return [];
      // "担当者：佐藤" is a line of a letter.
      if (phrase.takes === 'nothing' && !phrase.latin && /^[:：]/u.test(sign || (words[0]?.tail ?? '')) && rest)
        return [];
      return accepts(phrase, likeness, splitWords(rest), rest) ? [{ phrase, cost: likeness.cost, text: rest }] : [];
    });
  return [
    ...phrases.flatMap(judge(whole)),
    ...slippedPhrases.flatMap(judge(whole)),
    ...halfPhrases.flatMap(judge(half)),
  ];
}

/** Whether a message that begins like this phrase may have been meant as it. */
function whole(phrase: Phrase, { cost, ordinary, anchored, torn }: Likeness, rest: Word[], text: string): boolean {
  const fitting = fits(phrase.takes, text);
  const unmistakable = isUnmistakable(phrase.takes, text);
  if (ordinary) return unmistakable || (phrase.words.length > 1 && rest.length === 0);
  if (phrase.words.length > 1) return anchored || fitting || (rest.length <= 2 && !isSentence(rest));
  if (cost === 0) return fitting || (!torn && isMisused(phrase, rest));
  if (isHalfWord(phrase.name)) return rest.length === 0 || (rest.length === 1 && !hasHiragana(rest));
  if (phrase.takes === 'event' && !unmistakable && isSentence(rest)) return false;
  return fitting;
}

/** A second word that stands alone counts only with its argument, or when it is too long to be an accident. */
function half(phrase: Phrase, { cost, ordinary }: Likeness, rest: Word[], text: string): boolean {
  if (ordinary || cost > 1) return false;
  if (rest.length > 0) return cost === 0 || phrase.name !== 'adminAdd' ? isUnmistakable(phrase.takes, text) : false;
  const word = phrase.words[0] ?? '';
  return /^[a-z]+$/.test(word) ? word.length >= 6 : word.length >= 4;
}

/** The word is exactly ours, what follows is not what it takes: was it a command or the beginning of a sentence? */
function isMisused(phrase: Phrase, rest: Word[]): boolean {
  if (phrase.takes === 'credentials' && rest.some(({ raw }) => isSecret(raw))) return true;
  const isPath = rest[0]?.core === '' && !isMention(rest[0]);
  if (hasHiragana(rest) || isPath) return false;
  switch (phrase.name) {
    case 'help':
    case 'history':
    case 'connect':
    case 'pause':
    case 'resume':
    case 'disconnect':
      return rest.length === 1;
    case 'move':
      return rest.length <= 2 && !isSentence(rest);
    case 'setup':
      return rest.length <= 4 || !isSentence(rest);
    case 'event':
      return rest.length <= longestMistypedEvent && !isSentence(rest);
    case 'operator':
    case 'admin':
    case 'canned':
      return rest.length === 1 || (rest.length === 2 && !isSentence(rest) && rest[1]?.tail === '');
    default:
      return false;
  }
}

const hasHiragana = (rest: Word[]) => rest.some(({ raw }) => /\p{Script=Hiragana}/u.test(raw));

/** What people write beside a key when they paste it. */
const keyLabel = /token|secret|api-?key|credential|トークン|シークレット/;

/** Keys and tokens, with labels or words that we do not know or with none. */
function lostCredentials(words: Word[]): NearMiss | undefined {
  if (words.length > 20) return undefined;
  const keys = words.filter(({ raw }) => isSecret(raw));
  const labelled = words.some(({ core }) => keyLabel.test(core));
  // Three parcel or coupon numbers look much the same, but are shorter.
  return keys.length >= (labelled ? 1 : 3) && keys.some(({ raw }) => raw.length >= 24)
    ? { suggestions: ['setup'], sensitive: true }
    : undefined;
}

/** The same message with the first sign inside its first word as a space: `operator-assign`, `event:purchase`. */
function loosen(text: string): { text: string; sign: string } | undefined {
  const match =
    /^(\s*[/@＠／!！]?[^\s\-_.:,;/\\|+=・、。：，．／－＿＝]{2,40})([-_.:,;/\\|+=・、。：，．／－＿＝])(?=\S)/u.exec(
      text,
    );
  const [all = '', head = '', sign = ''] = match ?? [];
  return match ? { text: `${head} ${text.slice(all.length)}`, sign } : undefined;
}

/** The commands that a guess offers; what does not fit is left out, and keys are never repeated: they go into the form. */
function toRun(phrase: Phrase, rest: string): string[] {
  if (isHalfWord(phrase.name)) return [...continuations[phrase.name]];
  const kept = [rest, withoutEnd(rest, '.。!！')].find((candidate) => fits(phrase.takes, candidate));
  return [kept && phrase.takes !== 'credentials' ? `${phrase.text} ${kept}` : phrase.text];
}
