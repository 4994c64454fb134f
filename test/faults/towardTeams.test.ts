import { SATO, wordsOf } from '../integration/stand.ts';
import {
  conversation,
  creations,
  failureCard,
  failures,
  hasEffect,
  messagePosts,
  press,
  REPEAT,
  ROOT_REPEAT,
  type Scene,
  SEND_AGAIN,
  scene,
  settled,
  threadsOf,
  UNKNOWN,
} from './scene.ts';

const WORDS = '在庫はありますか';

describe('a message on its way into its thread', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test.each([400, 413])(
    'is tried once when Teams answers %d, and the thread says why with a button',
    async (status) => {
      const { customer } = await conversation(s.simulator, 'member-a');
      s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status });
      customer.write(WORDS);
      const card = await failureCard(s, WORDS, 1_000);
      await settled(s);
      expect(messagePosts(s, WORDS)).toHaveLength(1);
      await press(s, SATO, card, SEND_AGAIN);
      await s.simulator.waitFor(() => messagePosts(s, WORDS).length === 2);
      await settled(s);
      expect(messagePosts(s, WORDS).map((call) => call.status)).toEqual([status, 201]);
      expect(failures(s)).toHaveLength(0);
    },
  );

  test('that Teams does not take can be let be: its words stay on the card', async () => {
    const { customer } = await conversation(s.simulator, 'member-a');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 400 });
    customer.write(WORDS);
    const card = await failureCard(s, WORDS, 1_000);
    await press(s, SATO, card, '送らない');
    await s.simulator.waitFor(() => wordsOf(card).includes('このまま表示しないことにしました'));
    expect(wordsOf(card)).toContain(WORDS);
    await settled(s, 60_000);
    expect(messagePosts(s, WORDS)).toHaveLength(1);
  });

  test.each([
    ['403 for want of the app', { status: 403 }],
    ['403 because an admin disabled it', { status: 403, code: 'BotDisabledByAdmin' }],
    ['403 because the channel is blocked', { status: 403, code: 'MessageWritesBlocked' }],
    ['401', { status: 401 }],
  ])(
    'after %s waits, with all of its Teams channel, and goes out by itself once that is mended',
    async (_name, fault) => {
      const { customer } = await conversation(s.simulator, 'member-a');
      const other = await conversation(s.simulator, 'member-b');
      s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', ...fault });
      customer.write(WORDS);
      await s.simulator.waitFor(() => messagePosts(s, WORDS)[0]?.status === fault.status);
      other.customer.write('別の会話です');
      await s.clock.until(() => s.running.desk.lanes.states()[0]?.held, 0);
      // Nobody else of this Teams channel runs into the same wall.
      await s.simulator.waitFor(() => s.running.desk.lanes.depth().waiting === 2);
      expect(messagePosts(s, '別の会話です')).toHaveLength(0);
      await settled(s, 10_000);
      expect(messagePosts(s, WORDS).map(({ status }) => status)).toEqual([fault.status, 201]);
      expect(messagePosts(s, '別の会話です').map(({ status }) => status)).toEqual([201]);
      expect(JSON.stringify(messagePosts(s, WORDS)[1]?.body)).not.toContain(REPEAT);
      expect(failures(s)).toHaveLength(0);
      await s.clock.until(() => s.running.desk.lanes.states().every(({ held }) => !held), 0);
    },
  );

  test('that waits for the app goes out as soon as the app is back in the team', async () => {
    const { customer } = await conversation(s.simulator, 'member-a');
    s.simulator.teams.uninstall();
    customer.write(WORDS);
    await s.simulator.waitFor(() => messagePosts(s, WORDS)[0]?.status === 403);
    s.simulator.teams.install();
    await s.simulator.waitFor(() => messagePosts(s, WORDS)[1]?.status === 201);
    await settled(s);
    expect(messagePosts(s, WORDS)).toHaveLength(2);
  });

  test('goes on in a new thread when its own was deleted in Teams', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-b');
    const said = s.simulator.teams.team;
    said.remove(said.post(thread.rootId).post, said.thread(thread.id), true);
    customer.write(WORDS);
    const fresh = await s.simulator.waitFor(() => threadsOf(s, 'member-b').find(({ id }) => id !== thread.id));
    await s.simulator.waitFor(() => fresh.posts.length === 2);
    expect(wordsOf(fresh.posts[0] as never)).not.toContain(ROOT_REPEAT);
    expect(wordsOf(fresh.posts[1] as never)).not.toContain(REPEAT);
    customer.write('続きです');
    await s.simulator.waitFor(() => fresh.posts.some((post) => wordsOf(post).includes('続きです')));
    // An operator answers there, and the customer gets it.
    s.simulator.teams.say(SATO, { thread: fresh.id, text: 'ございます。', mentions: ['bot'] });
    await s.simulator.waitFor(() => customer.received.length === 1);
    expect(failures(s)).toHaveLength(0);
  });

  test.each([
    ['429 with its wish', { status: 429, headers: { 'retry-after': '40' } }, 40_000],
    ['429 without one', { status: 429 }, 4_000],
    ['412', { status: 412 }, 4_000],
  ])('waits after %s and is sent again, unmarked', async (_name, fault, least) => {
    const { customer } = await conversation(s.simulator, 'member-c');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', ...fault });
    customer.write(WORDS);
    await s.simulator.waitFor(() => messagePosts(s, WORDS)[0]?.status);
    await s.clock.until(() => messagePosts(s, WORDS).length === 2, 500);
    await settled(s);
    const [first, second] = messagePosts(s, WORDS);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(least);
    expect(JSON.stringify(second?.body)).not.toContain(REPEAT);
    expect(messagePosts(s, WORDS)).toHaveLength(2);
  });

  test('a wish to wait holds for the whole Teams channel, and for nobody else before it is over', async () => {
    const { customer } = await conversation(s.simulator, 'member-d');
    const other = await conversation(s.simulator, 'member-e');
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: '/activities$',
      status: 429,
      headers: { 'retry-after': '30' },
    });
    customer.write(WORDS);
    const throttled = ({ fields }: { fields: object }) => (fields as { code?: string }).code === 'teams.throttled';
    await s.clock.until(() => s.log.lines.some(throttled), 0);
    other.customer.write('こちらは別の話です');
    await s.clock.until(() => messagePosts(s, '別の話')[0]?.status, 500);
    const [first] = messagePosts(s, WORDS);
    expect((messagePosts(s, '別の話')[0]?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  test.each(UNKNOWN)('is repeated once and marked after %s', async (_name, fault) => {
    const { customer } = await conversation(s.simulator, 'member-f');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', ...fault });
    customer.write(WORDS);
    await s.clock.until(() => messagePosts(s, WORDS).length === 2, 200);
    await settled(s);
    const [first, second] = messagePosts(s, WORDS);
    expect(JSON.stringify(first?.body)).not.toContain(REPEAT);
    expect(JSON.stringify(second?.body)).toContain(REPEAT);
    expect(messagePosts(s, WORDS)).toHaveLength(2);
    const visible = s.simulator.teams
      .threads()
      .flatMap(({ posts }) => posts.slice(1))
      .filter((post) => wordsOf(post).includes(WORDS));
    expect(visible).toHaveLength(hasEffect(fault) ? 2 : 1);
    expect(failures(s)).toHaveLength(0);
  });

  test('is parked when the repeat stays unknown too, and the thread asks about it', async () => {
    const { customer } = await conversation(s.simulator, 'member-g');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 502, times: 2 });
    customer.write(WORDS);
    const card = await failureCard(s, WORDS);
    await settled(s);
    expect(messagePosts(s, WORDS)).toHaveLength(2);
    expect(wordsOf(card)).toContain('お客さまのメッセージが表示されたか確認できません');
  });

  test('becomes visible after Teams recovers, however long it refused everything', async () => {
    const { customer } = await conversation(s.simulator, 'member-h');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 403, times: 12 });
    await customer.write(WORDS).answered;
    await s.clock.until(() => messagePosts(s, WORDS)[12]?.status === 201, 60_000);
    // One probe every five minutes.
    const [first, ...others] = messagePosts(s, WORDS);
    for (const [at, call] of others.entries())
      expect(call.at - (others[at - 1] ?? first ?? call).at).toBeGreaterThanOrEqual(5 * 60_000 - 1_000);
  });

  test('that works again brings what waits for a long time with it', async () => {
    const waiting = await conversation(s.simulator, 'member-i');
    const other = await conversation(s.simulator, 'member-j');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 412, times: 3 });
    waiting.customer.write(WORDS);
    await s.clock.until(() => s.simulator.faults.state.planned.length === 0, 5_000);
    // It waits for minutes now.
    s.clock.skip(61_000);
    other.customer.write('別の会話です');
    await s.simulator.waitFor(() => messagePosts(s, WORDS)[3]?.status === 201);
    await settled(s);
    expect(messagePosts(s, WORDS)).toHaveLength(4);
  });
});

describe('the making of a thread', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test.each([401, 403])(
    'waits for the Teams channel when Teams answers %d, and is made once that is mended',
    async (status) => {
      s.simulator.faults.next({ side: 'teams', method: 'POST', path: '^/v3/conversations$', status });
      s.simulator.karte.customer({ user_id: 'member-k' }).write(WORDS);
      await s.clock.until(() => messagePosts(s, WORDS)[0]?.status === 201, 10_000);
      expect(creations(s)).toHaveLength(2);
      expect(JSON.stringify(creations(s)[1]?.body)).not.toContain(ROOT_REPEAT);
      expect(failures(s)).toHaveLength(0);
    },
  );

  test.each([400, 404, 413])(
    'is tried once for a message when Teams answers %d; its notice makes the thread later',
    async (status) => {
      s.simulator.faults.next({ side: 'teams', method: 'POST', path: '^/v3/conversations$', status });
      const customer = s.simulator.karte.customer({ user_id: 'member-k' });
      customer.write(WORDS);
      await s.clock.until(() => s.log.lines.some(({ line }) => line === 'delivery parked'), 0);
      expect(creations(s)).toHaveLength(1);
      const card = await failureCard(s, WORDS, 1_000);
      expect(messagePosts(s, WORDS)).toHaveLength(0);
      await press(s, SATO, card, SEND_AGAIN);
      await s.simulator.waitFor(() => messagePosts(s, WORDS)[0]?.status === 201);
      expect(threadsOf(s, 'member-k')).toHaveLength(1);
      expect(wordsOf(threadsOf(s, 'member-k')[0]?.posts[0] as never)).not.toContain(ROOT_REPEAT);
    },
  );

  test.each(UNKNOWN)('is repeated once and marked after %s, and the words themselves are not', async (_name, fault) => {
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '^/v3/conversations$', ...fault });
    const customer = s.simulator.karte.customer({ user_id: 'member-l' });
    customer.write(WORDS);
    await s.clock.until(() => messagePosts(s, WORDS)[0]?.status === 201, 200);
    await settled(s);
    expect(creations(s)).toHaveLength(2);
    expect(JSON.stringify(creations(s)[0]?.body)).not.toContain(ROOT_REPEAT);
    expect(JSON.stringify(creations(s)[1]?.body)).toContain(ROOT_REPEAT);
    expect(JSON.stringify(messagePosts(s, WORDS)[0]?.body)).not.toContain(REPEAT);
    expect(messagePosts(s, WORDS)).toHaveLength(1);
    expect(threadsOf(s, 'member-l')).toHaveLength(hasEffect(fault) ? 2 : 1);
  });

  test('waits as long as Teams asks with 429', async () => {
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: '^/v3/conversations$',
      status: 429,
      headers: { 'retry-after': '20' },
    });
    s.simulator.karte.customer({ user_id: 'member-m' }).write(WORDS);
    await s.clock.until(() => messagePosts(s, WORDS)[0]?.status === 201, 500);
    const [first, second] = creations(s);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(20_000);
    expect(creations(s)).toHaveLength(2);
    expect(JSON.stringify(second?.body)).not.toContain(ROOT_REPEAT);
  });
});
