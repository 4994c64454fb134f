import { connect, conversation, runsOf, SATO, type Stand, shown, stand, threadOf, wordsOf, YAMADA } from './stand.ts';

describe('a conversation, both ways', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await stand();
  });
  afterEach(() => s.close());

  test('the first message of a visitor opens one thread with a card, and the text follows verbatim', async () => {
    const { simulator } = s;
    const visitor = simulator.karte.customer({ visitor_id: 'vis-0001' });
    const text = '*はじめまして* [x](https://example.test) {{DATE(2026-01-01)}} <at>KARTE</at>\n2行目';
    visitor.write(text, { page: 'https://shop.example.test/items/1' });
    const thread = await simulator.waitFor(() => threadOf(simulator, 'vis-0001'));
    await simulator.waitFor(() => thread.posts.length === 2);
    const [root, reply] = thread.posts;
    expect(root && wordsOf(root)).toContain('https://shop.example.test/items/1');
    expect(root && wordsOf(root)).toContain('https://admin.karte.io/communication/v2/');
    expect(root && wordsOf(root)).toContain('未担当');
    expect(reply && runsOf(reply)).toEqual([text]);
    expect(thread.channelId).toBe(simulator.state().team.id);
  });

  test('later messages go into the same thread, also after a restart', async () => {
    const { simulator } = s;
    const { customer, thread } = await conversation(simulator, 'member-1');
    await s.restart();
    customer.write('再起動のあと');
    await shown(simulator, thread.id, '再起動のあと');
    expect(
      simulator.teams.threads().filter(({ posts }) => posts[0] && wordsOf(posts[0]).includes('member-1')),
    ).toHaveLength(1);
  });

  test('an operator answers by mentioning the bot, as the bot first and as themselves once linked', async () => {
    const { simulator } = s;
    const { customer, thread } = await conversation(simulator, 'member-2');
    simulator.teams.say(YAMADA, { thread: thread.id, text: 'お待たせしました。', mentions: ['bot'] });
    const first = await simulator.waitFor(() => customer.received[0]);
    expect(first).toMatchObject({ text: 'お待たせしました。' });
    simulator.teams.say(YAMADA, { thread: thread.id, text: 'operator link op-yamada-0001', mentions: ['bot'] });
    await shown(simulator, thread.id, 'op-yamada-0001');
    simulator.teams.say(YAMADA, { thread: thread.id, text: '山田が担当いたします。', mentions: ['bot'] });
    const second = await simulator.waitFor(() => customer.received[1]);
    expect(customer.received).toHaveLength(2);
    expect(JSON.stringify(second)).toContain('op-yamada-0001');
  });

  test('a reply that arrived is confirmed with a reaction and nothing else', async () => {
    const { simulator } = s;
    const { thread } = await conversation(simulator, 'member-3');
    const before = thread.posts.filter((post) => post.fromBot).length;
    const said = simulator.teams.say(SATO, { thread: thread.id, text: '承知しました。', mentions: ['bot'] });
    await simulator.waitFor(
      () =>
        simulator.teams
          .threads()
          .flatMap(({ posts }) => posts)
          .find(({ id }) => id === said.post.id)?.reactions?.length,
    );
    expect(
      simulator.teams
        .threads()
        .find(({ id }) => id === thread.id)
        ?.posts.filter((post) => post.fromBot),
    ).toHaveLength(before);
  });

  test('a mistyped command asks instead of sending', async () => {
    const { simulator } = s;
    const { customer, thread } = await conversation(simulator, 'member-4');
    simulator.teams.say(SATO, { thread: thread.id, text: 'operater assign', mentions: ['bot'] });
    await shown(simulator, thread.id, '送信を止めました');
    expect(customer.received).toHaveLength(0);
  });
});

test('a desk without a connection answers hooks with 404 and knows how to be set up', async () => {
  const s = await stand({ unconnected: true });
  try {
    const answer = await s.simulator.karte.customer({ user_id: 'early' }).write('まだですか').answered;
    expect(answer?.attempts[0]).toMatchObject({ status: 404 });
    await connect(s);
    expect(
      s.simulator.teams
        .botPosts()
        .some((post) => wordsOf(post).includes('https://desk.example.test/api/teams/messages')),
    ).toBe(true);
  } finally {
    await s.close();
  }
});
