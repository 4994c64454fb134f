import fc from 'fast-check';
import type { Message } from '../../../src/desk/message.ts';
import { LONGEST, piecesOf, split } from '../../../src/desk/pieces.ts';

const texts = fc.string({
  unit: fc.constantFrom('あ', 'a', ' ', '\n', '。', '. ', '！', '😀', '👩‍👩‍👧', '\u3000'),
  maxLength: 300,
});

test('pieces joined are the text, each fits, none is empty, and no character is cut in two', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 4, max: 60 }), (text, longest) => {
      const pieces = split(text, longest);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(longest);
        expect(piece.isWellFormed()).toBe(true);
        expect(piece !== '' || text === '').toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a break is taken where one is: at a line, else a sentence, else a space', () => {
  expect(split('一行目です\n二行目', 8)).toEqual(['一行目です\n', '二行目']);
  expect(split('終わりです。つぎです', 8)).toEqual(['終わりです。', 'つぎです']);
  expect(split('abcde fgh', 8)).toEqual(['abcde ', 'fgh']);
});

function messageOf(text: string): Message {
  return { author: { kind: 'endUser' }, parts: [{ kind: 'text', text }, { kind: 'image' }], at: 1 };
}

test('a message that fits stays as it is', () => {
  const message = messageOf('あ'.repeat(LONGEST));
  expect(piecesOf(message)).toEqual([message]);
});

test('a long one is numbered, and its picture comes once, at the end', () => {
  const pieces = piecesOf(messageOf('あ'.repeat(2 * LONGEST + 1)));
  expect(pieces.map(({ piece }) => piece)).toEqual([1, 2, 3].map((number) => ({ number, of: 3 })));
  expect(pieces.map(({ parts }) => parts.some(({ kind }) => kind === 'image'))).toEqual([false, false, true]);
});
