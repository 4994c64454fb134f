import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editDistance } from '../../dialogs/editDistance.ts';
import { everydayWords, isEveryday } from '../../dialogs/everydayWords.ts';
import { readCommand } from '../../dialogs/grammar.ts';
import { slipsAllowed } from '../../dialogs/likeness.ts';
import { phrases } from '../../dialogs/vocabulary.ts';
import { oneEdit, seeded, twoEdits } from '../fixtures/typos.ts';

const credentials = 'test-0a1b2c3d4e5f test-eyJhbGciOi test-bot-01 test-s3cr3t';
const kindOf = (text: string) => readCommand(text).kind;
const percent = (part: number, all: number) => `${((100 * part) / all).toFixed(2)} %`;
const say = (line: string) => process.stdout.write(`    ${line}\n`);

describe('everyday sentences go straight through', () => {
  const sentences = ['ja', 'en'].map((language) => {
    const path = join(import.meta.dirname, `../fixtures/everydaySentences.${language}.txt`);
    return {
      language,
      lines: readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.replaceAll('\\n', '\n')),
    };
  });

  test('there are more than 700 of them and no two are alike', () => {
    const all = sentences.flatMap(({ lines }) => lines);
    expect(all.length).toBeGreaterThan(700);
    expect(new Set(all).size).toBe(all.length);
  });

  test.each(sentences)('fewer than 1 % are asked about ($language)', ({ language, lines }) => {
    const alarms = lines.filter((line) => kindOf(line) !== 'text');
    say(
      `false alarms (${language}): ${alarms.length} of ${lines.length} = ${percent(alarms.length, lines.length)} ${JSON.stringify(alarms)}`,
    );
    expect(alarms.length / lines.length).toBeLessThan(0.01);
  });
});

describe('mistyped commands never reach a customer', () => {
  /** Each command in the forms people type it; the typo goes into the bracketed word. */
  const forms = [
    '[help]',
    '[setup]',
    `[setup] ${credentials}`,
    '[operator] assign',
    '[operator] assign @佐藤 健',
    '[operator] unassign',
    '[operator] link 123456789abcdef',
    '[operator] unlink',
    '[operator]',
    'operator [assign]',
    'operator [assign] @佐藤 健',
    'operator [unassign]',
    'operator [unlink]',
    'operator [link] 123456789abcdef',
    '[event] purchase',
    '[event] purchase amount=1200',
    '[admin] list',
    '[admin] add @佐藤',
    'admin [list]',
    'admin [add] @佐藤',
    '[note] the customer sounds angry today',
    '[status]',
    '[close]',
    '[open]',
    '[history]',
    '[history] 5',
    '[move]',
    '[connect]',
    '[connect] line',
    'connect [line]',
    'connect [karte]',
    '[connections]',
    '[pause]',
    '[pause] line',
    '[resume]',
    '[resume] line',
    '[disconnect]',
    '[disconnect] line',
    '[オペレーター] アサイン',
    'オペレーター [アサイン]',
    '[セットアップ]',
    '[イベント] purchase amount=1',
    '[ステータス]',
  ];
  const fill = (form: string, edit: (word: string) => string[]) => {
    const word = /\[(.+)\]/.exec(form)?.[1] ?? '';
    return edit(word).map((typo) => ({ typo, message: form.replace(`[${word}]`, typo) }));
  };

  test('every single slip is caught, except those that make another everyday word', () => {
    const all = forms.flatMap((form) => fill(form, oneEdit));
    const escaped = all.filter(({ message }) => kindOf(message) === 'text');
    const innocent = escaped.filter(({ typo }) => isEveryday(typo));
    const words = [...new Set(innocent.map(({ typo }) => typo))].sort();
    say(
      `one slip: ${all.length} messages, ${all.length - escaped.length} caught = ${percent(all.length - escaped.length, all.length)}`,
    );
    say(`let through as everyday words: ${words.join(' ')}`);
    expect(all.length).toBeGreaterThan(300);
    expect(escaped.filter((one) => !innocent.includes(one)).map(({ message }) => message)).toEqual([]);
    expect(escaped.length / all.length).toBeLessThan(0.01);
  });

  test('two slips are caught in words of six letters and more', () => {
    const random = seeded(20260411);
    const long = forms.filter((form) => /\[([a-z]{6,}|.{8,})\]/.test(form));
    const all = long.flatMap((form) => fill(form, (word) => twoEdits(word, 60, random)));
    const escaped = all.filter(({ typo, message }) => kindOf(message) === 'text' && !isEveryday(typo));
    say(
      `two slips: ${all.length} messages, ${all.length - escaped.length} caught = ${percent(all.length - escaped.length, all.length)}`,
    );
    expect(all.length).toBeGreaterThan(300);
    expect(escaped.map(({ message }) => message)).toEqual([]);
  });

  test.each([
    ['operater assign', 'operator assign'],
    ['担当を外して', 'operator unassign'],
    ['クローズします', 'close'],
    ['診断して', 'doctor'],
    ['ステータス変更', 'status'],
    ['リプライ こんにちは', 'reply こんにちは'],
    ['move 返品・交換', 'move'],
    ['move Returns', 'move'],
    ['history abc', 'history'],
    ['connect messenger', 'connect'],
    ['resume xyz', 'resume'],
    ['operator asign @佐藤 健', 'operator assign @佐藤 健'],
    ['operater asign', 'operator assign'],
    ['operatorassign', 'operator assign'],
    ['operator-assign @佐藤', 'operator assign @佐藤'],
    ['oper ator assign', 'operator assign'],
    ['operator.unlink', 'operator unlink'],
    ['op assign', 'operator assign'],
    ['operator unas', 'operator unassign'],
    ['assign operator', 'operator assign'],
    ['assign @佐藤 健', 'operator assign @佐藤 健'],
    ['unassign', 'operator unassign'],
    ['link 123456789abcdef', 'operator link 123456789abcdef'],
    ['operator lnik 123456789abcdef', 'operator link 123456789abcdef'],
    ['operator @佐藤', 'operator assign @佐藤'],
    ['oprator', 'operator assign'],
    ['operator bar', 'operator assign'],
    ['admin foo', 'admin list'],
    ['/help', 'help'],
    ['@help', 'help'],
    ['＠ｈｅｌｐ', 'help'],
    ['"help"', 'help'],
    ['「ヘルプ」', 'help'],
    ['ｈｅｌｐｐ', 'help'],
    ['help me', 'help'],
    ['hell', 'help'],
    ['herupu', 'help'],
    ['set up', 'setup'],
    ['evnt purchase amount=1', 'event purchase amount=1'],
    ['event:purchase', 'event purchase'],
    ['event purchase amount 1200', 'event'],
    ['noet the customer is angry', 'note the customer is angry'],
    ['メモ：お客様はお怒りです', 'note お客様はお怒りです'],
    ['オペレター アサイン', 'operator assign'],
    ['ｵﾍﾟﾚﾀｰ ｱｻｲﾝ', 'operator assign'],
    ['担当者を解除', 'operator unassign'],
    ['担当社 解除', 'operator unassign'],
    ['管理者を追加 @佐藤', 'admin add @佐藤'],
    ['担当者 変更', 'operator assign'],
  ])('%j offers %j first', (text, suggestion) => {
    const reading = readCommand(text);
    expect(reading.kind === 'nearMiss' ? reading.suggestions[0] : reading).toBe(suggestion);
  });

  test.each([
    ['おぺらとr', 'operator assign'],
    ['おぺらとr あっしgn', 'operator assign'],
    ['おぺらとr うなっしgn', 'operator unassign'],
    ['へlp', 'help'],
    ['せつp', 'setup'],
    ['えゔぇんt purchase', 'event purchase'],
    ['あdみn ぃst', 'admin list'],
    ['のて お客様はお怒りです', 'note お客様はお怒りです'],
    ['sたつs', 'status'],
    ['cぉせ', 'close'],
    ['おぺn', 'open'],
    ['ひsとry', 'history'],
    ['もゔぇ', 'move'],
  ])('%j, typed with the Japanese input method on, offers %j', (text, suggestion) => {
    expect(readCommand(text)).toMatchObject({ kind: 'nearMiss', suggestions: expect.arrayContaining([suggestion]) });
  });

  test.each([`stup ${credentials}`, `set up ${credentials}`, `/setup ${credentials}`, `せつp ${credentials}`])(
    '%j is marked as sensitive and its keys are not repeated',
    (text) => expect(readCommand(text)).toEqual({ kind: 'nearMiss', suggestions: ['setup'], sensitive: true }),
  );

  test('keys and tokens without any command are held back too', () =>
    expect(
      readCommand('test0123456789abcdef0123 test-eyJhbGciOiJIUzI1NiJ9 test-bot-01 test-s3cr3t-s3cr3t-s3cr3t'),
    ).toEqual({ kind: 'nearMiss', suggestions: ['setup'], sensitive: true }));
});

test('the list of everyday words holds only words that need it', () => {
  const ours = [...new Set(phrases.flatMap(({ words }) => words))];
  const isNear = (word: string) =>
    ours.some((one) => one.startsWith(word) || editDistance(word, one, slipsAllowed(one)) !== undefined);
  expect([...everydayWords].filter((word) => !isNear(word))).toEqual([]);
});

describe('edit distance', () => {
  test.each([
    ['help', 'help', 0],
    ['help', 'hlep', 1],
    ['help', 'hel', 1],
    ['assign', 'asing', 2],
    ['ca', 'abc', 2],
  ])('%s to %s takes %i', (a, b, slips) => {
    expect(editDistance(a, b, 3)).toBe(slips);
    expect(editDistance(b, a, 3)).toBe(slips);
  });

  test('gives up beyond the limit', () => expect(editDistance('operator', 'opera', 2)).toBeUndefined());
});
