/** What each row of kana is typed with; the five stand for a, i, u, e, o, and a dot for "no such kana". */
const rows: Record<string, string> = {
  '': 'アイウエオ',
  k: 'カキクケコ',
  s: 'サシスセソ',
  t: 'タチツテト',
  n: 'ナニヌネノ',
  h: 'ハヒフヘホ',
  m: 'マミムメモ',
  y: 'ヤ.ユ.ヨ',
  r: 'ラリルレロ',
  w: 'ワ...ヲ',
  g: 'ガギグゲゴ',
  z: 'ザジズゼゾ',
  d: 'ダヂヅデド',
  b: 'バビブベボ',
  p: 'パピプペポ',
  l: 'ァィゥェォ',
};

const keysOf = new Map<string, string>([
  ['ン', 'n'],
  ['ー', '-'],
  ['ヴ', 'vu'],
  ...Object.entries(rows).flatMap(([consonant, kana]) =>
    [...kana].map((sign, vowel): [string, string] => [sign, consonant + 'aiueo'.charAt(vowel)]),
  ),
]);

/**
 * The keys that were struck when a Latin word came out as kana because the Japanese input method was on:
 * `おぺらとr` was `operator`, `へlp` was `help`, `せつp` was `setup`.
 *
 * Takes a folded word (hiragana already made katakana); answers `undefined` when it holds no kana, or anything but kana and letters.
 */
export function struckKeys(folded: string): string | undefined {
  if (!/[ァ-ヴ]/.test(folded) || !/^[ァ-ヴーa-z]+$/.test(folded)) return undefined;
  const keys = [...folded]
    .map((sign) => (sign === 'ッ' ? sign : (keysOf.get(sign) ?? sign)))
    .join('')
    // ヴ plus a small vowel is one syllable (ve, not vule); ッ doubles the consonant that follows it.
    .replace(/vul([aieo])/g, 'v$1')
    .replace(/ッ(.?)/g, '$1$1');
  return /^[a-z]+$/.test(keys) ? keys : undefined;
}
