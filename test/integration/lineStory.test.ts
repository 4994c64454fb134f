import { picture } from '../fixtures/pictures.ts';
import { button, idle, press, roomyStand, tell, until } from './moves.ts';
import { connectLine, runsOf, SATO, type Stand, shown, threadOf, wordsOf, YAMADA } from './stand.ts';

/** A customer of the company's LINE Official Account, from the first word on. */
describe('a customer who writes by LINE', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
    await connectLine(s);
  });
  afterEach(async () => {
    s.simulator.faults.clear();
    await s.close();
  });

  /** Somebody with this name who has written, and their thread once it shows that. */
  async function writing(name: string, text = 'こんにちは') {
    const customer = s.simulator.line.customer({ name });
    customer.write(text);
    const thread = await until(() => {
      const found = threadOf(s.simulator, name);
      return found?.posts.slice(1).some((post) => runsOf(post).includes(text)) ? found : undefined;
    });
    return { customer, thread };
  }

  test('lands in a thread of their name, and the answer arrives in LINE', async () => {
    const { customer, thread } = await writing('高橋 直樹');
    expect(wordsOf(thread.posts[0] as never)).toContain('高橋 直樹');
    const said = s.simulator.teams.say(SATO, { thread: thread.id, text: 'いらっしゃいませ', mentions: ['bot'] });
    await until(() => customer.texts.length === 1);
    expect(customer.texts).toEqual(['いらっしゃいませ']);
    await s.simulator.waitFor(() => said.post.reactions.length);
  });

  test('sees that it was read when somebody answers, and that somebody is about to when they are assigned', async () => {
    const { customer, thread } = await writing('既読 花子');
    Object.assign(s.simulator.line.account().state, { chatMode: 'chat', markAsReadMode: 'manual' });
    customer.write('もう一度');
    await shown(s.simulator, thread.id, 'もう一度');
    await tell(s, SATO, { thread: thread.id, text: 'operator assign' });
    await until(() => customer.loading);
    await until(() => customer.messages.at(-1)?.readAt);
    await until(() => wordsOf(thread.posts[0] as never).includes(SATO));
  });

  test('keeps assignee and status in Teams, linked or not', async () => {
    const { thread } = await writing('状態 次郎');
    await tell(s, SATO, { thread: thread.id, text: 'operator assign' });
    await until(() => wordsOf(thread.posts[0] as never).includes(SATO));
    await tell(s, SATO, { thread: thread.id, text: 'close' });
    const [found] = (await s.store.conversations.find({})).map(({ value }) => value);
    expect(found).toMatchObject({ status: 'closed', assignee: { name: SATO } });
  });

  test('is marked when they block the account: nothing is sent, and what was written goes once they are back', async () => {
    const { customer, thread } = await writing('拒否 三郎');
    await customer.block().settled;
    await shown(s.simulator, thread.id, 'ブロック');
    await tell(s, SATO, { thread: thread.id, text: '届きますか' });
    const card = await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    expect(wordsOf(card)).toContain('ブロック');
    expect(customer.texts).toEqual([]);
    await customer.unblock().settled;
    await press(s, SATO, card, button(card, 'もう一度送る'));
    await until(() => customer.texts.length === 1);
    expect(customer.texts).toEqual(['届きますか']);
  });

  test('takes a message back, and it is gone from Teams and from the store', async () => {
    const { customer, thread } = await writing('取消 四郎');
    const secret = customer.write('口座番号は秘密です');
    await shown(s.simulator, thread.id, '秘密');
    await customer.unsend(secret.message).settled;
    await until(() => !thread.posts.map(wordsOf).join().includes('秘密'));
    const kept = JSON.stringify(await s.store.deliveries.find({}));
    expect(kept).not.toContain('秘密');
  });

  test('sends stickers, places and presses of buttons, each readable', async () => {
    const { customer, thread } = await writing('スタンプ 五郎');
    customer.sticker({ keywords: ['ありがとう'] });
    await shown(s.simulator, thread.id, 'ありがとう');
    customer.location({ latitude: 35.68, longitude: 139.76, title: '東京駅', address: '東京都千代田区' });
    await shown(s.simulator, thread.id, '東京駅');
    customer.postback('action=menu');
    await shown(s.simulator, thread.id, 'action=menu');
  });

  test('sends a picture that is shown in the thread, and gets one as a picture', async () => {
    const { customer, thread } = await writing('写真 六子');
    customer.picture(picture());
    await until(() => thread.posts.some((post) => JSON.stringify(post.attachments).includes('"Image"')));
    await tell(s, SATO, { thread: thread.id, text: 'こちらです', pictures: [picture()] });
    await until(() => customer.received.length === 2);
    expect(customer.received.map(({ content }) => content.type)).toEqual(['text', 'image']);
  });

  test('by the hundredth repeat of one webhook is shown once', async () => {
    const { customer, thread } = await writing('重複 七海');
    await customer.write('一度だけ', { copies: 20 }).settled;
    await idle(s);
    expect(thread.posts.filter((post) => runsOf(post).includes('一度だけ'))).toHaveLength(1);
  });

  test('reaches the monthly limit of the account, and the operator is told that plainly', async () => {
    const { thread } = await writing('上限 八重');
    s.simulator.line.account().state.quota = 0;
    await tell(s, SATO, { thread: thread.id, text: '届きますか' });
    const card = await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    expect(wordsOf(card)).toContain('今月');
  });
});

describe('connecting LINE', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  test('by id and secret alone registers the webhook, verifies it, and says what is left to do', async () => {
    const words = await connectLine(s);
    expect(words).toContain('LINE とつなぎました');
    expect(words).toMatch(/https:\/\/desk\.example\.test\/api\/channels\/line\/[\w-]+/);
    expect(words).toContain('Webhookの再送');
    const { webhook } = s.simulator.line.account().state;
    expect(words).toContain(String(webhook.url));
    expect(await s.simulator.line.account().verify()).toMatchObject({ success: true, statusCode: 200 });
  });

  test.each([
    ['the secret of another account', { channelSecret: 'test-wrong' }, 'チャネルシークレット'],
    ['another account’s basic id', { basicId: '@somebody' }, '別の LINE 公式アカウント'],
    ['a token that is none', { channelAccessToken: 'test-no-token' }, 'チャネルアクセストークン'],
    ['nothing', { channelId: '' }, '入力してください'],
  ])('with %s is refused with the reason, and nothing is kept', async (_name, typed, reason) => {
    expect(await connectLine(s, typed)).toContain(reason);
    expect((await s.store.connections.find({})).map(({ value }) => value.channel)).toEqual(['karte']);
  });

  test('is listed, rests, goes on, and is taken away with its conversations', async () => {
    await connectLine(s);
    const say = (text: string) => tell(s, YAMADA, { channel: s.simulator.state().team.id, text });
    expect((await say('connections')).words).toContain('LINE：');
    expect((await say('pause line')).words).toContain('一時停止しました');
    const customer = s.simulator.line.customer({ name: '休止 九' });
    await customer.write('届きますか').settled;
    await idle(s);
    expect(threadOf(s.simulator, '休止 九')).toBeUndefined();
    expect((await say('resume line')).words).toContain('再開しました');
    await customer.write('今度は').settled;
    const thread = await until(() => threadOf(s.simulator, '休止 九'));
    await idle(s);
    const { posts } = await say('disconnect line');
    await press(s, YAMADA, posts[0], button(posts[0], '解除して会話も削除'));
    await until(async () => (await s.store.conversations.find({})).length === 0);
    const [kept] = (await s.store.connections.find({})).filter(({ value }) => value.channel === 'line');
    expect(kept?.value).toMatchObject({ sealed: '', disconnectedAt: expect.any(Number) });
    expect((await customer.write('もう届かない').answered)?.attempts[0]?.status).toBe(404);
    expect((await tell(s, SATO, { thread: thread.id, text: 'まだいますか' })).words).toContain('誰にも送っていません');
    await connectLine(s);
    await customer.write('おかえり').settled;
    await until(() =>
      s.simulator.teams.threads().some(({ posts: all }) => all.some((p) => wordsOf(p).includes('おかえり'))),
    );
  });
});
