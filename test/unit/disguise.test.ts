import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMessage } from '../../dialogs/disguise.ts';

const names = ['KARTE', '佐藤 健'];
const kindOf = (text: string) => readMessage(text, names).kind;

describe('what stands before a command by habit', () => {
  test.each([
    'KARTE setup test-key test-token bot-test test-secret',
    '@KARTE setup a1b2c3d4e5 t0ken bot-1 s3cret',
    'please setup 0a1b2c3d4e5f6a7b8c9d0a1b test-token bot-1 s3cret',
    'KARTE operator assign',
    '@KARTE operator assign',
    'please operator assign',
    '@佐藤 健 note 社内だけ',
    '1. note x',
    '【メモ】社内用',
    'メモ。社内用',
    'note\u200bsecret',
    'note\u2800secret',
    'note;secret',
    'note|secret',
    'notes: customer is lying',
    'memo: customer is lying',
    'internal note: x',
    '社内メモ: x',
    'API Key: 0a1b2c3d4e5f60718293a4b5c6d7e8f9\nAccess Token: eyJhbGciOi1IUzI1NiJ9abc0\nBot ID: bot-1\nClient Secret: 99a1b2c3',
  ])('does not make %j a message for the customer', (text) => {
    expect(kindOf(text)).not.toBe('text');
  });

  test('is still only asked about: nothing runs by itself', () => {
    expect(kindOf('KARTE operator assign')).toBe('nearMiss');
    expect(readMessage('KARTE setup a1b2c3d4e5 t0ken bot-1 s3cret', names)).toMatchObject({
      suggestions: ['setup'],
      sensitive: true,
    });
  });

  test('leaves ordinary sentences alone: under 1 % of the everyday ones are asked about', () => {
    const everyday = ['ja', 'en'].flatMap((language) =>
      readFileSync(join(import.meta.dirname, `../fixtures/everydaySentences.${language}.txt`), 'utf8')
        .split('\n')
        .filter(Boolean),
    );
    const asked = everyday.filter((line) => kindOf(line.replaceAll('\\n', '\n')) !== 'text');
    process.stdout.write(`everyday sentences asked about: ${asked.length} of ${everyday.length}\n`);
    expect(everyday.length).toBeGreaterThan(500);
    expect(asked.length / everyday.length).toBeLessThan(0.01);
    for (const text of [
      'メモリを増設したいです',
      'ノートPCの在庫はありますか',
      '【重要】配送のご案内です',
      'KARTE の使い方ですね。',
      '1. 箱を開けます',
    ])
      expect(kindOf(text)).toBe('text');
  });

  test.each([['operator link '], ['setup '], ['help '], [''], ['note']])(
    '%j before 100,000 full stops is read in a blink',
    (begin) => {
      const started = performance.now();
      readMessage(`${begin}${'.'.repeat(100_000)}x`, names);
      // Quadratic reading took ten seconds and more.
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});
