import { button, buttonsOf, idle, linkedStand, nowOf, press, secondTeam, slip, tell } from './moves.ts';
import { conversation, GUEST, OUTSIDER, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('presses below the question about a slip', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await linkedStand();
  });
  afterAll(() => s.close());

  test.each(['実行', 'このままお客さまに送る', 'やめる'])(
    'the card works once; whoever presses after “%s” is told that it is over',
    async (first) => {
      const { customer, card } = await slip(s, `near-once-${first}`, 'operater assign');
      const buttons = buttonsOf(card);
      await press(s, SATO, card, button(card, first));
      await idle(s);
      const [received, assignee] = [customer.received.length, customer.state.assignee?.id];
      for (const who of [SATO, YAMADA])
        for (const { data } of buttons)
          expect((await press(s, who, card, data)).words).toContain('この確認は終わっています');
      await idle(s);
      expect(customer.received).toHaveLength(received);
      expect(customer.state.assignee?.id).toBe(assignee);
    },
  );

  test('of two people who press at the same moment one is heard', async () => {
    const { customer, card } = await slip(s, 'near-race', 'operater assign');
    const data = button(card, 'このままお客さまに送る');
    await Promise.all([press(s, SATO, card, data), press(s, YAMADA, card, data), press(s, GUEST, card, data)]);
    await idle(s);
    expect(customer.received).toHaveLength(1);
  });

  test('the question outlives a restart', async () => {
    const { customer, card } = await slip(s, 'near-restart', 'operater assign');
    await s.restart();
    await press(s, SATO, card, button(card, '実行'));
    expect(customer.state.assignee?.id).toBe('op-sato-0002');
  });

  test('an outsider, and somebody who has left the team, are refused, and the question stays open', async () => {
    const { simulator } = s;
    const { customer, card } = await slip(s, 'near-outsider', 'operater assign');
    const leaver = simulator.teams.team.addPerson('leaver', '退職', '次郎');
    await tell(s, leaver.name, { channel: simulator.state().team.id, text: 'help' });
    await simulator.teams.removeMember(leaver).settled;
    for (const who of [OUTSIDER, leaver.name])
      for (const { data } of buttonsOf(card))
        expect((await press(s, who, card, data)).words).toContain('このチームのメンバーだけ');
    await idle(s);
    expect(customer.received).toEqual([]);
    expect(customer.state.assignee).toBeNull();
    await press(s, SATO, card, button(card, '実行'));
    expect(customer.state.assignee?.id).toBe('op-sato-0002');
  });

  test('a member of another team cannot answer it, even with its id', async () => {
    const other = await secondTeam(s);
    try {
      const { customer, card } = await slip(s, 'near-other-team', 'operater assign');
      const said = other.simulator.teams.say(YAMADA, { channel: other.team.id, text: 'help', mentions: ['bot'] });
      await said.answered;
      const foreign = other.simulator.teams.botPosts().at(-1);
      for (const { data } of buttonsOf(card))
        await other.simulator.teams.click(YAMADA, foreign?.id ?? '', data).answered;
      await idle(s);
      expect(customer.received).toEqual([]);
      expect(customer.state.assignee).toBeNull();
      expect(other.simulator.teams.botPosts().map(wordsOf).join('\n')).toContain('この確認は終わっています');
      await press(s, SATO, card, button(card, '実行'));
      expect(customer.state.assignee?.id).toBe('op-sato-0002');
    } finally {
      await other.close();
    }
  });

  test('a made-up question is over before it began', async () => {
    const { customer, card } = await slip(s, 'near-made-up', 'operater assign');
    for (const dialog of ['no-such-dialog', '', '__proto__']) {
      const { words } = await press(s, YAMADA, card, { madoguchi: 'confirm', dialog, choice: 'send' });
      expect(words).toContain('この確認は終わっています');
    }
    for (const data of [
      { madoguchi: 'confirm', choice: 'send' },
      { madoguchi: 'confirm', dialog: { $ne: 1 }, choice: 'send' },
      { choice: 'send' },
    ])
      expect((await press(s, YAMADA, card, data)).words).toBe('');
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  test.each([
    ['a command that was not suggested', { choice: 'run', command: 'admin add @李 美' }],
    ['credentials', { choice: 'run', command: 'setup test-x test-y1 test-z2 test-w3' }],
    ['an unlink of the writer', { choice: 'run', command: 'operator unlink' }],
    ['no command', { choice: 'run' }],
    ['a command that is no text', { choice: 'run', command: ['operator assign'] }],
    ['an unknown choice', { choice: 'delete' }],
    ['no choice', {}],
  ])('a made-up choice runs nothing: %s', async (what, made) => {
    const { customer, card } = await slip(s, `near-choice-${what}`, 'operater assign', YAMADA);
    const before = await s.store.connections.find({});
    const dialog = button(card, 'やめる').dialog;
    const { words } = await press(s, SATO, card, { madoguchi: 'confirm', dialog, ...made });
    expect(words).toBe('');
    await idle(s);
    expect(await s.store.connections.find({})).toEqual(before);
    expect((await s.store.desks.find({})).flatMap(({ value }) => value.admins.map(({ name }) => name))).toEqual([
      YAMADA,
    ]);
    expect((await s.store.operators.find({ where: { operatorId: 'op-yamada-0001' } })).length).toBe(1);
    expect(customer.received).toEqual([]);
    expect(customer.state.assignee).toBeNull();
    expect(wordsOf(nowOf(s, card))).not.toContain('実行しました');
  });

  test('who is no admin cannot become one by pressing “run” below an admin’s slip', async () => {
    const { thread } = await conversation(s.simulator, 'near-admin');
    const { posts } = await tell(s, YAMADA, { thread: thread.id, text: `admn add @${SATO}`, mentions: ['bot', SATO] });
    const { words } = await press(s, SATO, posts[0], button(posts[0], '実行'));
    expect(words).toContain('この操作は管理者だけができます');
    const again = await tell(s, YAMADA, { thread: thread.id, text: 'admin list' });
    expect(again.words).toBe(`管理者: ${YAMADA}`);
  });

  test('Teams delivering the slip again asks once; delivering the press again has one effect', async () => {
    const { customer, thread, card, activityId } = await slip(s, 'near-redelivered', 'operater assign');
    await Promise.all([
      s.simulator.teams.redeliver(activityId).settled,
      s.simulator.teams.redeliver(activityId).settled,
    ]);
    expect(thread.posts.filter((post) => wordsOf(post).includes('送信を止めました'))).toHaveLength(1);
    const pressed = await press(s, SATO, card, button(card, 'このままお客さまに送る'));
    const posts = thread.posts.length;
    await s.simulator.teams.redeliver(pressed.activityId).settled;
    await s.simulator.teams.redeliver(activityId).settled;
    await idle(s);
    expect(customer.received).toHaveLength(1);
    expect(thread.posts).toHaveLength(posts);
  });
});
