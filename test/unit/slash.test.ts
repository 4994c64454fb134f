import { readMessage } from '../../dialogs/disguise.ts';
import { readCommand } from '../../dialogs/grammar.ts';
import { isCommandWord } from '../../dialogs/slash.ts';

const keys = 'test-0a1b2c3d4e5f test-eyJhbGciOi test-bot-01 test-s3cr3t';

describe('a slash at the beginning', () => {
  test.each([
    ['/お礼 よろしくお願いします', '/お礼'],
    ['/お礼、よろしくお願いします', '/お礼'],
    ['/ お礼', '/お礼'],
    ['／　お礼', '/お礼'],
    ['/「お礼」', '/お礼'],
    ['/<thanks>', '/thanks'],
    ['/thanks, and see you', '/thanks'],
    ['/thanks\nand see you', '/thanks'],
  ])('%j is asked about and offers %j', (text, suggestion) =>
    expect(readCommand(text)).toEqual({ kind: 'nearMiss', suggestions: [suggestion], sensitive: false }),
  );

  test('also behind the bot’s own name', () =>
    expect(readMessage('@KARTE /お礼', ['KARTE'])).toMatchObject({ kind: 'nearMiss', suggestions: ['/お礼'] }));

  test.each([
    '/usr/bin is on the path by itself.',
    '/index.html を開いてください。',
    '/cart?id=3 のページです',
    '//example.example.test をご覧ください',
    '/',
    '/ ',
    '10/5 にお届けします',
    'https://shop.example.test/cart をご覧ください',
    '送料/手数料は無料です',
  ])('%j is an ordinary message', (text) => expect(readCommand(text).kind).toBe('text'));

  test.each(['/help', '/close', '/ヘルプ', '/admin'])('%j is a slip of a command, as before', (text) =>
    expect(readCommand(text)).toMatchObject({ kind: 'nearMiss' }),
  );

  test('before keys it is as sensitive as without', () =>
    expect(readCommand(`/setup ${keys}`)).toEqual({ kind: 'nearMiss', suggestions: ['setup'], sensitive: true }));

  test.each(['help', 'ＨＥＬＰ', '担当者', '担当者解除', 'canned', 'ヘルプ', 'へるぷ'])(
    '%j is a word of a command, so no canned reply is called so',
    (word) => expect(isCommandWord(word)).toBe(true),
  );

  test.each(['お礼', 'helpful', '確認中'])('%j is free', (word) => expect(isCommandWord(word)).toBe(false));
});
