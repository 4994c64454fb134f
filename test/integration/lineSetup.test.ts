import { broken, wordsIn } from './lineMoves.ts';
import { button, everythingKept, idle, roomyStand, tell } from './moves.ts';
import { formOf, taskOf } from './setupMoves.ts';
import { type Stand, threadOf, YAMADA } from './stand.ts';

describe('connect line', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    const wrong = broken(s);
    await s.close();
    expect(wrong).toEqual([]);
  });

  const account = () => s.simulator.line.account();
  const offered = async () => {
    const { posts } = await tell(s, YAMADA, { channel: s.simulator.state().team.id, text: 'connect line' });
    return { post: posts[0], data: button(posts[0], 'フォームを開く') };
  };
  async function submit(more: Record<string, string> = {}) {
    const { post } = await offered();
    const { channelId, channelSecret, basicId } = account().state;
    const values = { madoguchi: 'connect', channel: 'line', channelId, channelSecret, basicId, ...more };
    return s.simulator.teams.submitTask(YAMADA, post?.id ?? '', values);
  }
  const kept = async () =>
    (await s.store.connections.find({})).map(({ value }) => value).filter(({ channel }) => channel === 'line');
  const said = async (more: Record<string, string> = {}) => JSON.stringify(taskOf(await submit(more)));

  test('opens a form with LINE’s four values; the secrets are masked and the token is optional', async () => {
    const { post, data } = await offered();
    const fields = formOf(await s.simulator.teams.fetchTask(YAMADA, post?.id ?? '', data)).filter(({ id }) => id);
    expect(fields.map(({ id, style, isRequired }) => [id, style?.toLowerCase(), isRequired])).toEqual(
      expect.arrayContaining([
        ['channelId', undefined, true],
        ['channelSecret', 'password', true],
        ['basicId', undefined, true],
        ['channelAccessToken', 'password', false],
      ]),
    );
  });

  test('registers the webhook, says what is left to do, and customers are heard and answered', async () => {
    account().setWebhook({ active: false, redelivery: false });
    const words = await said();
    const url = `https://desk.example.test/api/channels/line/${(await kept())[0]?.id}`;
    expect(account().state.webhook.url).toBe(url);
    expect(words).toContain(url);
    expect(words).toContain('「Webhookの利用」がオフです');
    expect(words).toContain('サポート窓口');

    account().connectWebhook(url);
    const customer = s.simulator.line.customer({ name: '伊藤 さくら' });
    await customer.write('届きますか').settled;
    await idle(s);
    const thread = threadOf(s.simulator, '伊藤 さくら');
    expect(thread && wordsIn(thread)).toContain('届きますか');
    await tell(s, YAMADA, { thread: thread?.id ?? '', text: 'はい、届きました。' });
    await s.simulator.waitFor(() => customer.texts.includes('はい、届きました。'));
  });

  test.each<[string, () => Record<string, string>, string]>([
    ['a wrong secret', () => ({ channelSecret: 'test-wrong' }), 'チャネルシークレットの組み合わせ'],
    [
      'a wrong secret beside a good token',
      () => ({ channelSecret: 'test-wrong', channelAccessToken: account().state.accessToken }),
      'チャネルシークレットの組み合わせ',
    ],
    ['a token that is none', () => ({ channelAccessToken: 'test-wrong' }), 'チャネルアクセストークンを受け付けません'],
    [
      'a token of another account',
      () => ({ channelAccessToken: s.simulator.line.account({ basicId: '@test-two' }).state.accessToken }),
      '@test-two',
    ],
    ['another account’s basic id', () => ({ basicId: '@somebody' }), '@test-desk'],
  ])('keeps nothing with %s, and says which value is wrong', async (_name, more, words) => {
    expect(await said(more())).toContain(words);
    expect(await kept()).toEqual([]);
    expect(account().state.webhook.url).toBeUndefined();
  });

  test('leaves the secrets nowhere in the open', async () => {
    await said({ channelAccessToken: account().state.accessToken });
    const everything = await everythingKept(s);
    for (const secret of [account().state.channelSecret, account().state.accessToken])
      expect(everything).not.toContain(secret);
  });
});
