import fc from 'fast-check';
import { blanksIn, filledIn } from '../../../src/desk/fillings.ts';

const labels = (text: string) => blanksIn(text).map(({ label }) => label);

test('every pair of braces is a blank, once, in either width, in the order of the text', () => {
  expect(labels('{日付} に {商品名} を｛ 日付 ｝までに {Ａ} {a}')).toEqual(['日付', '商品名', 'Ａ']);
});

test('the names of a filling are one blank, whatever it is called', () => {
  expect(blanksIn('{name} {お客さま名} {お客様名} {operator} {担当者名}').map(({ filling }) => filling)).toEqual([
    'name',
    'operator',
  ]);
});

test.each(['{}', '{a\nb}', `{${'x'.repeat(41)}}`, '{ {', '{constructor'])('%j has no blank', (text) =>
  expect(blanksIn(text)).toEqual([]),
);

test('words of JavaScript are blanks like any other', () => {
  expect(blanksIn('{constructor} {__proto__}')).toEqual([
    { key: 'constructor', label: 'constructor', filling: undefined },
    { key: '__proto__', label: '__proto__', filling: undefined },
  ]);
});

test('what is filled in stands as it is: neither a blank nor a sign of a replacement', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('{a}', '$&', '{name}'), (value, more) => {
      const filling = `${value}${more}`;
      expect(filledIn('[{a}|{b}|{a}]', ({ key }) => (key === 'a' ? filling : undefined))).toBe(
        `[${filling}|{b}|${filling}]`,
      );
    }),
  ));
