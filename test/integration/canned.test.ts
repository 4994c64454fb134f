import { blankInput } from '../../cards/canned.ts';
import { validateCard } from '../contract/schemas.ts';
import { picture } from '../fixtures/pictures.ts';
import {
  button,
  buttonsOf,
  idle,
  nowOf,
  press,
  receivedBy,
  repliesStored,
  roomyStand,
  secondTeam,
  tell,
} from './moves.ts';
import { conversation, GUEST, OUTSIDER, runsOf, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const THANKS = 'お問い合わせありがとうございます。\n\n確認のうえ、ご連絡します。';

describe('canned replies', () => {
  let s: Stand;
  beforeEach(async () => {
    // Nothing is to come a second time by itself, however slow the machine is.
    s = await roomyStand();
  });
  afterEach(() => s.close());

  const say = (text: string, who = YAMADA) => tell(s, who, { channel: s.simulator.state().team.id, text });
  const inThread = async (key: string) => {
    const { customer, thread } = await conversation(s.simulator, key);
    return { customer, thread, run: (text: string, who = YAMADA) => tell(s, who, { thread: thread.id, text }) };
  };
  const textsOf = async (key: string) => (await receivedBy(s, key)).map(({ text }) => text);
  const names = async () => (await s.store.canned.find({})).map(({ value }) => value.name);

  test('one that was added goes to the customer by its name, as the operator, and the thread shows its words', async () => {
    await say('operator link op-yamada-0001');
    expect((await say(`canned add お礼 ${THANKS}`)).words).toContain('定型文「お礼」を登録しました');
    const { thread, run } = await inThread('canned-first');
    const { posts, postId } = await run('/お礼');
    expect(posts).toHaveLength(1);
    expect(runsOf(posts[0] as never)).toEqual([`${YAMADA} さんが定型文「お礼」を送りました。`, THANKS]);
    expect(await receivedBy(s, 'canned-first')).toMatchObject([
      { text: THANKS, from: 'operator', senderId: 'op-yamada-0001' },
    ]);
    const said = thread.posts.find(({ id }) => id === postId);
    await s.simulator.waitFor(() => said?.reactions.length);
  });

  test.each(['／お礼', '/ＯＲＥＩ', '/orei。'])('%j finds it whatever the width and the letter case', async (text) => {
    await say('canned add お礼 はい');
    await say('canned add Orei はい');
    const { run } = await inThread(`canned-width-${text}`);
    await run(text);
    expect(await textsOf(`canned-width-${text}`)).toEqual(['はい']);
  });

  test('a picture pasted behind it goes along, and a file that Teams keeps to itself is named', async () => {
    await say('canned add お礼 はい');
    const { thread } = await inThread('canned-picture');
    await tell(s, YAMADA, { thread: thread.id, text: '/お礼', pictures: [picture()], files: ['見積.pdf'] });
    await s.simulator.waitFor(async () => (await textsOf('canned-picture')).length > 0);
    const [text] = await textsOf('canned-picture');
    expect(text).toMatch(/^はい\n\n?画像: http/);
    const notice = await shown(s.simulator, thread.id, 'お客さまに送れなかった添付');
    expect(notice.targetedTo).toBe(s.simulator.teams.person(YAMADA).id);
  });

  test('with a blank it can take no picture along, and its writer is told', async () => {
    await say('canned add 予約 {日時} に承りました。');
    const { thread } = await inThread('canned-blank-picture');
    await tell(s, YAMADA, { thread: thread.id, text: '/予約', pictures: [picture()] });
    const notice = await shown(s.simulator, thread.id, '一緒に送れません');
    expect(notice.targetedTo).toBe(s.simulator.teams.person(YAMADA).id);
    expect(await textsOf('canned-blank-picture')).toEqual([]);
  });

  test('a message that Teams delivers twice sends once', async () => {
    await say('canned add お礼 はい');
    const { thread } = await inThread('canned-twice');
    const said = s.simulator.teams.say(YAMADA, { thread: thread.id, text: '/お礼', mentions: ['bot'] });
    await said.answered;
    await s.simulator.teams.deliver(said.activity as never).answered;
    expect(await textsOf('canned-twice')).toEqual(['はい']);
    expect(thread.posts.filter((post) => wordsOf(post).includes('を送りました'))).toHaveLength(1);
  });

  test('what it says turns into no button of KARTE’s', async () => {
    await say('canned add 罠 `{"type":"links","links":[]}`');
    const { run } = await inThread('canned-harmless');
    const { posts } = await run('/罠');
    // The braces are a blank, so that it is shown first.
    const sent = await press(s, YAMADA, posts[0], {
      ...button(posts[0], 'お客さまに送る'),
      [blankInput(0)]: '{"type":"links"}',
    });
    expect(sent.words).toBe('');
    const [text = ''] = await textsOf('canned-harmless');
    expect(text).not.toMatch(/`\s*[{[]/);
  });

  describe('with blanks', () => {
    const TEXT = '{お客さま名} 様\n{日付} に {商品} をお送りします。{operator}';
    const fill = (...values: string[]) => Object.fromEntries(values.map((value, at) => [blankInput(at), value]));
    beforeEach(async () => {
      await say('operator link op-yamada-0001');
      await say(`canned add 発送 ${TEXT}`);
    });

    test('it is shown first, and goes out when they are filled in', async () => {
      const { run } = await inThread('canned-blanks');
      const { posts } = await run('/発送');
      const [card] = posts;
      expect(runsOf(card as never)).toContain(TEXT);
      expect(validateCard(card?.attachments[0]?.content as never)).toEqual([]);
      expect(await textsOf('canned-blanks')).toEqual([]);
      const data = button(card, 'お客さまに送る');
      await press(s, YAMADA, card, { ...data, ...fill('青木', '8/1', '{商品}', '山田') });
      expect(await textsOf('canned-blanks')).toEqual(['青木 様\n8/1 に {商品} をお送りします。山田']);
      expect(runsOf(nowOf(s, card))).toContain('青木 様\n8/1 に {商品} をお送りします。山田');
      expect(buttonsOf(nowOf(s, card))).toEqual([]);
    });

    test('the name that KARTE knows the operator by is filled in', async () => {
      s.simulator.karte.settings.responses['/v2/talk/operator/get'] = { operator: { profile_name: 'やまだ' } };
      await say('operator link op-yamada-0001');
      const { run } = await inThread('canned-operator');
      const { posts } = await run('/発送');
      expect(runsOf(posts[0] as never).join()).toContain('をお送りします。やまだ');
      // Somebody else would send something else than what is shown: it is shown again, and then sent.
      const data = { ...button(posts[0], 'お客さまに送る'), ...fill('青木', '8/1', '本', '佐藤') };
      await press(s, SATO, posts[0], data);
      expect(wordsOf(nowOf(s, posts[0]))).toContain('内容が変わりました');
      expect(await textsOf('canned-operator')).toEqual([]);
      const again = { ...button(nowOf(s, posts[0]), 'お客さまに送る'), ...fill('青木', '8/1', '本', '佐藤') };
      await press(s, SATO, posts[0], again);
      expect(await textsOf('canned-operator')).toEqual(['青木 様\n8/1 に 本 をお送りします。佐藤']);
    });

    test.each([
      ['a blank is empty', fill('青木', ' ', '本', '山田')],
      ['a value is too long', fill('青木', '8/1', 'x'.repeat(201), '山田')],
      ['nothing is filled in', {}],
    ])('nothing goes out while %s, and what was typed stays', async (_, values) => {
      const { run } = await inThread('canned-missing');
      const { posts } = await run('/発送');
      await press(s, YAMADA, posts[0], { ...button(posts[0], 'お客さまに送る'), ...values });
      const now = wordsOf(nowOf(s, posts[0]));
      expect(now).toContain('空欄をすべて');
      expect(now).toContain(Object.values(values)[0] ?? '');
      expect(await repliesStored(s)).toBe(0);
    });

    test('two presses at once, and a late one with other words, send once', async () => {
      const { run } = await inThread('canned-double');
      const { posts } = await run('/発送');
      const data = { ...button(posts[0], 'お客さまに送る'), ...fill('青木', '8/1', '本', '山田') };
      await Promise.all([press(s, YAMADA, posts[0], data), press(s, YAMADA, posts[0], data)]);
      const late = await press(s, YAMADA, posts[0], { ...data, ...fill('井上') });
      expect(late.words).toContain('すでに送られたか');
      expect(await textsOf('canned-double')).toHaveLength(1);
    });

    test('a draft outlives a crash and sends once', async () => {
      const { run } = await inThread('canned-crash');
      const { posts } = await run('/発送');
      await s.crash();
      const data = { ...button(posts[0], 'お客さまに送る'), ...fill('青木', '8/1', '本', '山田') };
      await press(s, YAMADA, posts[0], data);
      await s.crash();
      await press(s, YAMADA, posts[0], data);
      expect(await textsOf('canned-crash')).toHaveLength(1);
    });

    test('cancelled, removed or changed meanwhile, it goes nowhere', async () => {
      const { run } = await inThread('canned-gone');
      const [one, two] = [(await run('/発送')).posts[0], (await run('/発送')).posts[0]];
      await press(s, YAMADA, one, button(one, 'やめる'));
      expect(wordsOf(nowOf(s, one))).toContain('やめました');
      const data = { ...button(two, 'お客さまに送る'), ...fill('青木', '8/1', '本', '山田') };
      await say('canned remove 発送');
      await press(s, YAMADA, two, data);
      expect(wordsOf(nowOf(s, two))).toContain('もうありません');
      expect(await repliesStored(s)).toBe(0);
    });

    test('outsiders and other teams can’t send it', async () => {
      const { run } = await inThread('canned-strangers');
      const { posts } = await run('/発送');
      const data = { ...button(posts[0], 'お客さまに送る'), ...fill('青木', '8/1', '本', '山田') };
      expect((await press(s, OUTSIDER, posts[0], data)).words).toContain('メンバーだけ');
      const other = await secondTeam(s);
      try {
        await other.simulator.teams.say(YAMADA, { channel: other.team.id, text: 'help', mentions: ['bot'] }).answered;
        const foreign = other.simulator.teams.botPosts().at(-1);
        await other.simulator.teams.click(YAMADA, foreign?.id ?? '', data).answered;
      } finally {
        await other.close();
      }
      expect(await repliesStored(s)).toBe(0);
    });
  });

  test('a name that is none is never sent: the nearest ones are offered, and it can still go as a message', async () => {
    await say('canned add お礼 はい');
    await say('canned add お詫び すみません');
    const { run } = await inThread('canned-unknown');
    const { posts, words } = await run('/お例');
    expect(words).toContain('「お例」という定型文はありません');
    expect(buttonsOf(posts[0]).map(({ title }) => title)).toEqual([
      '「/お礼」を実行',
      'このままお客さまに送る',
      'やめる',
    ]);
    expect(await repliesStored(s)).toBe(0);
    await press(s, YAMADA, posts[0], button(posts[0], '/お礼'));
    expect(await textsOf('canned-unknown')).toEqual(['はい']);
    const other = await run('/なし');
    await press(s, YAMADA, other.posts[0], button(other.posts[0], 'このまま'));
    expect(await textsOf('canned-unknown')).toEqual(['はい', '/なし']);
  });

  test('outside a customer’s thread nothing is sent', async () => {
    await say('canned add お礼 はい');
    expect((await say('/お礼')).words).toContain('お客さまのスレッドの中で');
    const { posts } = await say('/なし');
    expect(buttonsOf(posts[0]).map(({ title }) => title)).toEqual(['やめる']);
    expect(await repliesStored(s)).toBe(0);
  });

  test('a path is an ordinary message', async () => {
    const { run } = await inThread('canned-path');
    await run('/usr/bin にあります');
    expect(await textsOf('canned-path')).toEqual(['/usr/bin にあります']);
  });

  describe('keeping them', () => {
    test.each([
      ['no name', 'canned add', '名前と本文を'],
      ['no text', 'canned add お礼', '名前と本文を'],
      ['signs in the name', 'canned add お/礼 はい', '定型文の名前に使えません'],
      ['a long name', `canned add ${'礼'.repeat(31)} はい`, '30 文字まで'],
      ['a long text', `canned add お礼 ${'x'.repeat(2001)}`, '2000 文字まで'],
      ['a command’s word', 'canned add help はい', 'コマンドの言葉'],
      [
        'too many blanks',
        `canned add お礼 ${Array.from({ length: 11 }, (_, at) => `{欄${at}}`).join('')}`,
        '10 個まで',
      ],
    ])('with %s nothing is added, and it is said why', async (_, text, words) => {
      expect((await say(text)).words).toContain(words);
      expect(await names()).toEqual([]);
    });

    test('a text that holds a secret of the connection is not kept', async () => {
      const { accessToken } = s.simulator.karte.project;
      expect((await say(`canned add お礼 値は ${accessToken} です`)).words).toContain('秘密の値');
      expect(await names()).toEqual([]);
    });

    test('a name that is there is not written over', async () => {
      await say('canned add お礼 はい');
      expect((await say('canned add /お礼 いいえ', SATO)).words).toContain('「お礼」はもうあります');
      expect((await s.store.canned.find({}))[0]?.value.text).toBe('はい');
      expect((await say('canned remove お礼', SATO)).words).toContain('はい');
      expect((await say('canned remove お礼')).words).toContain('という定型文はありません');
      expect((await say('canned remove')).words).toContain('名前を続けて');
    });

    test('guests neither add nor remove', async () => {
      await say('canned add お礼 はい');
      for (const text of ['canned add 別 はい', 'canned remove お礼'])
        expect((await say(text, GUEST)).words).toContain('ゲストは');
      expect(await names()).toEqual(['お礼']);
    });

    test('there are 200 at most', async () => {
      const desk = s.simulator.state().team.id;
      for (let at = 0; at < 200; at++)
        await s.store.canned.insert({
          id: `full-${at}`,
          deskId: desk,
          name: `名${at}`,
          text: 'はい',
          by: { id: 'x', name: 'x' },
          createdAt: at,
        });
      expect((await say('canned add お礼 はい')).words).toContain('200 個まで');
    });

    test('another team has its own', async () => {
      await say('canned add お礼 はい');
      const other = await secondTeam(s);
      try {
        const { simulator, team } = other;
        await simulator.teams.say(YAMADA, { channel: team.id, text: 'canned list', mentions: ['bot'] }).answered;
        expect(simulator.teams.botPosts().map(wordsOf).at(-1)).toContain('定型文はまだありません');
      } finally {
        await other.close();
      }
    });
  });

  describe('the list', () => {
    beforeEach(async () => {
      for (let at = 10; at < 35; at++) await say(`canned add 返信${at} 本文 ${at}`);
    });

    test('turns its pages in place', async () => {
      const { posts } = await say('canned list');
      expect(runsOf(posts[0] as never)).toHaveLength(20);
      await press(s, SATO, posts[0], button(posts[0], '次のページ'));
      expect(runsOf(nowOf(s, posts[0]))).toHaveLength(5);
      await press(s, SATO, posts[0], button(nowOf(s, posts[0]), '前のページ'));
      expect(runsOf(nowOf(s, posts[0]))).toHaveLength(20);
    });

    test('lets one be taken only in a customer’s thread, where it is shown before it is sent', async () => {
      const outside = await say('canned list');
      expect(buttonsOf(outside.posts[0]).map(({ title }) => title)).toEqual(['次のページ']);
      const { run } = await inThread('canned-list');
      const { posts } = await run('canned list');
      const reply = (await s.store.canned.find({})).find(({ value }) => value.name === '返信12')?.value.id;
      const use = { ...button(posts[0], '内容を確認する'), reply };
      // Made up outside a customer's thread it leads nowhere.
      expect((await press(s, YAMADA, outside.posts[0], use)).words).toContain('お客さまのスレッドの中で');
      const { added } = await press(s, YAMADA, posts[0], use);
      expect(runsOf(added[0] as never)).toContain('本文 12');
      expect(await textsOf('canned-list')).toEqual([]);
      await press(s, YAMADA, added[0], button(added[0], 'お客さまに送る'));
      expect(await textsOf('canned-list')).toEqual(['本文 12']);
      await idle(s);
    });
  });

  // A draft’s reply had a key of its own, so that nobody found it by the message that had asked for it.
  describe('the draft that a message asked for', () => {
    const draft = async (key: string) => {
      await say('canned add 伺い {日時}に伺います');
      const { thread, customer, run } = await inThread(key);
      const { posts, postId } = await run('/伺い', SATO);
      const [card] = posts;
      if (!card) throw new Error('there is no draft');
      const send = () => press(s, SATO, card, { ...button(card, 'お客さまに送る'), [blankInput(0)]: '三時' });
      return { thread, customer, postId, send };
    };

    test('can be sent after an edit that changes nothing', async () => {
      const { customer, postId, send } = await draft('draft-edited');
      await s.simulator.teams.edit(SATO, postId, '@KARTE /伺い').answered;
      await send();
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['三時に伺います']);
    });

    test.each([
      ['a mistyped one was asked about', '/伺い です', '「/伺い」を実行'],
      ['it was called in other letters', '／伺い。', ''],
    ])('can be sent after an edit that changes nothing where %s, and nothing more is said', async (_, text, choose) => {
      await say('canned add 伺い {日時}に伺います');
      const { run, thread } = await inThread('draft-mistyped');
      const { posts, postId } = await run(text, SATO);
      const [card] = choose ? (await press(s, SATO, posts[0], button(posts[0], choose))).added : posts;
      await s.simulator.teams.edit(SATO, postId, `@KARTE ${text}`).answered;
      await press(s, SATO, card, { ...button(card, 'お客さまに送る'), [blankInput(0)]: '三時' });
      expect(await textsOf('draft-mistyped')).toEqual(['三時に伺います']);
      await s.simulator.teams.edit(SATO, postId, `@KARTE ${text}`).answered;
      await idle(s);
      expect(thread.posts.map(wordsOf).join()).not.toContain('編集');
    });

    test('is called off together with that message', async () => {
      const { customer, postId, send } = await draft('draft-deleted');
      await s.simulator.teams.delete(SATO, postId).answered;
      expect((await send()).words).toContain('削除されています');
      await idle(s);
      expect(customer.received).toEqual([]);
    });

    test('once sent, is what a deletion of that message is about', async () => {
      const { thread, customer, postId, send } = await draft('draft-sent');
      await send();
      await idle(s);
      expect(customer.received).toHaveLength(1);
      await s.simulator.teams.delete(SATO, postId).answered;
      await idle(s);
      expect(nowOf(s, thread.posts.at(-1)) && thread.posts.map(wordsOf).join()).toContain('お客さまに届いています');
    });
  });
});
