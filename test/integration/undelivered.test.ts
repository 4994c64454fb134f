import type { Post } from '../../simulator/state.ts';
import { bodyOf, button, buttonsOf, idle, nowOf, press, roomyStand, tell, until } from './moves.ts';
import { conversation, OUTSIDER, runsOf, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const SEND = 'talk/message/sendFromOperator';

describe('what could not be delivered stands in its thread', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  /** An answer that KARTE refuses; its card. */
  async function refused(key: string, text: string, who = SATO) {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND, status: 400 });
    await tell(s, who, { thread: thread.id, text });
    const card = await shown(s.simulator, thread.id, text);
    await idle(s);
    return { customer, thread, card };
  }

  const whispers = () => s.simulator.teams.botPosts().filter(({ targetedTo }) => targetedTo !== undefined);
  const idOf = (name: string) => s.simulator.teams.person(name).id;

  test('with since when it waits, in the reader’s own time, and three ways out', async () => {
    const { card } = await refused('age', '届かない文');
    const [delivery] = await s.running.desk.parked.of([s.simulator.state().team.id]);
    const at = new Date(delivery?.createdAt ?? 0).toISOString().replace(/\.\d+Z/, 'Z');
    const lines = bodyOf(card).flatMap(({ type, text = '' }) => (type === 'TextBlock' ? [text] : []));
    expect(lines.at(-1)).toBe(`{{DATE(${at},SHORT)}} {{TIME(${at})}} から待っています。`);
    expect(buttonsOf(card).map(({ title }) => title)).toEqual(['もう一度送る', '送信済みにする', '送らない']);
  });

  test('discarded: nothing is sent, and the card says who did it and keeps the words', async () => {
    const { customer, thread, card } = await refused('discard', '届かない文');
    const ways = buttonsOf(card);
    await press(s, YAMADA, card, button(card, '送らない'));
    await idle(s);
    expect(customer.received).toEqual([]);
    const settled = nowOf(s, card);
    expect(wordsOf(settled)).toContain(`${YAMADA} さんが、送らないことにしました。お客さまには届いていません。`);
    expect(runsOf(settled)).toContain('届かない文');
    expect(buttonsOf(settled)).toEqual([]);
    for (const { data } of ways) expect((await press(s, SATO, card, data)).words).toContain('すでに対応済み');
    await tell(s, SATO, { thread: thread.id, text: '次の文' });
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['次の文']);
  });

  test('marked as sent: nothing is sent, and it counts as delivered', async () => {
    const { customer, card } = await refused('mark', '電話で伝えた文');
    await press(s, YAMADA, card, button(card, '送信済みにする'));
    await idle(s);
    expect(customer.received).toEqual([]);
    expect(wordsOf(nowOf(s, card))).toContain(`${YAMADA} さんが送信済みにしました。`);
    expect(await s.running.desk.parked.of([s.simulator.state().team.id])).toEqual([]);
  });

  test('discarding is for members of the team, and happens once however often Teams delivers the press', async () => {
    const { thread, card } = await refused('discard-who', '届かない文');
    const data = button(card, '送らない');
    expect((await press(s, OUTSIDER, card, data)).words).toContain('このチームのメンバーだけ');
    expect(buttonsOf(nowOf(s, card))).toHaveLength(3);
    const { activityId } = await press(s, SATO, card, data);
    const posts = thread.posts.length;
    await s.simulator.teams.redeliver(activityId).settled;
    expect(thread.posts).toHaveLength(posts);
  });

  test('what is parked can be counted by Teams channel', async () => {
    const room = s.simulator.state().team.id;
    await refused('count-1', '一つ目');
    await refused('count-2', '二つ目');
    const { parked } = s.running.desk;
    expect((await parked.of([room])).map(({ toward }) => toward)).toEqual(['endUser', 'endUser']);
    expect(await parked.of(['19:elsewhere@thread.tacv2'])).toEqual([]);
  });

  describe('and admins are told privately', () => {
    test('in the thread, once the card is there, seen by them alone', async () => {
      const { thread, card } = await refused('private', '届かない文');
      const [whisper] = await until(() => (whispers().length > 0 ? whispers() : undefined));
      expect(whisper?.targetedTo).toBe(idOf(YAMADA));
      expect(wordsOf(whisper as Post)).toContain('届けられていないメッセージがあります');
      expect(wordsOf(whisper as Post)).not.toContain('届かない文');
      const order = thread.posts.map(({ id }) => id);
      expect(order.indexOf(whisper?.id ?? '')).toBeGreaterThan(order.indexOf(card.id));
    });

    test('once for many', async () => {
      for (const n of [1, 2, 3]) await refused(`many-${n}`, `届かない文 ${n}`);
      await until(() => whispers().length > 0);
      await idle(s);
      expect(whispers()).toHaveLength(1);
    });

    test('but not whom the card calls already: their own reply', async () => {
      await refused('own', '届かない文', YAMADA);
      await refused('others', '届かない文', SATO);
      await idle(s);
      expect(whispers()).toEqual([]);
    });

    test.each([
      ['refuses such messages', { status: 400 }],
      ['does not answer clearly', { status: 502 }],
    ])('and nothing else is posted for them where Teams %s', async (_, fault) => {
      s.simulator.faults.next({ side: 'teams', path: 'isTargetedActivity', ...fault });
      const { thread } = await refused('refused', '届かない文');
      await until(() => s.log.lines.some(({ line }) => line.includes('not told privately')));
      await idle(s);
      expect(whispers()).toEqual([]);
      expect(thread.posts.filter((post) => wordsOf(post).includes('届けられていない'))).toEqual([]);
      expect(s.simulator.teams.calls.filter(({ path }) => path.includes('isTargetedActivity'))).toHaveLength(1);
    });
  });
});
