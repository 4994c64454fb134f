import { GUEST, OUTSIDER, SATO, shown, wordsOf, YAMADA } from '../integration/stand.ts';
import {
  buttonOf,
  conversation,
  failureCard,
  failures,
  hasEffect,
  NOT_SENT,
  press,
  reply,
  type Scene,
  SEND_AGAIN,
  SEND_PATH,
  SETTLE,
  scene,
  sends,
  settled,
  stored,
  UNCLEAR,
  UNKNOWN,
  WAS_SENT,
} from './scene.ts';

const WORDS = '在庫がございます。';

describe('an answer on its way to the customer', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test.each([400, 401, 403, 404, 413])(
    'is sent once when KARTE answers %d; the thread says why, and Send again sends it',
    async (status) => {
      const { customer, thread } = await conversation(s.simulator, 'member-a');
      s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status });
      reply(s, thread, WORDS);
      const card = await failureCard(s, NOT_SENT, 1_000);
      await settled(s, 60_000);
      expect(sends(s)).toHaveLength(1);
      expect(customer.received).toHaveLength(0);
      expect(() => buttonOf(card, WAS_SENT)).toThrow();
      await press(s, SATO, card, SEND_AGAIN);
      await s.simulator.waitFor(() => customer.received.length > 0);
      await settled(s);
      expect(customer.received.map(({ text }) => text)).toEqual([WORDS]);
      expect(failures(s)).toHaveLength(0);
    },
  );

  test.each([
    ['429 with its wish', { status: 429, headers: { 'retry-after': '45' } }, 45_000],
    ['429 without one', { status: 429 }, 4_000],
    ['412', { status: 412 }, 4_000],
  ])('waits after %s and arrives once', async (_name, fault, least) => {
    const { customer, thread } = await conversation(s.simulator, 'member-b');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, ...fault });
    reply(s, thread, WORDS);
    await s.clock.until(() => sends(s).length === 2, 500);
    await settled(s);
    const [first, second] = sends(s);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(least);
    expect(customer.received).toHaveLength(1);
    expect(failures(s)).toHaveLength(0);
  });

  test.each(UNKNOWN)(
    'reaches the customer once after %s: it is looked up, and sent again only when it is surely absent',
    async (_name, fault) => {
      const { customer, thread } = await conversation(s.simulator, 'member-c');
      const arrives = hasEffect(fault);
      s.simulator.faults.next({ side: 'karte', path: SEND_PATH, ...fault });
      const said = reply(s, thread, WORDS);
      await s.clock.until(() => said.post.reactions.length > 0, 500);
      await settled(s, 60_000);
      expect(sends(s)).toHaveLength(arrives ? 1 : 2);
      expect(customer.received).toHaveLength(1);
      expect(failures(s)).toHaveLength(0);
    },
  );

  test('is not sent again before everything at KARTE has settled', async () => {
    const { thread } = await conversation(s.simulator, 'member-c');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 502 });
    reply(s, thread, WORDS);
    await s.clock.until(() => sends(s).length === 2, 200);
    const [first, second] = sends(s);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(SETTLE);
  });

  test('is looked up again and again while KARTE does not answer', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-c');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 500, effect: true });
    s.simulator.faults.next({ side: 'karte', path: 'message/get$', status: 503, times: 3 });
    const said = reply(s, thread, WORDS);
    await s.clock.until(() => said.post.reactions.length > 0, 5_000);
    expect(sends(s)).toHaveLength(1);
    expect(customer.received).toHaveLength(1);
  });

  test.each([
    ['says nothing that can be read', {}],
    [
      'shows something of the same sender that nobody can explain',
      {
        messages: [{ date: '2999-01-01T00:00:00.000Z', account_id: 'BOT', content: { text: '別の言葉' } }],
      },
    ],
    [
      'shows the same words under no name',
      {
        messages: [{ date: '2999-01-01T00:00:00.000Z', account_id: null, content: { text: WORDS } }],
      },
    ],
  ])('is parked with two buttons when the look-up %s', async (_name, body) => {
    const { customer, thread } = await conversation(s.simulator, 'member-d');
    const { botId } = s.simulator.karte.project;
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 500 });
    const told = JSON.parse(JSON.stringify(body).replace('BOT', botId));
    s.simulator.faults.next({ side: 'karte', path: 'message/get$', status: 200, body: told, times: 9 });
    reply(s, thread, WORDS);
    const card = await failureCard(s, UNCLEAR);
    expect(buttonOf(card, SEND_AGAIN)).toBeDefined();
    expect(buttonOf(card, WAS_SENT)).toBeDefined();
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect(customer.received).toHaveLength(0);
  });

  test('is parked when the look-up can’t tell, and a person who knows closes it', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-d');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 500, effect: true });
    s.simulator.faults.next({ side: 'karte', path: 'message/get$', status: 403 });
    reply(s, thread, WORDS);
    const card = await failureCard(s, UNCLEAR);
    await press(s, YAMADA, card, WAS_SENT);
    await shown(s.simulator, thread.id, YAMADA);
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect(customer.received).toHaveLength(1);
    expect((await stored(s)).filter(({ state }) => state === 'parked')).toHaveLength(0);
  });

  test.each([
    ['holds the newest', 'newest', true, 1],
    ['holds the newest', 'newest', false, 1],
    ['may hold the oldest', 'oldest', true, 1],
    ['may hold the oldest', 'oldest', false, 0],
  ] as const)(
    'is never sent twice when the list that is looked through is full and %s (those are the %s; KARTE had taken it: %s)',
    async (_name, limitKeeps, effect, received) => {
      s.simulator.karte.settings.limitKeeps = limitKeeps;
      const { customer, thread } = await conversation(s.simulator, 'member-h');
      // With this one and the first answer, just as many are there before the reply as are asked for.
      for (let n = customer.state.messages.length; n < 48; n += 1) await customer.write(`${n}`).answered;
      await settled(s);
      s.clock.skip(120_000);
      await customer.write('いつ届きますか').answered;
      reply(s, thread, 'お待たせしました');
      await s.simulator.waitFor(() => customer.received.length === 1);
      await settled(s);
      expect(customer.state.messages).toHaveLength(50);
      s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 500, effect });
      const said = reply(s, thread, WORDS);
      const isThere = () => customer.received.filter(({ text }) => text === WORDS).length;
      if (limitKeeps === 'newest') await s.clock.until(() => said.post.reactions.length > 0, 500);
      else await failureCard(s, UNCLEAR);
      expect(isThere()).toBe(received);
    },
  );

  test('a look-up does not take the same words of a moment ago for these', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-e');
    reply(s, thread, 'はい。');
    await s.simulator.waitFor(() => customer.received.length === 1);
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 502 });
    reply(s, thread, 'はい。');
    await failureCard(s, UNCLEAR);
    expect(customer.received).toHaveLength(1);
  });

  test('that can’t reach KARTE is tried again for hours, told to be late, and parked in the end', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-f');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 412, times: 5_000 });
    reply(s, thread, WORDS);
    await s.clock.until(() => failures(s, NOT_SENT)[0], 60_000);
    expect(wordsOf(thread.posts.find((post) => wordsOf(post).includes('遅れています')) as never)).toContain(WORDS);
    expect(customer.received).toHaveLength(0);
  });

  test('that waits for half an hour goes out within a minute or so of KARTE’s return, and the tries in between use up none of its plan', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-f');
    const other = await conversation(s.simulator, 'member-g');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 412, times: 500 });
    reply(s, thread, WORDS);
    reply(s, other.thread, '別の返事です');
    const begun = s.clock.now();
    await s.clock.until(() => s.clock.now() - begun > 20 * 60_000, 5_000);
    expect((await stored(s)).filter(({ toward }) => toward === 'endUser').map(({ attempts }) => attempts)).toEqual([
      4, 4,
    ]);
    s.simulator.faults.clear();
    const back = s.clock.now();
    await s.clock.until(() => customer.received.length + other.customer.received.length === 2, 500);
    expect(s.clock.now() - back).toBeLessThan(2 * 60_000);
    expect(sends(s).length).toBeLessThan(40);
  });

  test('that KARTE puts off again and again is told to be late', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-g');
    s.simulator.faults.next({
      side: 'karte',
      path: SEND_PATH,
      status: 429,
      headers: { 'retry-after': '50' },
      times: 20,
    });
    reply(s, thread, WORDS);
    await s.clock.until(() => thread.posts.some((post) => wordsOf(post).includes('遅れています')), 10_000);
    s.simulator.faults.clear();
    await s.clock.until(() => customer.received.length === 1, 10_000);
    expect(thread.posts.filter((post) => wordsOf(post).includes('遅れています'))).toHaveLength(1);
  });

  test('Send again works once, however often and by how many it is pressed', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-h');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    reply(s, thread, WORDS);
    const card = await failureCard(s, NOT_SENT);
    const data = buttonOf(card, SEND_AGAIN);
    const presses = [SATO, YAMADA, SATO, YAMADA].map((who) => s.simulator.teams.click(who, card.id, data).answered);
    await Promise.all(presses);
    await settled(s);
    expect(customer.received).toHaveLength(1);
    expect(sends(s)).toHaveLength(2);
  });

  test('Send again is for members of the team only', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-i');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    reply(s, thread, WORDS);
    const card = await failureCard(s, NOT_SENT);
    await press(s, OUTSIDER, card, SEND_AGAIN);
    await settled(s);
    expect(customer.received).toHaveLength(0);
    await press(s, GUEST, card, SEND_AGAIN);
    await s.simulator.waitFor(() => customer.received.length === 1);
  });

  test.each(['sendAgain', 'markDelivered'])('%s reaches no delivery of another desk', async (madoguchi) => {
    const { thread } = await conversation(s.simulator, 'member-j');
    const foreign = '19:foreign@thread.tacv2';
    const { conversations, deliveries } = s.faulty.store;
    await conversations.insert({
      id: 'foreign',
      deskId: foreign,
      connectionId: 'c',
      endUser: { key: 'k' },
      room: foreign,
      status: 'open',
      createdAt: 1,
    });
    const message = { author: { kind: 'operator' as const }, parts: [{ kind: 'text' as const, text: WORDS }], at: 1 };
    await deliveries.insert({
      id: 'd',
      lane: foreign,
      conversationId: 'foreign',
      order: 1,
      toward: 'endUser',
      content: { type: 'message', message },
      state: 'parked',
      attempts: 1,
      createdAt: 1,
    });
    const card = thread.posts.find((post) => post.fromBot);
    await s.simulator.teams.click(SATO, card?.id ?? '', { madoguchi, lane: foreign, delivery: 'd' }).answered;
    expect((await deliveries.read(foreign, 'd'))?.value.state).toBe('parked');
    expect(sends(s)).toHaveLength(0);
  });
});
