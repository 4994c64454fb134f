import type { LineAccountHandle } from '../../simulator/line/surface.ts';
import { connectByForm, connectionButton, lineValues, say, sectionButtons, submitLine } from './connectionMoves.ts';
import { broken, lineConversation, wordsIn } from './lineMoves.ts';
import { buttonsOf, everythingKept, idle, nowOf, press, roomyStand, tell } from './moves.ts';
import { formOf } from './setupMoves.ts';
import { connect, conversation, GUEST, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

let s: Stand;
let account: LineAccountHandle;
const begin = async (options: { unconnected?: boolean } = {}) => {
  s = await roomyStand(options);
  account = s.simulator.line.account();
};
afterEach(async () => {
  const wrong = broken(s);
  await s.close();
  expect(wrong).toEqual([]);
});
const stored = async () => (await s.store.connections.find({})).map(({ value }) => value);

describe('connect', () => {
  beforeEach(() => begin({ unconnected: true }));

  test.each(['connect line', 'ｃｏｎｎｅｃｔ　ＬＩＮＥ', 'LINE 連携', '連携 line', 'LINE連携'])(
    '%j offers the form of LINE, which masks the secrets',
    async (text) => {
      const { posts } = await say(s, text);
      const [open] = buttonsOf(posts[0]);
      expect(open?.data).toMatchObject({ madoguchi: 'connect', channel: 'line' });
      const fields = formOf(await s.simulator.teams.fetchTask(YAMADA, posts[0]?.id ?? '', open?.data ?? {}));
      const styles = Object.fromEntries(fields.map(({ id, style }) => [id, style?.toLowerCase()]));
      expect(styles).toMatchObject({ channelSecret: 'password', channelAccessToken: 'password', room: 'compact' });
      expect(styles.channelId).toBeUndefined();
    },
  );

  test('alone it offers every channel there is', async () => {
    const { posts } = await say(s, 'connect');
    expect(buttonsOf(posts[0]).map(({ data }) => data.channel)).toEqual(['karte', 'line']);
  });

  test('connects an account, enters the webhook URL there, and says what is left to do', async () => {
    const task = await submitLine(s);
    const [connection] = await stored();
    const url = `https://desk.example.test/api/channels/line/${connection?.id}`;
    expect(task).toMatchObject({ type: 'message', value: expect.stringContaining(url) });
    expect(task.value).toContain(account.state.displayName);
    // Only a person can turn it on.
    expect(task.value).toContain('Webhookの利用');
    expect(account.state.webhook.url).toBe(url);
    expect(connection?.settings).toMatchObject({ userId: account.state.userId, basicId: account.state.basicId });
    account.setWebhook({ ...account.state.webhook, active: true });
    const { thread } = await lineConversation(s);
    expect(wordsIn(thread)).toContain('こんにちは');
  });

  test('takes what copying brings along, and a full-width @', async () => {
    const { channelId, channelSecret, basicId = '' } = lineValues(account);
    const typed = {
      channelId: ` ${channelId}\u3000`,
      channelSecret: `\u200b${channelSecret}\n`,
      basicId: basicId.replace('@', '＠'),
    };
    expect((await submitLine(s, typed)).type).toBe('message');
  });

  test.each([
    ['another account', { basicId: '@test-other' }, '別の LINE 公式アカウント'],
    ['a wrong secret', { channelSecret: 'test-wrong-secret' }, '受け付けません'],
    ['a missing value', { basicId: '' }, '入力してください'],
  ])('with %s nothing is kept, and the form says why', async (_, more, reason) => {
    const task = await submitLine(s, more);
    expect(task.type).toBe('continue');
    expect(JSON.stringify(task.value)).toContain(reason);
    expect(JSON.stringify(task.value)).not.toContain(account.state.channelSecret);
    expect(await stored()).toEqual([]);
  });

  test('new customers appear in the Teams channel that was chosen', async () => {
    const other = s.simulator.state().channels.find(({ general }) => !general);
    const task = await submitLine(s, { room: other?.id });
    expect(task.value).toContain(other?.name ?? '?');
    account.setWebhook({ ...account.state.webhook, active: true });
    const { thread } = await lineConversation(s);
    expect(thread.id.split(';')[0]).toBe(other?.id);
  });

  test('secrets stand nowhere', async () => {
    await connectByForm(s);
    await submitLine(s, { channelSecret: 'test-wrong-secret-in-form' });
    await lineConversation(s);
    const kept = await everythingKept(s);
    for (const secret of [account.state.channelSecret, 'test-wrong-secret-in-form']) expect(kept).not.toContain(secret);
  });
});

describe('the card of connections', () => {
  beforeEach(async () => {
    await begin();
    await connectByForm(s);
  });

  test('shows each account with its state and webhook URL', async () => {
    const { posts } = await say(s, '連携一覧', SATO);
    const words = posts.map(wordsOf).join('\n');
    expect(words).toContain(account.state.displayName);
    for (const { id } of (await stored()).filter(({ channel }) => channel === 'line'))
      expect(words).toContain(`https://desk.example.test/api/channels/line/${id}`);
    expect(words).toContain('https://desk.example.test/api/teams/messages');
    expect(sectionButtons(posts[0])).toHaveLength(6);
  });

  test('a change keeps the secrets that are not typed, and where it rests it goes on resting', async () => {
    await say(s, 'pause line');
    const { card, data } = await connectionButton(s, '設定を変える', 'line');
    const fields = formOf(await s.simulator.teams.fetchTask(YAMADA, card?.id ?? '', data));
    expect(JSON.stringify(fields)).not.toContain(account.state.channelSecret);
    const { channelId, basicId } = lineValues(account);
    const { msteams: _, ...sent } = data;
    const answer = await s.simulator.teams.submitTask(YAMADA, card?.id ?? '', { ...sent, channelId, basicId });
    expect(JSON.stringify(answer.body)).toContain('とつなぎました');
    expect((await stored()).find(({ channel }) => channel === 'line')?.pausedAt).toBeDefined();
    await say(s, 'resume line');
    await lineConversation(s, '変更 後子');
  });

  test('a secret that was reissued meanwhile is not taken, though its tokens still are', async () => {
    const { channelSecret } = account.state;
    account.reissueSecret();
    expect((await submitLine(s, { channelSecret })).type).toBe('continue');
  });

  test('a pasted token that is not wanted any more can be taken away', async () => {
    const { card, data } = await connectionButton(s, '設定を変える', 'line');
    const { msteams: _, ...sent } = data;
    const { channelId, basicId } = lineValues(account);
    const submit = (more: object) =>
      s.simulator.teams.submitTask(YAMADA, card?.id ?? '', { ...sent, channelId, basicId, ...more });
    await submit({ channelAccessToken: account.state.accessToken });
    account.reissueToken();
    expect(JSON.stringify((await submit({})).body)).toContain('アクセストークンを受け付けません');
    expect(JSON.stringify((await submit({ 'drop-channelAccessToken': 'true' })).body)).toContain('とつなぎました');
  });

  test.each([SATO, GUEST])('%s, who is no admin, gets nowhere with any of its buttons', async (who) => {
    const before = await stored();
    const { posts } = await say(s, 'connections', who);
    for (const { data } of sectionButtons(posts[0]).filter(({ data }) => data.madoguchi !== 'connect'))
      expect((await press(s, who, posts[0], data)).words).toMatch(/管理者だけ|ゲスト/);
    for (const text of ['pause line', 'resume line', 'disconnect line'])
      expect((await say(s, text, who)).words).toMatch(/管理者だけ|ゲスト/);
    const [line] = before.filter(({ channel }) => channel === 'line');
    const end = { madoguchi: 'disconnectNow', connection: line?.id, what: 'all' };
    expect((await press(s, who, posts[0], end)).words).toMatch(/管理者だけ|ゲスト/);
    expect(await stored()).toEqual(before);
  });

  test('a connection that is none of this desk’s is not known', async () => {
    const { posts } = await say(s, 'connections');
    const made = { madoguchi: 'disconnectNow', connection: 'made-up', what: 'all' };
    expect((await press(s, YAMADA, posts[0], made)).words).toContain('見つかりません');
  });
});

describe('pause', () => {
  beforeEach(async () => {
    await begin();
    await connectByForm(s);
  });

  test('alone with several connections it shows them', async () => {
    const { posts } = await say(s, 'pause');
    expect(sectionButtons(posts[0]).filter(({ title }) => title === '一時停止')).toHaveLength(2);
    expect((await stored()).every(({ pausedAt }) => pausedAt === undefined)).toBe(true);
  });

  test('takes nothing in, answers well, and leaves the other channel as it is', async () => {
    const { customer, thread } = await lineConversation(s);
    await say(s, 'LINE 一時停止');
    const delivery = await customer.write('止まっている間').settled;
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([200]);
    await conversation(s.simulator, 'karte-goes-on');
    await idle(s);
    expect(wordsIn(thread)).not.toContain('止まっている間');
    expect(await everythingKept(s)).not.toContain('止まっている間');
    await say(s, 'resume line');
    customer.write('再開後');
    await shown(s.simulator, thread.id, '再開後');
  });

  test('shows the customer nothing either', async () => {
    const { thread } = await lineConversation(s);
    await say(s, 'pause line');
    const before = s.simulator.line.calls.length;
    await tell(s, SATO, { thread: thread.id, text: 'operator assign' });
    await idle(s);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(s.simulator.line.calls.slice(before).map(({ path }) => path)).toEqual([]);
  });

  test('keeps replies back, until a person sends them again', async () => {
    const { customer, thread } = await lineConversation(s);
    await say(s, 'pause line');
    await tell(s, SATO, { thread: thread.id, text: 'お待たせしました' });
    const failure = await shown(s.simulator, thread.id, '一時停止中');
    await idle(s);
    expect(customer.texts).toEqual([]);
    await say(s, 'resume line');
    const again = buttonsOf(nowOf(s, failure)).find(({ title }) => title === 'もう一度送る');
    await press(s, SATO, failure, again?.data ?? {});
    await s.simulator.waitFor(() => customer.texts.includes('お待たせしました'));
  });

  test('by its button colleagues are told', async () => {
    const { card, data } = await connectionButton(s, '一時停止', 'line');
    expect((await press(s, YAMADA, card, data)).words).toContain('一時停止しました');
    expect(wordsOf(nowOf(s, card))).toContain('一時停止中');
  });
});

describe('a desk with several connections', () => {
  beforeEach(async () => {
    await begin();
    await connectByForm(s);
  });

  test('doctor examines each', async () => {
    const { words } = await say(s, 'doctor');
    expect(words).toContain('LINE のアクセストークン');
    expect(words).toContain('アクセストークン');
    expect(words).toContain(account.state.displayName);
  });

  test('no canned reply holds the secret of any', async () => {
    for (const secret of [account.state.channelSecret, s.simulator.state().project.accessToken])
      expect((await say(s, `canned add test ${secret}`)).words).toContain('保存していません');
    expect(await s.store.canned.find({})).toEqual([]);
  });

  test('setup goes on changing KARTE alone', async () => {
    const before = (await stored()).find(({ channel }) => channel === 'line');
    await connect(s);
    expect((await stored()).find(({ channel }) => channel === 'line')).toEqual(before);
    expect(await stored()).toHaveLength(2);
  });
});
