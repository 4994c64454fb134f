import type { InvokeAnswer, Post, Thread } from '../../simulator/state.ts';
import { asked, button, buttonsOf, idle, nowOf, press, roomyStand, secondTeam, tell, until } from './moves.ts';
import { connect, conversation, GUEST, OUTSIDER, runsOf, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const MOVED_AWAY = 'この会話を「返品・交換」に移しました';

describe('moving a conversation to another Teams channel', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  const returns = () => s.simulator.teams.channel('返品・交換');
  const general = () => s.simulator.state().team.id;
  const open = (who: string, root: Post | undefined) =>
    s.simulator.teams.fetchTask(who, root?.id ?? '', button(nowOf(s, root), '別のチャネルへ移動'));
  const send = (who: string, root: Post | undefined, room: string) =>
    s.simulator.teams.submitTask(who, root?.id ?? '', { madoguchi: 'move', room });
  /** The customer's threads in a Teams channel, oldest first. */
  const threadsIn = (room: string, key: string): Thread[] =>
    s.simulator.teams.threads(room).filter(({ posts }) => posts[0]?.fromBot && wordsOf(posts[0]).includes(key));
  const EARLIER = /^(お客さま|ボット): /;
  const runs = (thread: Thread | undefined) => thread?.posts.slice(1).flatMap(runsOf) ?? [];
  const said = (thread: Thread | undefined) => runs(thread).filter((run) => !EARLIER.test(run));
  const lastWord = (answer: InvokeAnswer) => (answer.body as { task?: { value?: unknown } } | undefined)?.task?.value;

  async function moved(key: string, who = SATO) {
    const { customer, thread } = await conversation(s.simulator, key);
    const answer = await send(who, thread.posts[0], returns().id);
    const there = await until(() => threadsIn(returns().id, key)[0]);
    await shown(s.simulator, thread.id, MOVED_AWAY);
    return { customer, thread, there, answer };
  }

  test('is offered by command, and by the root card: the team’s Teams channels by name, General included, but not where it is', async () => {
    const { thread } = await conversation(s.simulator, 'offered');
    const { posts } = await tell(s, SATO, { thread: thread.id, text: '移動' });
    expect(buttonsOf(posts[0])[0]?.data).toMatchObject({ madoguchi: 'move' });
    for (const post of [posts[0], thread.posts[0]]) {
      const data = buttonsOf(post).find((each) => each.data?.madoguchi === 'move')?.data ?? {};
      const { body } = await s.simulator.teams.fetchTask(SATO, post?.id ?? '', data);
      const text = JSON.stringify(body);
      expect(text).toContain('Input.ChoiceSet');
      expect(text).toContain(`"title":"返品・交換","value":"${returns().id}"`);
      expect(text).not.toContain(`"value":"${general()}"`);
    }
    await send(SATO, thread.posts[0], returns().id);
    const there = await until(() => threadsIn(returns().id, 'offered')[0]);
    expect(JSON.stringify((await open(SATO, there.posts[0])).body)).toContain(`"title":"一般","value":"${general()}"`);
  });

  test('makes a new thread at once with a link to the old one, which says where it goes on', async () => {
    const { thread, there, answer } = await moved('linked');
    expect(lastWord(answer)).toContain('「返品・交換」へ移しています');
    const link = (to: Thread) =>
      `https://teams.microsoft.com/l/message/${encodeURIComponent(to.channelId)}/${to.rootId}?`;
    expect(wordsOf(there.posts[0] as Post)).toContain(link(thread));
    const told = await shown(s.simulator, thread.id, MOVED_AWAY);
    expect(wordsOf(told)).toContain(link(there));
    expect(wordsOf(told)).toContain(SATO);
    await idle(s);
    expect(there.posts).toHaveLength(2);
    expect(runs(there)).toEqual(['お客さま: こんにちは']);
  });

  test('lets messages go on in the new thread, both ways, also after a restart', async () => {
    const { customer, thread, there } = await moved('goes-on');
    await customer.write('続きです').settled;
    await tell(s, YAMADA, { thread: there.id, text: '承ります。' });
    await idle(s);
    await s.restart();
    await customer.write('再起動のあと').settled;
    await idle(s);
    expect(said(there).filter((run) => run !== '承ります。')).toEqual(['続きです', '再起動のあと']);
    expect(said(thread)).not.toContain('続きです');
    expect(customer.received.map(({ text }) => text)).toEqual(['承ります。']);
  });

  test('sends nothing that is written in the old thread, and runs no command there, but says where to go', async () => {
    const { customer, thread, there } = await moved('left');
    for (const [text, words] of [
      ['こちらに書いてしまいました。', '送っていません'],
      ['close', '移動先のスレッドで行ってください'],
      ['move', '移動先のスレッドで行ってください'],
    ] as const) {
      const answer = await tell(s, SATO, { thread: thread.id, text });
      expect(answer.words).toContain(words);
      expect(answer.words).toContain(`${encodeURIComponent(there.channelId)}/${there.rootId}`);
    }
    await press(s, SATO, thread.posts[0], button(nowOf(s, thread.posts[0]), '対応済みにする'));
    expect(lastWord(await open(SATO, thread.posts[0]))).toContain('移動先のスレッド');
    expect(lastWord(await send(SATO, thread.posts[0], general()))).toContain('移動先のスレッド');
    await idle(s);
    expect(customer.received).toEqual([]);
    expect(customer.state.status).toBe('open');
    expect(threadsIn(general(), 'left')).toHaveLength(1);
  });

  test('says so when the conversation is there already', async () => {
    const { thread } = await conversation(s.simulator, 'there');
    expect(lastWord(await send(SATO, thread.posts[0], general()))).toBe('この会話はすでに「一般」にあります。');
    await idle(s);
    expect(threadsIn(general(), 'there')).toHaveLength(1);
  });

  test('is done once when two people ask for it at the same time', async () => {
    const { thread } = await conversation(s.simulator, 'twice');
    const answers = await Promise.all([SATO, YAMADA].map((who) => send(who, thread.posts[0], returns().id)));
    expect(answers.map(lastWord).toSorted()).toEqual([
      '「返品・交換」へ移しています。新しいスレッドができると、元のスレッドに案内が出ます。',
      'この会話はいま移動しています。少し待ってから、移動先のスレッドを見てください。',
    ]);
    await idle(s);
    expect(threadsIn(returns().id, 'twice')).toHaveLength(1);
    expect(thread.posts.filter((post) => wordsOf(post).includes(MOVED_AWAY))).toHaveLength(1);
  });

  test('goes there and back again, with a new thread each time and nothing lost', async () => {
    const { customer, thread, there } = await moved('and-back');
    await customer.write('向こうで').settled;
    await idle(s);
    await send(SATO, there.posts[0], general());
    const back = await until(() => threadsIn(general(), 'and-back')[1]);
    await shown(s.simulator, there.id, 'この会話を「一般」に移しました');
    await customer.write('戻って').settled;
    await idle(s);
    expect([thread, there, back].map((each) => said(each).filter((run) => !run.includes('移しました')))).toEqual([
      ['こんにちは'],
      ['向こうで'],
      ['戻って'],
    ]);
    const { words } = await tell(s, SATO, { thread: thread.id, text: '最初のスレッドから' });
    expect(words).toContain(back.rootId);
    await tell(s, SATO, { thread: back.id, text: '最後のスレッドから' });
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['最後のスレッドから']);
  });

  test('is for members of the team, guests included, and for the team’s own Teams channels only', async () => {
    const { thread } = await conversation(s.simulator, 'whose');
    const root = thread.posts[0];
    expect(lastWord(await open(OUTSIDER, root))).toContain('チームのメンバー');
    expect(lastWord(await send(OUTSIDER, root, returns().id))).toContain('チームのメンバー');
    expect(lastWord(await send(SATO, root, '19:foreign@thread.tacv2'))).toContain('このチームにありません');
    expect(JSON.stringify((await send(SATO, root, '')).body)).toContain('チャネルを選んでください');
    const { channel, settled } = s.simulator.teams.createChannel('終わる');
    await settled;
    await s.simulator.teams.deleteChannel(channel).settled;
    expect(lastWord(await send(SATO, root, channel.id))).toContain('このチームにありません');
    await idle(s);
    expect(s.simulator.teams.threads().filter(({ posts }) => wordsOf(posts[0] as Post).includes('whose'))).toHaveLength(
      1,
    );
    expect(lastWord(await send(GUEST, root, returns().id))).toContain('移しています');
    await until(() => threadsIn(returns().id, 'whose')[0]);
  });

  test('is nobody’s from another team', async () => {
    const { thread } = await conversation(s.simulator, 'ours');
    const other = await secondTeam(s);
    try {
      const setup = await tell({ ...s, simulator: other.simulator }, YAMADA, { channel: other.team.id, text: 'setup' });
      const { posts } = setup;
      const data = { madoguchi: 'move', room: other.team.id };
      expect(lastWord(await other.simulator.teams.submitTask(YAMADA, posts[0]?.id ?? '', data))).toContain(
        'お客さまのスレッドの中で',
      );
    } finally {
      await other.close();
    }
    await idle(s);
    expect(threadsIn(general(), 'ours')).toEqual([thread]);
  });

  test('does nothing but say so while Teams does not tell the Teams channels', async () => {
    const { thread } = await conversation(s.simulator, 'untold');
    s.simulator.faults.next({ side: 'teams', method: 'GET', path: '/conversations$', status: 503, times: 2 });
    expect(lastWord(await open(SATO, thread.posts[0]))).toContain('一覧を Teams から取得できません');
    expect(lastWord(await send(SATO, thread.posts[0], returns().id))).toContain('一覧を Teams から取得できません');
    await idle(s);
    expect(threadsIn(general(), 'untold')).toHaveLength(1);
  });

  test('shows a hook that KARTE repeats after the move no second time, and sends no reply again that Teams does', async () => {
    const { customer, thread } = await conversation(s.simulator, 'repeats');
    const hook = {
      id: 'event-of-the-repeat',
      data: { user_id: 'repeats', date: new Date().toISOString(), content: { text: 'もう一度来ます' } },
      extra: {},
    };
    const body = { ...hook, event_type: 'talk/message/sendFromUser', api_key: s.simulator.karte.project.apiKey };
    await s.simulator.karte.hooks.raw(JSON.stringify(body)).settled;
    const reply = s.simulator.teams.say(SATO, { thread: thread.id, text: '返信です', mentions: ['bot'] });
    await reply.settled;
    await idle(s);
    await send(SATO, thread.posts[0], returns().id);
    const there = await until(() => threadsIn(returns().id, 'repeats')[0]);
    await shown(s.simulator, thread.id, MOVED_AWAY);
    await s.simulator.karte.hooks.raw(JSON.stringify(body)).settled;
    await s.simulator.teams.deliver(reply.activity as never).settled;
    await idle(s);
    expect(said(there)).toEqual([]);
    expect(asked(s, 'sendFromOperator')).toHaveLength(1);
    expect(customer.received).toHaveLength(1);
    expect(thread.posts.map(wordsOf).join()).not.toContain('送っていません');
  });

  test('keeps assignments and messages from KARTE’s own screen in the new thread', async () => {
    const { customer, there } = await moved('console');
    await customer.answer('op-sato-0002', '画面から返信').settled;
    await customer.assign('op-sato-0002').settled;
    await idle(s);
    expect(said(there)).toEqual(['KARTE の画面から 佐藤 さん', '画面から返信']);
    await until(() => wordsOf(nowOf(s, there.posts[0])).includes('佐藤'));
  });

  test('of a new customer’s default changes nothing: setup decides where others go', async () => {
    await moved('one-only');
    await connect(s);
    await conversation(s.simulator, 'another-customer');
    expect(threadsIn(general(), 'another-customer')).toHaveLength(1);
  });

  // The correction was stored as a message of the old thread, and replies of a thread that was left are refused.
  test('an edit of an earlier reply is told in the new thread, and its correction goes out from there, also after two moves', async () => {
    const { customer, thread } = await conversation(s.simulator, 'corrected');
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '三時に伺います' });
    await until(() => customer.received.length === 1);
    await send(SATO, thread.posts[0], returns().id);
    const there = await until(() => threadsIn(returns().id, 'corrected')[0]);
    await shown(s.simulator, thread.id, MOVED_AWAY);
    await idle(s);
    await send(SATO, there.posts[0], general());
    const back = await until(() => threadsIn(general(), 'corrected')[1]);
    await idle(s);
    await s.simulator.teams.edit(SATO, postId, '@KARTE 四時に伺います').answered;
    const card = await shown(s.simulator, back.id, '編集前の文');
    await press(s, SATO, card, button(card, '訂正を送る'));
    await until(() => customer.received.length === 2);
    expect(customer.received.map(({ text }) => text)).toEqual(['三時に伺います', '訂正：四時に伺います']);
  });

  test('a correction that went out before the move does not go out again when its button is pressed once more', async () => {
    const { customer, thread } = await conversation(s.simulator, 'corrected-once');
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '三時に伺います' });
    await until(() => customer.received.length === 1);
    await s.simulator.teams.edit(SATO, postId, '@KARTE 四時に伺います').answered;
    const card = await shown(s.simulator, thread.id, '編集前の文');
    const correction = button(card, '訂正を送る');
    await press(s, SATO, card, correction);
    await until(() => customer.received.length === 2);
    await send(SATO, thread.posts[0], returns().id);
    await shown(s.simulator, thread.id, MOVED_AWAY);
    await idle(s);
    expect((await press(s, YAMADA, card, correction)).words).toContain('すでに対応済み');
    await idle(s);
    expect(customer.received).toHaveLength(2);
  });

  /** The cards with which threads of a customer began, as they were posted first. */
  const firstCards = (key: string) =>
    s.simulator.teams.calls
      .filter(({ method, path }) => method === 'POST' && path === '/v3/conversations')
      .map(({ body }) => wordsOf((body as { activity: Post }).activity))
      .filter((words) => words.includes(key));

  // The new card was drawn before anything was known of what had been said, and nothing drew it again.
  test('lets the new card begin with what was said last, as the old one shows it', async () => {
    const { customer, thread } = await conversation(s.simulator, 'last-said', '在庫はありますか');
    await tell(s, SATO, { thread: thread.id, text: 'はい、ございます。' });
    await until(() => customer.received.length === 1);
    const old = await until(() => {
      const words = wordsOf(nowOf(s, thread.posts[0]));
      return words.includes('はい、ございます。') ? words : undefined;
    });
    await send(SATO, thread.posts[0], returns().id);
    await shown(s.simulator, thread.id, MOVED_AWAY);
    const [first, second] = firstCards('last-said');
    expect(first).not.toContain('在庫はありますか');
    for (const line of [/^こちらの最新の返信 .+$/m.exec(old)?.[0], 'はい、ございます。'])
      expect(second).toContain(line);
  });

  // Where it had been before, older words lay than where it came from.
  test('there and back begins with what was said last elsewhere', async () => {
    const { customer, there } = await moved('there-and-back');
    await customer.write('向こうで聞きました').settled;
    await until(() => said(there).includes('向こうで聞きました'));
    await idle(s);
    await send(SATO, there.posts[0], general());
    const back = await until(() => threadsIn(general(), 'there-and-back')[1]);
    await idle(s);
    expect(firstCards('there-and-back')[2]).toContain('向こうで聞きました');
    expect(wordsOf(nowOf(s, back.posts[0]))).not.toContain('こんにちは');
  });
});
