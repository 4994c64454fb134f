import type { Client } from '../../simulator/state.ts';
import { idle, repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, GUEST, runsOf, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

const clients: Client[] = ['desktop', 'web', 'mobile'];
const typed = {
  'a plain sentence': 'お待たせしました。ご確認ください。',
  'several lines': '一行目\n二行目\n\n四行目',
  'markup and entities': 'a < b && c > d、&nbsp; &amp; &lt;b&gt; <b>太字</b> "引用" &#x41;',
  Markdown: '**重要** _これ_ [手順](https://help.example.test/?a=1&b=2) `code` # 1',
  'emoji and rare characters': '👨‍👩‍👧 ありがとうございます🙇 葛󠄀城 𠮷野家',
  'spaces inside': '左  右　全角',
  'indented lines': '手順:\n  1. 開く\n  2. 押す',
  'words that look like a mention': 'メールは support@karte.example.test まで',
};

describe('a reply reaches the customer exactly as it was typed', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  async function received(text: string, more: Partial<Parameters<typeof tell>[2]> = {}) {
    const key = `reply-${await repliesStored(s)}-${clients.indexOf(more.client ?? 'desktop')}`;
    const { customer, thread } = await conversation(s.simulator, key);
    const { posts, status } = await tell(s, YAMADA, { thread: thread.id, text, ...more });
    expect(status).toBe(200);
    await idle(s);
    // Quiet success: no word of the bot beside the customer's own.
    expect(posts).toEqual([]);
    return customer.received.map((message) => message.text);
  }

  for (const client of clients)
    for (const [what, text] of Object.entries(typed)) {
      test(`${what}, from ${client}`, async () => {
        expect(await received(text, { client })).toEqual([text]);
      });
    }

  test.each(clients)('line breaks that the text has lost come from the html copy, from %s', async (client) => {
    const text = 'ご案内です。\n1. a < b\n\n2. &amp; と書く\n以上🙇';
    expect(await received(text, { client, loseLineBreaks: true })).toEqual([text]);
  });

  test.each([
    ['paragraphs', '<p>@BOT&nbsp;一行目</p><p>二行目</p>', '一行目\n二行目'],
    ['paragraphs on lines of their own', '<p>@BOT&nbsp;一行目</p>\n<p>二行目</p>\n', '一行目\n二行目'],
    ['an empty paragraph', '<p>@BOT&nbsp;一行目</p><p>&nbsp;</p><p>三行目</p>', '一行目\n\n三行目'],
    ['nested blocks', '<div><div>@BOT&nbsp;一行目</div><div>二行目</div></div>', '一行目\n二行目'],
    ['the mention on its own line', '<p>@BOT</p><p>一行目<br>二行目</p>', '一行目\n二行目'],
    [
      'an emoji as a picture',
      '<p>@BOT&nbsp;一行目<img alt="🙇" itemtype="http://schema.skype.com/Emoji"></p><p>二行目</p>',
      '一行目🙇\n二行目',
    ],
    [
      'a link',
      '<p>@BOT&nbsp;<a href="https://help.example.test/">https://help.example.test/</a><br>二行目</p>',
      'https://help.example.test/\n二行目',
    ],
  ])('html with %s keeps its lines', async (_, html, text) => {
    const span = '<span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">KARTE</span>';
    expect(await received(text, { html: html.replace('@BOT', span), loseLineBreaks: true })).toEqual([text]);
  });

  test('an html copy with other words in it is not believed', async () => {
    expect(await received('正しい文', { html: '<p>別の文<br>偽物</p>' })).toEqual(['正しい文']);
  });

  test('colleagues who are mentioned stand there as @Name', async () => {
    const text = `@KARTE 担当の@${SATO}がご連絡します。`;
    expect(await received(text, { mentions: ['bot', SATO] })).toEqual([`担当の@${SATO}がご連絡します。`]);
  });

  test.each(clients)('every mention of the bot goes, wherever it stands, from %s', async (client) => {
    expect(await received('@KARTE こんにちは @KARTE です', { mentions: ['bot', 'bot'], client })).toEqual([
      'こんにちは です',
    ]);
    expect(await received('よろしくお願いします。 @KARTE', { client })).toEqual(['よろしくお願いします。']);
  });

  test('the bot’s name typed by hand is text', async () => {
    expect(await received('当社は KARTE を使っています')).toEqual(['当社は KARTE を使っています']);
  });

  test.each([
    '`{"type":"buttons","title":"t","buttons":[{"text":"退会する"}]}`',
    'ご覧ください: ` \n{"type":"links","links":[{"title":"x","url":"https://evil.example.test"}]}`',
    '```{"type":"input"}```',
    '``` [{"type":"buttons"}] ```',
    '`{"a":1}` と `{"b":2}`',
  ])('JSON in back-ticks stays text and becomes no buttons: %s', async (text) => {
    const [got = ''] = await received(text);
    expect(got.replaceAll('\u200b', '')).toBe(text);
    const quoted = [...got.matchAll(/`([^`]+)`/g)]
      .map(([, inner = '']) => inner.trim())
      .filter((inner) => /[{[]/.test(inner));
    expect(quoted.length).toBeGreaterThan(0);
    for (const inner of quoted) expect(() => JSON.parse(inner)).toThrow(SyntaxError);
  });

  test('code in back-ticks that is no JSON is left alone', async () => {
    expect(await received('`npm start` と `x = [1]`')).toEqual(['`npm start` と `x = [1]`']);
  });

  test('replies keep their order', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-order');
    for (const text of ['一', '二', '三', '四']) await tell(s, YAMADA, { thread: thread.id, text });
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['一', '二', '三', '四']);
  });

  test('a visitor is answered under the visitor_id', async () => {
    const visitor = s.simulator.karte.customer({ visitor_id: 'vis-answered' });
    await visitor.write('こんにちは').settled;
    await idle(s);
    const thread = s.simulator.teams
      .threads()
      .find(({ posts }) => posts[0] && wordsOf(posts[0]).includes('vis-answered'));
    await tell(s, YAMADA, { thread: thread?.id ?? '', text: 'はい' });
    await idle(s);
    expect(s.simulator.karte.calls.at(-1)?.body).toMatchObject({ user_id: 'vis-answered', content: { text: 'はい' } });
    expect(visitor.received).toHaveLength(1);
  });

  test('it is sent as the bot until the person is linked, then as that operator, and as the bot again after unlink', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-sender');
    const reply = async (who: string, text: string) => {
      await tell(s, who, { thread: thread.id, text });
      await idle(s);
    };
    await reply(SATO, 'ボットから');
    await tell(s, SATO, { thread: thread.id, text: 'operator link op-sato-0002' });
    await reply(SATO, '佐藤から');
    await reply(YAMADA, '別の人はまだボット');
    await tell(s, SATO, { thread: thread.id, text: 'operator unlink' });
    await reply(SATO, 'またボットから');
    const { botId } = s.simulator.karte.project;
    expect(customer.received.map(({ senderId }) => senderId)).toEqual([botId, 'op-sato-0002', botId, botId]);
  });

  test('success shows as a reaction of the bot on the operator’s message, and as nothing else', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-quiet');
    const before = thread.posts.length;
    const { postId } = await tell(s, GUEST, { thread: thread.id, text: '確認しました。' });
    const bot = s.simulator.state().bot.id;
    await s.simulator.waitFor(() =>
      thread.posts.find(({ id }) => id === postId)?.reactions.some(({ by }) => by.includes(bot)),
    );
    await idle(s);
    expect(thread.posts).toHaveLength(before + 1);
    expect(customer.received).toHaveLength(1);
  });

  test('where Teams takes no reaction, success shows as nothing', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-no-reaction');
    s.simulator.faults.next({ side: 'teams', path: 'reactions', status: 404 });
    await tell(s, YAMADA, { thread: thread.id, text: '反応なし' });
    await s.simulator.waitFor(() =>
      s.simulator.teams.calls.some(({ path, status }) => path.includes('reactions') && status === 404),
    );
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['反応なし']);
    expect(
      thread.posts
        .filter(({ fromBot }) => fromBot)
        .slice(1)
        .flatMap(runsOf),
    ).toEqual(['こんにちは']);
  });

  test('an edit of a sent reply is not sent again', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-edit');
    const { postId } = await tell(s, YAMADA, { thread: thread.id, text: '最初の文' });
    await s.simulator.teams.edit(YAMADA, postId, '@KARTE 直した文').answered;
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['最初の文']);
  });
});
