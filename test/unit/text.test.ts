import { en } from '../../src/text/en.ts';
import { ja, type SentenceKey } from '../../src/text/ja.ts';
import { keyOf, sentenceOf, speaker } from '../../src/text/text.ts';
import { filesIn, sourceOf } from './imports.ts';

const keys = Object.keys(ja) as SentenceKey[];
const fillingsOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

test('both languages have the same sentences', () => {
  expect(Object.keys(en).toSorted()).toEqual(keys.toSorted());
});

test.each(keys)('%s says something in both languages, with the same fillings', (key) => {
  for (const sentence of [ja[key], en[key]]) {
    expect(sentence.trim()).toBe(sentence);
    expect(sentence).not.toBe('');
  }
  expect(fillingsOf(en[key])).toEqual(fillingsOf(ja[key]));
});

test('no brace stands in a sentence that is not a filling', () => {
  for (const key of keys)
    for (const text of [ja[key], en[key]]) expect(text.replace(/\{\w+\}/g, '')).not.toMatch(/[{}]/);
});

test('every sentence is said somewhere', () => {
  const sources = ['src', 'cards', 'dialogs']
    .flatMap((folder) => filesIn(folder))
    .filter((file) => !/^src\/text\/(ja|en)\.ts$/.test(file))
    .map(sourceOf)
    .join('\n');
  const byRule =
    /^(teams|karte|line|channels|connect|status|help|setup|overview)\.|^hook\.|^(notFound|methodNotAllowed|unauthorized|notImplemented|unavailable|starting|stopping)$/;
  expect(keys.filter((key) => !byRule.test(key) && !sources.includes(`'${key}'`))).toEqual([]);
});

test('a sentence is filled in, and what is missing leaves nothing behind', () => {
  expect(speaker('en')('answer.assigned', { name: '$& {x}' })).toBe('$& {x} is now the assignee.');
  expect(speaker('ja')('answer.assigned')).toBe('担当を  さんにしました。');
});

test('an error of ours has its sentence, and nobody else’s has', () => {
  const say = speaker('en');
  expect(sentenceOf({ code: 'operator.taken', values: { name: 'Sato' } }, say)).toBe(
    'Sato already uses this assign ID.',
  );
  for (const error of [new Error('x'), { code: 'ECONNREFUSED' }, { code: 'toString' }, undefined, null, 'text'])
    expect(sentenceOf(error, say)).toBeUndefined();
});

test('a code without a sentence is an internal error to who reads it', () => {
  expect(keyOf('no.such')).toBe('internal');
  expect(keyOf('constructor')).toBe('internal');
});
