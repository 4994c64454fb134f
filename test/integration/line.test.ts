import type { Hooked, LineAccountHandle } from '../../simulator/line/surface.ts';
import { broken, connectLine, lineConversation, pushes, wordsIn } from './lineMoves.ts';
import { everythingKept, idle, tell, until } from './moves.ts';
import { SATO, type Stand, shown, stand, threadOf, wordsOf } from './stand.ts';

let s: Stand;
let account: LineAccountHandle;
beforeEach(async () => {
  s = await stand({ simulator: { enforceLimits: false } });
  account = await connectLine(s);
});
afterEach(async () => {
  const wrong = broken(s);
  await s.close();
  expect(wrong).toEqual([]);
});

const NAME = '伊藤 さくら';
const reply = (threadId: string, text: string) =>
  s.simulator.teams.say(SATO, { thread: threadId, text, mentions: ['bot'] });
/** Status of the first answer to a webhook. */
const statusOf = async (hooked: Hooked) => (await hooked.answered)?.attempts[0]?.status;

describe('a customer on LINE', () => {
  test('gets a thread under their name, and an answer as a push', async () => {
    const { customer, thread } = await lineConversation(s);
    expect(wordsOf(thread.posts[0] as never)).toContain(NAME);
    const said = reply(thread.id, 'お待たせしました。');
    await s.simulator.waitFor(() => customer.texts.includes('お待たせしました。'));
    await s.simulator.waitFor(() => said.post.reactions.length > 0);
    expect(pushes(s)).toHaveLength(1);
    expect(pushes(s)[0]?.headers).toHaveProperty('x-line-retry-key');
  });

  test('sees that their words were read once they are answered', async () => {
    const { customer, thread } = await lineConversation(s);
    reply(thread.id, 'はい。');
    await s.simulator.waitFor(() => customer.messages[0]?.readAt);
  });

  test('says several things in one hook: they stand in the order in which they were said', async () => {
    const { customer, thread } = await lineConversation(s);
    const hooked = s.simulator.line.together(() => {
      customer.write('二番目', { skewMs: 5 });
      customer.write('三番目', { skewMs: 10 });
      customer.write('一番目', { skewMs: -5 });
    });
    expect(await statusOf(hooked)).toBe(200);
    await shown(s.simulator, thread.id, '三番目');
    expect(wordsIn(thread).join('\n')).toMatch(/一番目[\s\S]*二番目[\s\S]*三番目/);
  });

  test('says it once, however often LINE tells', async () => {
    const { customer, thread } = await lineConversation(s);
    await customer.write('一度だけ', { copies: 3 }).settled;
    await shown(s.simulator, thread.id, '一度だけ');
    await idle(s);
    expect(wordsIn(thread).filter((words) => words.includes('一度だけ'))).toHaveLength(1);
  });

  test('takes something back: it goes from the thread and from what is kept', async () => {
    const { customer, thread } = await lineConversation(s);
    const { message } = customer.write('うっかりの番号 0000');
    await shown(s.simulator, thread.id, 'うっかりの番号');
    customer.unsend(message);
    await until(() => !wordsIn(thread).join('\n').includes('うっかりの番号'));
    await idle(s);
    await until(async () => !JSON.stringify(await s.store.deliveries.find({})).includes('うっかりの番号'));
  });

  test('who blocks the account is not written to, and the operator is told why', async () => {
    const { customer, thread } = await lineConversation(s);
    customer.block();
    await until(async () => (await s.store.conversations.find({}))[0]?.value.blockedAt);
    reply(thread.id, '届きますか');
    const card = await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    expect(wordsOf(card)).toContain('ブロック');
    expect(pushes(s)).toEqual([]);
  });

  test('who only adds the account gets no thread', async () => {
    const customer = s.simulator.line.customer({ name: '新しい友だち', friendship: 'none' });
    expect(await statusOf(customer.follow())).toBe(200);
    await idle(s);
    expect(threadOf(s.simulator, '新しい友だち')).toBeUndefined();
  });

  test('sends more than words: each is kept as what it is', async () => {
    const { customer } = await lineConversation(s);
    const mp4 = { name: 'a.mp4', type: 'video/mp4', bytes: Buffer.from('video') };
    const pdf = { name: '見積.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7') };
    const { message: video } = customer.video(mp4, { durationMs: 900 });
    const { message: file } = customer.file(pdf);
    customer.location({ latitude: 35.68, longitude: 139.76, title: '本社', address: '東京都' });
    customer.sticker({ packageId: '1', stickerId: '2', keywords: ['ありがとう'] });
    customer.postback('menu=1');
    const parts = async () =>
      (await s.store.deliveries.find({ where: { toward: 'teams' }, order: 'ascending' })).flatMap(({ value }) =>
        value.content.type === 'message' ? value.content.message.parts : [],
      );
    await until(async () => (await parts()).length === 6);
    expect(await parts()).toEqual([
      { kind: 'text', text: 'こんにちは' },
      { kind: 'video', url: `line:${video.id}`, duration: 900 },
      { kind: 'file', url: `line:${file.id}`, name: '見積.pdf', bytes: 8 },
      { kind: 'location', latitude: 35.68, longitude: 139.76, label: '本社 東京都' },
      { kind: 'sticker', id: '1/2', label: 'ありがとう' },
      { kind: 'event', name: 'postback', detail: 'menu=1' },
    ]);
  });

  test('of a group is left alone, and so is what another program talks about', async () => {
    const { customer } = await lineConversation(s);
    const source = { type: 'group', groupId: `C${'0'.repeat(32)}`, userId: customer.userId };
    const message = { type: 'text', id: '900', text: '内輪の話', quoteToken: 'q' };
    expect(await statusOf(account.event({ type: 'message', source, message, replyToken: 'r' }))).toBe(200);
    expect(await statusOf(customer.write('よその話', { mode: 'standby' }))).toBe(200);
    await idle(s);
    expect(await everythingKept(s)).not.toMatch(/内輪|よその/);
  });
});

describe('a webhook', () => {
  test('that LINE’s console sends to verify the address is answered', async () => {
    expect(await account.verify()).toMatchObject({ success: true, statusCode: 200 });
  });

  test('signed with another secret is refused, and nothing of it is kept', async () => {
    const customer = s.simulator.line.customer({ name: NAME });
    expect(await statusOf(customer.write('にせもの', { secret: 'test-other' }))).toBe(401);
    expect(await everythingKept(s)).not.toContain('にせもの');
  });

  test('to an address that is nobody’s is not found', async () => {
    account.connectWebhook('https://desk.example.test/api/channels/line/nobody');
    expect(await statusOf(s.simulator.line.customer({ name: NAME }).write('もしもし'))).toBe(404);
  });

  test.each([
    ['no JSON', '{"events":[', 400],
    ['of another shape', '{"events":"none"}', 400],
    ['of a kind that LINE has added', JSON.stringify({ destination: 'U1', events: [], more: true }), 200],
  ])('%s is answered so', async (_name, body, status) => {
    expect(await statusOf(account.raw(body))).toBe(status);
  });

  test('with a secret in the answer: it reaches nobody', async () => {
    const { customer, thread } = await lineConversation(s);
    const told = await tell(s, SATO, {
      thread: thread.id,
      text: `ご確認ください。鍵は${account.state.channelSecret}です。`,
    });
    expect(told.words).toContain('秘密の値');
    await idle(s);
    expect(customer.received).toEqual([]);
  });
});
