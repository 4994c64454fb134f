import { allScopes } from '../../simulator/defaultWorld.ts';
import { asked, bodyOf, button, buttonsOf, idle, nowOf, press, roomyStand, tell } from './moves.ts';
import { conversation, OUTSIDER, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const SEND = 'talk/message/sendFromOperator';

describe('a reply that does not reach the customer', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());
  afterEach(() => {
    s.simulator.faults.clear();
    s.simulator.karte.project.scopes = [...allScopes];
  });

  async function failing(key: string, fault: object, text = '届かない文') {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND, ...fault });
    const { postId } = await tell(s, SATO, { thread: thread.id, text });
    const card = await shown(s.simulator, thread.id, text);
    await idle(s);
    const calls = asked(s, SEND).filter(({ user_id }) => user_id === key);
    return { customer, thread, card, calls, said: thread.posts.find(({ id }) => id === postId) };
  }

  test.each([
    ['401', { status: 401 }, ['アクセストークンを受け付けません', 'setup で新しいトークンを登録']],
    ['403', { status: 403 }, ['talk.message.sendFromOperator', '「API v2設定」で追加']],
    [
      '400',
      { status: 400, code: "should have required property 'user_id'" },
      ['この内容を受け付けませんでした', '内容を直して'],
    ],
    ['413', { status: 413, body: '<html>413</html>' }, ['長すぎて KARTE が受け付けません', '短く分けて']],
    ['404', { status: 404 }, ['見つかりません', 'KARTE の画面でご確認']],
  ])(
    'KARTE says %s: the thread says why and what to do, once, and a person can send again',
    async (status, fault, words) => {
      const { customer, thread, card, calls, said } = await failing(`failed-${status}`, fault);
      for (const word of ['お客さまに送れませんでした', ...words]) expect(wordsOf(card)).toContain(word);
      // Whoever wrote it is called, and its success sign is missing.
      expect(card.mentions.map(({ name }) => name)).toEqual([SATO]);
      expect(card.droppedMentions).toEqual([]);
      expect(said?.reactions).toEqual([]);
      // A certain refusal is not repeated by itself.
      expect(calls).toHaveLength(1);
      expect(customer.received).toEqual([]);
      expect(buttonsOf(card).map(({ title }) => title)).toEqual(['もう一度送る', '送信済みにする', '送らない']);
      await press(s, YAMADA, card, button(card, 'もう一度送る'));
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['届かない文']);
      expect(wordsOf(nowOf(s, card))).toContain(`${YAMADA} さんがもう一度送りました`);
      expect(buttonsOf(nowOf(s, card))).toEqual([]);
      expect(thread.posts.filter((post) => wordsOf(post).includes('お客さまに送れませんでした'))).toHaveLength(0);
    },
  );

  test('a scope that is really missing is named by the real refusal too', async () => {
    const { project } = s.simulator.karte;
    project.scopes = project.scopes.filter((scope) => scope !== 'talk.message.sendFromOperator');
    const { thread } = await conversation(s.simulator, 'failed-scope');
    await tell(s, YAMADA, { thread: thread.id, text: '権限なし' });
    expect(wordsOf(await shown(s.simulator, thread.id, '権限なし'))).toContain('talk.message.sendFromOperator');
  });

  test('an answer that is lost is looked up, not sent twice: found is success', async () => {
    const { customer, thread } = await conversation(s.simulator, 'lost-answer');
    s.simulator.faults.next({ side: 'karte', path: SEND, reset: 'after' });
    const { postId } = await tell(s, YAMADA, { thread: thread.id, text: '届いたはず' });
    await s.simulator.waitFor(() =>
      thread.posts.find(({ id }) => id === postId)?.reactions.some(({ by }) => by.length),
    );
    expect(customer.received.map(({ text }) => text)).toEqual(['届いたはず']);
    expect(asked(s, SEND).filter(({ user_id }) => user_id === 'lost-answer')).toHaveLength(1);
  });

  test('the failed text stands in the card as data', async () => {
    const text = '**太字** <at>山田 花子</at> {{DATE(2026-01-01)}}';
    const { card } = await failing('failed-verbatim', { status: 400 }, text);
    expect(card.mentions.map(({ name }) => name)).toEqual([SATO]);
    expect(
      bodyOf(card).filter(({ type, text: words }) => type === 'TextBlock' && words?.includes('2026-01-01')),
    ).toEqual([]);
  });

  test('the button works once, and for members of the team only', async () => {
    const { customer, card } = await failing('failed-clicks', { status: 400 });
    const data = button(card, 'もう一度送る');
    expect((await press(s, OUTSIDER, card, data)).words).toContain('このチームのメンバーだけ');
    await idle(s);
    expect(customer.received).toEqual([]);
    await press(s, YAMADA, card, data);
    expect((await press(s, SATO, card, data)).words).toContain('すでに対応済み');
    await idle(s);
    expect(customer.received).toHaveLength(1);
  });

  test('a click that Teams delivers twice has one effect and says nothing more', async () => {
    const { customer, thread, card } = await failing('failed-redelivered', { status: 400 });
    const { activityId } = await press(s, YAMADA, card, button(card, 'もう一度送る'));
    const posts = thread.posts.length;
    await s.simulator.teams.redeliver(activityId).settled;
    await idle(s);
    expect(customer.received).toHaveLength(1);
    expect(thread.posts).toHaveLength(posts);
  });

  test('a failure stops no later reply', async () => {
    const { customer, thread } = await failing('failed-then-fine', { status: 400 });
    await tell(s, SATO, { thread: thread.id, text: '次の文' });
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['次の文']);
  });
});
