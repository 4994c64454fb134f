import fc from 'fast-check';
import { type Command, readCommand } from '../../dialogs/grammar.ts';

const commandIn = (text: string): Command => {
  const reading = readCommand(text);
  if (reading.kind !== 'command') throw new Error(`${JSON.stringify(text)} was read as ${reading.kind}`);
  return reading.command;
};

const credentials = 'test-0a1b2c3d4e5f test-eyJhbGciOi test-bot-01 test-s3cr3t';

describe('a command is understood', () => {
  const spellings: [Command, string[]][] = [
    [
      { name: 'help' },
      ['help', 'HELP', 'Help.', 'help?', ' help ', 'ヘルプ', 'へるぷ', 'ﾍﾙﾌﾟ', 'コマンド一覧', 'コマンド 一覧'],
    ],
    [
      { name: 'setup', values: [] },
      ['setup', 'Setup!', 'ｓｅｔｕｐ', 'セットアップ', 'ｾｯﾄｱｯﾌﾟ', '初期設定', '設定', '設定。'],
    ],
    [{ name: 'operatorLink' }, ['operator link', '担当者 連携', '担当者リンク', 'オペレーター 紐付け']],
    [
      { name: 'operatorLink', operatorId: '123456789abcdef' },
      [
        'operator link 123456789abcdef',
        'Operator Link <123456789abcdef>',
        'ｏｐｅｒａｔｏｒ　ｌｉｎｋ　１２３４５６７８９ａｂｃｄｅｆ',
        '担当者 連携 123456789abcdef',
        '担当者連携　123456789abcdef',
        'オペレーター リンク 123456789abcdef',
        'operator link "123456789abcdef".',
      ],
    ],
    [
      { name: 'operatorUnlink' },
      ['operator unlink', 'operator unlink.', '担当者 連携解除', '担当者 連携 解除', 'オペレーターリンク解除'],
    ],
    [
      { name: 'operatorAssign' },
      [
        'operator assign',
        'operator\u00a0assign',
        'operator\u200b assign\u2060',
        'ＯＰＥＲＡＴＯＲ　ＡＳＳＩＧＮ',
        'operator assign @佐藤 健',
        'operator assign @Sato Ken (Sales), please',
        'operator  assign  ＠佐藤',
        '担当 自分',
        '担当者 設定',
        '担当者設定 @佐藤 健',
        'オペレータ アサイン @佐藤',
        'オペレーター assign',
      ],
    ],
    [{ name: 'operatorUnassign' }, ['operator unassign', '担当者 解除', '担当者解除。', '担当者 アサイン 解除']],
    [{ name: 'note', text: '' }, ['note', 'Note ', 'メモ']],
    [{ name: 'note', text: 'the customer sounds angry' }, ['note the customer sounds angry']],
    [{ name: 'note', text: 'お客様はお急ぎです' }, ['メモ お客様はお急ぎです', 'ノート　お客様はお急ぎです']],
    [{ name: 'close' }, ['close', 'Close.', 'クローズ', '対応済み', '対応済みにする']],
    [{ name: 'open' }, ['open', 'オープン', '対応中', '対応中に戻す']],
    [{ name: 'waiting' }, ['waiting', '返信待ち', '返信待ちにする']],
    [{ name: 'status' }, ['status', 'ステータス', '対応状況']],
    [{ name: 'history' }, ['history', '履歴']],
    [{ name: 'history', count: 20 }, ['history 20', '履歴 ２０', '履歴 20件', '履歴 ２０ 件', 'history 20 messages']],
    [{ name: 'move' }, ['move', '移動']],
    [{ name: 'operatorOn' }, ['operator on', '担当 オン', '担当者 受付開始']],
    [{ name: 'operatorOff' }, ['operator off', 'オペレーター オフ', '担当 受付停止']],
    [
      { name: 'cannedAdd', text: 'お礼 ありがとうございます' },
      ['canned add お礼 ありがとうございます', '定型文 追加 お礼 ありがとうございます'],
    ],
    [{ name: 'cannedList' }, ['canned list', '定型文 一覧']],
    [{ name: 'cannedList', page: 2 }, ['canned list 2', '定型文一覧　２']],
    [{ name: 'cannedSend', reply: 'お礼' }, ['/お礼', '／お礼', ' /お礼。', '\u200b/お礼 。']],
    [{ name: 'cannedSend', reply: 'Thanks-2' }, ['/Thanks-2', '／Ｔｈａｎｋｓ－２']],
    [{ name: 'cannedRemove', text: 'お礼' }, ['canned remove お礼', '定型文削除 お礼']],
    [{ name: 'settings' }, ['settings', '窓口設定']],
    [{ name: 'doctor' }, ['doctor', '診断']],
    [{ name: 'connect' }, ['connect', 'Connect.', 'ｃｏｎｎｅｃｔ', '連携', '接続']],
    [
      { name: 'connect', channel: 'line' },
      [
        'connect line',
        'Connect LINE',
        'ｃｏｎｎｅｃｔ　ｌｉｎｅ',
        'LINE 連携',
        'ＬＩＮＥ　連携',
        'LINE連携',
        '連携 line',
        'ライン 接続',
      ],
    ],
    [{ name: 'connect', channel: 'karte' }, ['connect karte', 'KARTE 連携', '接続 KARTE']],
    [{ name: 'connections' }, ['connections', '連携一覧', '連携 一覧', '接続一覧']],
    [{ name: 'pause' }, ['pause', 'Pause!', '一時停止']],
    [{ name: 'pause', channel: 'line' }, ['pause line', 'LINE 一時停止', 'LINE一時停止']],
    [{ name: 'resume' }, ['resume', '再開']],
    [{ name: 'resume', channel: 'line' }, ['resume line', '再開 LINE']],
    [{ name: 'disconnect' }, ['disconnect', '接続解除']],
    [{ name: 'disconnect', channel: 'line' }, ['disconnect line', 'LINE 連携解除', '連携解除 line', 'LINE 連携 解除']],
    [{ name: 'operatorLink', operatorId: '山田' }, ['operator link 山田', '担当者 連携 山田']],
    [{ name: 'operatorLink', operatorId: 'サポート 山田' }, ['operator link サポート　山田']],
    [{ name: 'operatorLink', operatorId: '伊藤 さくら' }, ['operator link 伊藤 さくら', '担当者連携 伊藤　さくら']],
    [{ name: 'operatorLink', operatorId: 'Hanako Y' }, ['operator link Hanako Y.']],
    [{ name: 'adminAdd' }, ['admin add', 'admin add @佐藤 健', '管理者 追加 @佐藤', '管理者追加']],
    [{ name: 'adminList' }, ['admin list', 'Admin List.', '管理者 一覧', '管理者一覧', '管理者 リスト']],
  ];

  for (const [command, texts] of spellings) {
    test.each(texts)(`%j is ${JSON.stringify(command)}`, (text) => expect(commandIn(text)).toEqual(command));
  }

  test.each([
    ['operator', 'operator'],
    ['担当者', 'operator'],
    ['Admin', 'admin'],
    ['管理者', 'admin'],
  ])('%j is half of a command', (text, word) => expect(readCommand(text)).toMatchObject({ kind: 'incomplete', word }));

  test.each(['', ' ', '\u3000\n', '\u200b\u2060'])('%j is empty', (text) =>
    expect(readCommand(text)).toEqual({ kind: 'empty' }),
  );
});

describe('words about connections that also begin ordinary sentences', () => {
  test.each([
    'LINE連携の設定方法をご案内します',
    'LINE公式アカウントからご連絡ください',
    '配送を再開しました。',
    '一時停止ボタンを押してください',
    'connect the cable to the router, please',
    'Please pause the video and try again.',
    'Your subscription will resume on Monday.',
    'We had to disconnect your old number.',
    'The line was busy.',
    'Connected.',
    'Correct.',
    'result',
  ])('%j is text', (text) => expect(readCommand(text).kind).toBe('text'));

  test.each([
    ['conect line', 'connect line'],
    ['connect lnie', 'connect line'],
    ['line connect', 'connect line'],
    ['conections', 'connections'],
    ['puase', 'pause'],
    ['連携解除', 'operator unlink'],
  ])('%j is asked about and offers %j', (text, offered) =>
    expect(readCommand(text)).toMatchObject({
      kind: 'nearMiss',
      suggestions: expect.arrayContaining([offered]),
    }),
  );

  test('a name that is no word of Japanese sentences is asked about', () =>
    expect(readCommand('担当者 連携 お願いします').kind).not.toBe('command'));
});

describe('setup', () => {
  test('takes four words as they were typed, in any case and width', () => {
    expect(commandIn(`setup ${credentials}`)).toEqual({ name: 'setup', values: credentials.split(' ') });
    expect(commandIn('ＳＥＴＵＰ ｔｅｓｔ－Ｋｅｙ１ b\u200bc2 d e')).toEqual({
      name: 'setup',
      values: ['test-Key1', 'bc2', 'd', 'e'],
    });
  });

  test('drops the brackets of the placeholders', () =>
    expect(commandIn('設定 {test-a1} {test-b2} {test-c3} {test-d4}')).toEqual({
      name: 'setup',
      values: ['test-a1', 'test-b2', 'test-c3', 'test-d4'],
    }));

  test.each(['setup test-key-1', 'setup test-key-1 test-token-2', `setup ${credentials} test-extra-5`])(
    '%j with too few or too many values is still the command',
    (text) => expect(commandIn(text).name).toBe('setup'),
  );

  test('never shows its values in the reading’s text', () =>
    expect(readCommand(`setup ${credentials}`)).toMatchObject({ kind: 'command', text: 'setup' }));

  test.each(['Setup takes five minutes.', 'setup now', 'Setup takes about five minutes'])(
    '%j is asked about rather than run',
    (text) => expect(readCommand(text)).toEqual({ kind: 'nearMiss', suggestions: ['setup'], sensitive: false }),
  );

  test('with a token inside a sentence is never an ordinary message', () =>
    expect(readCommand('setup is done and our token is test0123456789abcdef, thanks').kind).not.toBe('text'));
});

describe('event', () => {
  const values = (text: string) => {
    const command = commandIn(text);
    return command.name === 'event' ? command : undefined;
  };

  test('takes a name and values, which stay strings as typed', () =>
    expect(commandIn('event purchase amount=1200 code=0012 $memo="two  words" _x=')).toEqual({
      name: 'event',
      eventName: 'purchase',
      values: { amount: '1200', code: '0012', $memo: 'two  words', _x: '' },
    }));

  test('understands full-width signs, Japanese quotes and escaped quotes', () =>
    expect(commandIn('イベント　ｂｕｙ ｉｔｅｍ＝「赤い 靴」 say="a \\"b\\""')).toEqual({
      name: 'event',
      eventName: 'buy',
      values: { item: '赤い 靴', say: 'a "b"' },
    }));

  test('keeps a field called __proto__ an ordinary field', () =>
    expect(Object.entries(values('event buy __proto__=1')?.values ?? {})).toEqual([['__proto__', '1']]));

  test.each([
    ['event', 'missingName'],
    ['event 1st a=1', 'badName'],
    ['event 購入 a=1', 'badName'],
    ['event buy 1a=2', 'badField'],
    ['event buy 金額=2', 'badField'],
    ['event buy a=1 b', 'notKeyValue'],
    ['event buy a=1 a=2', 'repeatedField'],
    ['event buy a="open', 'openQuote'],
    [`event buy a=${'x'.repeat(2049)}`, 'valueTooLong'],
  ])('%.40j has the problem %s', (text, code) => expect(values(text)?.problem?.code).toBe(code));

  test('accepts a value of exactly 2,048 characters, counted as people count them', () =>
    expect(values(`event buy a=${'😀'.repeat(2048)}`)?.problem).toBeUndefined());
});

describe('properties', () => {
  const spaces = fc.constantFrom(' ', '  ', '\u3000', '\u00a0', '\u2003', '\t', '\n', '\u200b \u200d');
  const wide = (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
  const letterCase = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    wide,
    (text: string) => wide(text.toUpperCase()),
    (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
  );
  const exact = fc.constantFrom<[string[], Command]>(
    [['help'], { name: 'help' }],
    [['setup'], { name: 'setup', values: [] }],
    [['operator', 'unlink'], { name: 'operatorUnlink' }],
    [['operator', 'assign'], { name: 'operatorAssign' }],
    [['担当者', '解除'], { name: 'operatorUnassign' }],
    [['admin', 'list'], { name: 'adminList' }],
    [['move'], { name: 'move' }],
  );

  test('exact commands survive case, width, spaces, zero-width characters and a full stop', () =>
    fc.assert(
      fc.property(
        exact,
        spaces,
        letterCase,
        fc.constantFrom('', '.', '。', '！', '．'),
        ([words, command], space, form, stop) => {
          expect(commandIn(`${space}${words.map(form).join(space)}${stop}${space}`)).toEqual(command);
        },
      ),
      { numRuns: 500 },
    ));

  const messy = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 10_000, size: 'max' }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          'operator',
          'setup',
          'event',
          ' ',
          '　',
          '=',
          '"',
          '@',
          ':',
          'a',
          'ヘルプ',
          '-',
          'ッ',
          '\ud800',
        ),
        {
          maxLength: 400,
          size: 'max',
        },
      )
      .map((parts) => parts.join('')),
  );

  test('any string is read, quickly, and every suggestion can be run as it stands', () =>
    fc.assert(
      fc.property(fc.constantFrom('', 'event buy ', 'operater ', 'setup ', 'note:', 'help '), messy, (head, tail) => {
        const started = performance.now();
        const reading = readCommand(head + tail);
        expect(performance.now() - started).toBeLessThan(10_000);
        if (reading.kind !== 'nearMiss') return;
        expect(reading.suggestions.length).toBeGreaterThan(0);
        expect(reading.suggestions.length).toBeLessThanOrEqual(3);
        for (const suggestion of reading.suggestions) expect(readCommand(suggestion).kind).toBe('command');
      }),
      { numRuns: 400 },
    ));

  test.each(['a', '!', 'operator ', 'event a=', '"', '＝', 'ッ', '-a', 'イベント', '\\', '@ ', '\u200b'])(
    '10,000 characters of %j take no time',
    (piece) => {
      for (const head of ['', 'event a b="', 'operater ', 'setup ']) {
        const started = performance.now();
        readCommand((head + piece.repeat(10_000)).slice(0, 10_000));
        expect(performance.now() - started).toBeLessThan(10_000);
      }
    },
  );
});
