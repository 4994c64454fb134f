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

  test.each([
    '社内メモ　このお客さまは要注意',
    '社内メモ このお客さまは要注意',
    '社内メモ要注意',
    '社内用メモ 要注意',
    '社内ノート：要注意',
    '内部メモ 要注意',
    '■内部メモ→要注意',
    '【社内用】要注意',
    '社外秘：要注意',
    'internal: difficult',
    'internal note this one is difficult',
    'Internal-Memo this one is difficult',
    'private notes this one is difficult',
    'memo this one is difficult',
    'notes this one is difficult',
    '📝 memo difficult',
    'note→ difficult',
    'note! difficult',
    'note~difficult',
    'note.difficult',
    'note.要注意',
    'note-要注意',
    'note📝difficult',
    'メモ→要注意',
    'メモ…要注意',
    'メモ!要注意',
    'メモ！要注意',
    'メモ・要注意',
    'メモ（社内）要注意',
    'メモ📝要注意',
    'めも→要注意',
    'ﾒﾓ･要注意',
    'ノート～要注意',
    '@田中さん メモ 要注意',
    '@田中さん メモ→要注意',
    '@佐藤 健さん メモ 要注意',
    '佐藤 健さん、社内メモ 要注意',
    '＠田中 note difficult',
  ])('keeps the note %j from the customer, however it is written', (text) => {
    expect(kindOf(text)).toBe('nearMiss');
  });

  test('is still only asked about: nothing runs by itself', () => {
    expect(kindOf('KARTE operator assign')).toBe('nearMiss');
    expect(readMessage('KARTE setup a1b2c3d4e5 t0ken bot-1 s3cret', names)).toMatchObject({
      suggestions: ['setup'],
      sensitive: true,
    });
  });

  test.each([
    ['ja', 450],
    ['en', 350],
  ])('leaves ordinary sentences alone: under 1 %% of the everyday ones are asked about (%s)', (language, atLeast) => {
    const everyday = readFileSync(join(import.meta.dirname, `../fixtures/everydaySentences.${language}.txt`), 'utf8')
      .split('\n')
      .filter(Boolean);
    const asked = everyday.filter((line) => kindOf(line.replaceAll('\\n', '\n')) !== 'text');
    process.stdout.write(
      `everyday sentences asked about (${language}): ${asked.length} of ${everyday.length} ${JSON.stringify(asked)}\n`,
    );
    expect(everyday.length).toBeGreaterThan(atLeast);
    expect(asked.length / everyday.length).toBeLessThan(0.01);
  });

  test.each([
    'メモリを増設したいです',
    'ノートPCの在庫はありますか',
    '【重要】配送のご案内です',
    'KARTE の使い方ですね。',
    '1. 箱を開けます',
    'メモ用紙は付属しません',
    'ノートに書かれている番号をお知らせください',
    'noteに使い方の記事があります。',
    'note.com に詳しい記事を公開しています。',
    'note-taking is easier with the pen',
    'Notebook orders ship from a different warehouse.',
    'Internal storage is 128 GB.',
    'Private messages can be turned off.',
    'Please note that returns must reach us within 14 days.',
    'please note that the parcel weighs 3 kg.',
    '社内で確認のうえ、ご連絡いたします。',
    '内部の部品が外れているようです。',
    '@example_shop をフォローしてください',
    '★期間限定★送料無料です',
    '佐藤 健さんに代わりました。',
    '8/2 にお送りします',
    '８／２にお届けします。',
    '10/3 の到着予定です。',
    '1/2 サイズもございます。',
  ])('leaves %j alone', (text) => {
    expect(kindOf(text)).toBe('text');
  });

  test.each([
    'please note customer is lying',
    'please note: difficult',
    'Please note that he is difficult',
    'Please note that this customer has called five times',
    'please note',
    'hey note that the parcel is lost',
    '1. note x',
    '1. /help',
    '(1) /お礼',
  ])('still asks about %j', (text) => {
    expect(kindOf(text)).toBe('nearMiss');
  });

  test.each([['operator link '], ['setup '], ['help '], [''], ['note']])(
    '%j before 100,000 full stops is read in a blink',
    (begin) => {
      const started = performance.now();
      readMessage(`${begin}${'.'.repeat(100_000)}x`, names);
      // Quadratic reading took ten seconds and more.
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );

  test('a crowd of names is read in a blink too', () => {
    const started = performance.now();
    readMessage(`${'@a '.repeat(20_000)}${'KARTE '.repeat(20_000)}x`, names);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
