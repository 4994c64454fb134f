import { roomyStand, tell } from './moves.ts';
import { conversation, GUEST, runsOf, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

/** Each of these once went wrong; the names tell the story. */
describe('what once went wrong', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  test('the desk’s own keys in a message for the customer are withheld, and neither kept nor shown', async () => {
    const { customer, thread } = await conversation(s.simulator, 'keys');
    const { accessToken, clientSecret } = s.simulator.state().project;
    for (const secret of [accessToken, clientSecret]) {
      const { words } = await tell(s, SATO, { thread: thread.id, text: `こちらの値です ${secret} をお使いください。` });
      expect(words).toContain('削除してください');
    }
    expect(customer.received).toHaveLength(0);
    const kept = JSON.stringify(await s.store.deliveries.find({}));
    expect(kept).not.toContain(accessToken);
    expect(kept).not.toContain(clientSecret);
  });

  test('a command behind the bot’s name typed again is asked about', async () => {
    const { customer, thread } = await conversation(s.simulator, 'twice-named');
    const { words } = await tell(s, SATO, { thread: thread.id, text: 'KARTE operator assign' });
    expect(words).toContain('送信を止めました');
    expect(customer.received).toHaveLength(0);
  });

  test('user ids that make no address open a thread all the same', async () => {
    for (const [at, key] of ['\ud800', 'あ'.repeat(10_000), '..'].entries()) {
      const text = `変わったID ${at}`;
      s.simulator.karte.customer({ user_id: key }).write(text);
      await s.simulator.waitFor(() =>
        s.simulator.teams.threads().some(({ posts }) => posts.some((post) => runsOf(post).includes(text))),
      );
    }
  });

  test('content of a kind that nobody documented leaves a mark in the thread', async () => {
    const { thread } = await conversation(s.simulator, 'odd-content');
    const data = {
      user_id: 'odd-content',
      visitor_id: '',
      date: new Date().toISOString(),
      content: { text: '', image: null, file: { name: 'a.pdf' } },
    };
    s.simulator.karte.hooks.event('talk/message/sendFromUser', { data });
    await shown(s.simulator, thread.id, '表示できない内容');
  });

  test('a hook without an id and with content nested beyond reason is stored, not answered with 500', async () => {
    await conversation(s.simulator, 'nested');
    const { apiKey } = s.simulator.state().project;
    const deep = `${'{"z":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const body = `{"event_type":"talk/message/sendFromUser","api_key":"${apiKey}","data":{"user_id":"nested","content":{"text":"深い","z":${deep}}}}`;
    const hooked = s.simulator.karte.hooks.raw(body);
    await hooked.settled;
    expect((await hooked.answered)?.attempts.map(({ status }) => status)).toStrictEqual([200]);
  });

  test('what an operator writes in KARTE after the same reply was refused is shown, not taken for an echo', async () => {
    const { customer, thread } = await conversation(s.simulator, 'no-echo');
    await tell(s, YAMADA, { thread: thread.id, text: 'operator link op-yamada-0001' });
    s.simulator.faults.next({ side: 'karte', path: 'sendFromOperator', status: 403 });
    s.simulator.teams.say(YAMADA, { thread: thread.id, text: '同じ言葉です。', mentions: ['bot'] });
    await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    await customer.answer('op-yamada-0001', '同じ言葉です。').settled;
    await s.simulator.waitFor(() =>
      s.simulator.teams
        .threads()
        .find(({ id }) => id === thread.id)
        ?.posts.some((post) => wordsOf(post).includes('KARTE の画面から') && runsOf(post).includes('同じ言葉です。')),
    );
  });

  test('an activity that names another team and our thread reaches no customer', async () => {
    const { customer, thread } = await conversation(s.simulator, 'other-team');
    const said = s.simulator.teams.say(GUEST, { thread: thread.id, text: 'これは届きます。', mentions: ['bot'] });
    await s.simulator.waitFor(() => customer.received.length === 1);
    const activity = structuredClone(said.activity) as unknown as { id: string; channelData: { team: { id: string } } };
    activity.id = `${activity.id}1`;
    activity.channelData.team.id = '19:another-team@thread.tacv2';
    await s.simulator.teams.deliver(activity as never).settled;
    expect(customer.received).toHaveLength(1);
  });

  test('what waited while the app was out of the team is tried as soon as it is back', async () => {
    const { customer } = await conversation(s.simulator, 'back-again');
    await Promise.all(s.simulator.teams.uninstall().map(({ settled }) => settled));
    customer.write('アプリがない間のメッセージ');
    await s.simulator.waitFor(() => s.simulator.teams.calls.filter(({ status }) => status === 403).length >= 1);
    await Promise.all(s.simulator.teams.install().map(({ settled }) => settled));
    await s.simulator.waitFor(() =>
      s.simulator.teams.botPosts().some((post) => wordsOf(post).includes('アプリがない間のメッセージ')),
    );
  });
});
