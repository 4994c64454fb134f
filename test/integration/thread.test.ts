import type { Post } from '../../simulator/state.ts';
import { bodyOf, factsOf, idle, press, roomyStand, tell } from './moves.ts';
import { conversation, runsOf, type Stand, threadOf, wordsOf, YAMADA } from './stand.ts';

const nasty = [
  '**太字** _斜体_ ~~取消~~ # 見出し\n- 箇条書き\n1. 番号\n> 引用',
  '[ここを押して](https://evil.example.test) ![絵](https://evil.example.test/a.png) https://shop.example.test?a=1&b=2',
  '<at>山田 花子</at> @山田 花子 <at id="0">KARTE</at> <b>太字</b> &lt;b&gt; &nbsp;|',
  '{{DATE(2026-01-01T00:00:00Z, SHORT)}} {{TIME(2026-01-01T00:00:00Z)}} $title %{title} \\n \\u0041',
  '  字下げ\n\n\n空行のあと\tタブ  二つの空白  ',
  '👨‍👩‍👧‍👦🏳️‍🌈 葛󠄀城市 𠮷野家 e\u0301 ‮逆‬ \u200b',
  '`{"type":"buttons","buttons":[{"text":"押す"}]}`',
  'operator assign',
];

describe('the thread of a customer', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  const rootOf = (key: string): Post => {
    const root = threadOf(s.simulator, key)?.posts[0];
    if (!root) throw new Error(`there is no thread of ${key}`);
    return root;
  };
  const open = async (who: { user_id?: string; visitor_id?: string }, text = 'こんにちは', page?: string) => {
    await s.simulator.karte.customer(who).write(text, { page }).settled;
    await idle(s);
  };

  test('its root is one card: who, page, status, assignee, and a link to KARTE', async () => {
    await open({ user_id: 'member@例.jp' }, 'こんにちは', 'https://shop.example.test/items/1?color=red&size=m#top');
    const root = rootOf('member@例.jp');
    expect(root.text).toBeUndefined();
    expect(root.attachments.map(({ contentType }) => contentType)).toEqual(['application/vnd.microsoft.card.adaptive']);
    expect(runsOf(root)[0]).toBe('会員 member@例.jp さんとの会話');
    expect(factsOf(root)).toEqual({
      状態: '対応中',
      担当: '未担当',
      ページ: 'https://shop.example.test/items/1?color=red&size=m#top',
    });
    const card = root.attachments[0]?.content as { actions: object[] };
    expect(card.actions).toMatchObject([
      { type: 'Action.Submit', title: '自分が担当する' },
      { type: 'Action.Submit', title: '担当者を選ぶ…' },
      { type: 'Action.Submit', title: '対応済みにする' },
      { type: 'Action.Submit', title: 'ノート…' },
      { type: 'Action.Submit', title: '履歴' },
      { type: 'Action.OpenUrl', url: 'https://admin.karte.io/communication/v2/workspace/' },
      { type: 'Action.Submit', title: '別のチャネルへ移動…', mode: 'secondary' },
    ]);
  });

  test('a visitor is called a visitor, by the visitor_id', async () => {
    await open({ visitor_id: 'vis-root-1' });
    expect(runsOf(rootOf('vis-root-1'))[0]).toBe('ビジター vis-root-1 さんとの会話');
  });

  test('with the project id the link leads to this customer’s talk screen', async () => {
    const { simulator } = s;
    const { apiKey, accessToken, botId, clientSecret } = simulator.karte.project;
    const { posts } = await tell(s, YAMADA, { channel: simulator.state().team.id, text: 'setup' });
    const data = { madoguchi: 'setup', apiKey, accessToken, botId, clientSecret, projectId: 'test-project&1' };
    await simulator.teams.submitTask(YAMADA, posts[0]?.id ?? '', data);
    await open({ user_id: 'linked/to me?' });
    expect(wordsOf(rootOf('linked/to me?'))).toContain(
      'https://admin.karte.io/communication/v2/redirect_from_v1/linked%2Fto%20me%3F?project=test-project%261',
    );
  });

  test('the text follows in the first reply, not in the root', async () => {
    await open({ user_id: 'text-apart' }, '本文はここ');
    expect(wordsOf(rootOf('text-apart'))).not.toContain('本文はここ');
    expect(threadOf(s.simulator, 'text-apart')?.posts.slice(1).map(runsOf)).toEqual([['本文はここ']]);
  });

  test.each(nasty)('stands verbatim and touches nobody: %j', async (text) => {
    const key = `verbatim-${nasty.indexOf(text)}`;
    await open({ user_id: key }, text);
    const thread = threadOf(s.simulator, key);
    expect(thread?.posts).toHaveLength(2);
    const post = thread?.posts[1];
    expect(post && runsOf(post)).toEqual([text]);
    expect(post?.text).toBeUndefined();
    expect(post?.mentions).toEqual([]);
    // No part that reads Markdown or macros repeats the words.
    expect(bodyOf(post).map(({ type }) => type)).toEqual(['RichTextBlock']);
    expect(s.simulator.karte.customer(key).received).toHaveLength(0);
  });

  test('also what a site chose as user_id and page is no markup', async () => {
    const key = '**[x](https://evil.example.test)** <at>山田 花子</at>';
    await open({ user_id: key }, 'こんにちは', 'https://shop.example.test/[a](b)/{{DATE(2026-01-01)}}');
    const root = rootOf(key);
    const marked = bodyOf(root)
      .filter(({ type }) => type === 'TextBlock')
      .map(({ text }) => text);
    expect(marked.join('\n')).not.toMatch(/evil|<at>|DATE\(2026-01-01\)/);
    expect(root.mentions).toEqual([]);
    expect(runsOf(root)[0]).toContain(key);
  });

  test.each([
    [
      'emoji without a break',
      '😀👨‍👩‍👧‍👦'
        .repeat(3_000)
        .slice(0, 30_000)
        .replace(/[\uD800-\uDBFF]$/, '。'),
    ],
    ['lines of a letter', '一行目は短い。二行目🍣\n'.repeat(2_500).slice(0, 30_000)],
  ])('30,000 characters arrive whole, in pieces that Teams takes: %s', async (what, text) => {
    expect(text).toHaveLength(30_000);
    const key = `long-${what}`;
    await open({ user_id: key }, text);
    await open({ user_id: key }, 'そのあと');
    const replies = threadOf(s.simulator, key)?.posts.slice(1) ?? [];
    expect(replies.length).toBeGreaterThan(3);
    expect(replies.slice(0, -1).flatMap(runsOf).join('')).toBe(text);
    for (const post of replies) expect(runsOf(post).join('')).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    expect(
      replies
        .slice(0, -1)
        .map(wordsOf)
        .every((words, at) => words.includes(`（${at + 1}/${replies.length - 1}）`)),
    ).toBe(true);
    expect(replies.slice(-1).flatMap(runsOf)).toEqual(['そのあと']);
    expect(s.simulator.teams.calls.filter(({ status }) => status >= 400)).toEqual([]);
  });

  test('a repeat of a long text adds no piece', async () => {
    const customer = s.simulator.karte.customer({ user_id: 'long-repeat' });
    await customer.write('長い文。'.repeat(5_000), { copies: 3 }).settled;
    await idle(s);
    expect(threadOf(s.simulator, 'long-repeat')?.posts.slice(1).flatMap(runsOf).join('')).toBe(
      '長い文。'.repeat(5_000),
    );
  });

  test('a picture of a customer is named, and opened where it has an address', async () => {
    const data = (image: unknown) => ({
      data: { user_id: 'with-picture', date: new Date().toISOString(), content: { text: '', image } },
    });
    await s.simulator.karte.hooks.event('talk/message/sendFromUser', data({ url: 'https://img.example.test/1.png' }))
      .settled;
    await s.simulator.karte.hooks.event('talk/message/sendFromUser', data('内容不明')).settled;
    await idle(s);
    const [first, second] = threadOf(s.simulator, 'with-picture')?.posts.slice(1) ?? [];
    expect(first && wordsOf(first)).toContain('https://img.example.test/1.png');
    expect(second && wordsOf(second)).toContain('[画像]');
  });

  test('the conversation goes on in the same thread after a restart, both ways', async () => {
    const { customer, thread } = await conversation(s.simulator, 'restarted');
    await s.restart();
    await customer.write('まだいますか').settled;
    await tell(s, YAMADA, { thread: thread.id, text: 'おります。' });
    await idle(s);
    expect(
      thread.posts
        .slice(1)
        .filter(({ fromBot }) => fromBot)
        .flatMap(runsOf),
    ).toEqual(['こんにちは', 'まだいますか']);
    expect(customer.received.map(({ text }) => text)).toEqual(['おります。']);
  });

  test('a customer’s card has nothing to press but the link', async () => {
    const { thread } = await conversation(s.simulator, 'nothing-to-press');
    const { words } = await press(s, YAMADA, thread.posts[0], { madoguchi: 'unknown' });
    expect(words).toBe('');
    expect(s.simulator.karte.customer('nothing-to-press').received).toHaveLength(0);
  });
});
