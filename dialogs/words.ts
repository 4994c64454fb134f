/** One word of a message, as typed and as compared. */
export type Word = {
  /** As typed, between two spaces. */
  raw: string;
  /** Folded (see {@link fold}) and without the punctuation around it; empty when the word is nothing but punctuation. */
  core: string;
  /** The folded punctuation before the core. */
  lead: string;
  /** The folded punctuation after the core. */
  tail: string;
  /** Where the word ends in the message, in code units. */
  end: number;
};

const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;
const edge = /[\p{P}\p{S}\p{M}\p{Emoji_Presentation}]/u;
const stopsOnly = /^[.。!?]+$/;

/** Makes a value plain: full-width letters become ASCII, zero-width and control characters vanish. Letter case stays. */
export function plainly(text: string): string {
  return text.normalize('NFKC').replace(unseen, '');
}

/** The form in which words are compared: plain, lower case, without spaces, hiragana as katakana (`へるぷ` = `ﾍﾙﾌﾟ` = `ヘルプ`). */
export function fold(text: string): string {
  return plainly(text)
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
}

/** Cuts a message into words at any Unicode space; invisible words and a lone full stop at the end are left out. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/\S+/gu)) {
    const signs = [...fold(match[0])];
    if (signs.length === 0) continue;
    let from = 0;
    let to = signs.length;
    while (from < to && edge.test(signs[from] ?? '')) from++;
    while (to > from && edge.test(signs[to - 1] ?? '')) to--;
    words.push({
      raw: match[0],
      lead: signs.slice(0, from).join(''),
      core: signs.slice(from, to).join(''),
      tail: signs.slice(to).join(''),
      end: match.index + match[0].length,
    });
  }
  const last = words.at(-1);
  if (words.length > 1 && last?.core === '' && stopsOnly.test(last.lead)) words.pop();
  return words;
}

/** Whether the word is written bare, or (at the end of a message) followed by no more than a full stop. */
export function isBare(word: Word, atTheEnd: boolean): boolean {
  return word.lead === '' && (word.tail === '' || (atTheEnd && stopsOnly.test(word.tail)));
}

/** Whether a person is named here; the name itself may go on over the words that follow. */
export function isMention(word: Word | undefined): boolean {
  return word !== undefined && /^[@＠]./u.test(word.raw);
}
