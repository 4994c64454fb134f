import fc from 'fast-check';
import { LONGEST_TEXT, MOST_OBJECTS, pushesOf, retryKeyOf } from '../../../src/channels/line/outgoing.ts';
import type { Message, Part } from '../../../src/desk/message.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const messageOf = (...parts: Part[]): Message => ({ author: { kind: 'operator' }, parts, at: 0 });
const text = (words: string): Part => ({ kind: 'text', text: words });
const isHttps = (url: string) => url.startsWith('https://');
const pushes = (message: Message, name?: string) => pushesOf(message, name, isHttps);

describe('what goes out to LINE', () => {
  test('is one push of at most five objects, each a text of at most 5,000 units, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40_000, size: 'max' }), (words) => {
        const all = pushes(messageOf(text(words)));
        const objects = all.flat();
        expect(all.every((push) => push.length >= 1 && push.length <= MOST_OBJECTS)).toBe(true);
        const texts = objects.map((object) => (object.type === 'text' ? object.text : ''));
        expect(Math.max(0, ...texts.map(({ length }) => length))).toBeLessThanOrEqual(LONGEST_TEXT);
        expect(texts.join('').replace(/\s/g, '')).toBe(words.replace(/\s/g, ''));
        expect(texts.every((piece) => piece.isWellFormed() || !words.isWellFormed())).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('shows pictures as pictures, beside the words', () => {
    const picture: Part = { kind: 'image', url: 'https://desk.test/1', previewUrl: 'https://desk.test/1s' };
    expect(pushes(messageOf(text('はい'), picture))).toEqual([
      [
        { type: 'text', text: 'はい' },
        { type: 'image', originalContentUrl: 'https://desk.test/1', previewImageUrl: 'https://desk.test/1s' },
      ],
    ]);
  });

  test('says where a picture is that LINE can’t fetch', () => {
    const url = 'http://desk.test/1';
    expect(pushes(messageOf({ kind: 'image', url }))).toEqual([[{ type: 'text', text: url }]]);
  });

  test('bears the operator’s name, in twenty units and whole characters', () => {
    const [[object] = []] = pushes(messageOf(text('はい')), `${'あ'.repeat(19)}👍`);
    expect(object?.sender).toEqual({ name: 'あ'.repeat(19) });
    expect(pushes(messageOf(text('はい')))[0]?.[0]).not.toHaveProperty('sender');
  });

  test.each(['', '  ', 'LINE担当', 'お客さま Line 係', 'ＬＩＮＥ'])(
    'bears the account’s name in place of %j',
    (name) => {
      expect(pushes(messageOf(text('はい')), name)[0]?.[0]).not.toHaveProperty('sender');
    },
  );

  test.each(['Caroline', '佐藤', 'Online Desk'])('bears the name of %s', (name) => {
    expect(pushes(messageOf(text('はい')), name)[0]?.[0]?.sender).toEqual({ name });
  });

  test('holds no text without a sign in it', () => {
    expect(pushes(messageOf(text(' \n ')))).toEqual([]);
  });
});

describe('the key under which a push is sent again', () => {
  const words = messageOf(text('はい'));

  test('is the same for the same message and push, another for any other, and a UUID', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (key, number) => {
        expect(retryKeyOf(key, words, number)).toMatch(UUID);
        expect(retryKeyOf(key, words, number)).toBe(retryKeyOf(key, structuredClone(words), number));
        expect(retryKeyOf(key, words, number)).not.toBe(retryKeyOf(key, words, number + 1));
        expect(retryKeyOf(key, words, number)).not.toBe(retryKeyOf(`${key}x`, words, number));
      }),
    );
  });

  test('is another one once the reply was edited: LINE would take it for what it has', () => {
    const picture = (url: string): Part => ({ kind: 'image', url });
    const others = [
      messageOf(text('いいえ')),
      messageOf(text('はい'), picture('https://desk.test/1')),
      messageOf(text('はい'), picture('https://desk.test/2')),
      messageOf(text('は'), text('い')),
    ];
    expect(new Set([words, ...others].map((message) => retryKeyOf('1', message, 0))).size).toBe(5);
  });

  test('stays when who sends it is called otherwise by now', () => {
    expect(retryKeyOf('1', { ...words, author: { kind: 'bot', name: 'x' }, at: 5 }, 0)).toBe(retryKeyOf('1', words, 0));
  });
});
