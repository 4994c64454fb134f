import { runsOf } from '../integration/stand.ts';
import {
  conversation,
  creations,
  failureCard,
  failures,
  messagePosts,
  REPEAT,
  ROOT_REPEAT,
  reply,
  type Scene,
  SEND_PATH,
  scene,
  sends,
  settled,
  stored,
} from './scene.ts';

describe('a new process on the store of an earlier one', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test('goes on with what was open, in its order', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-a');
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: '/activities$',
      status: 429,
      headers: { 'retry-after': '60' },
    });
    const texts = ['一つ目', '二つ目', '三つ目'];
    for (const text of texts) await customer.write(text).answered;
    await s.simulator.waitFor(() => messagePosts(s, '一つ目')[0]?.status === 429);
    await s.restart();
    await customer.write('四つ目').answered;
    await settled(s, 5_000);
    const shown = thread.posts
      .slice(1)
      .flatMap(runsOf)
      .filter((run) => run.endsWith('つ目'));
    expect(shown).toEqual([...texts, '四つ目']);
    expect(s.simulator.teams.calls.some(({ body }) => JSON.stringify(body ?? '').includes(REPEAT))).toBe(false);
  });

  test('after a clean end, keeps the wish of Teams to wait', async () => {
    const { customer } = await conversation(s.simulator, 'member-b');
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: '/activities$',
      status: 429,
      headers: { 'retry-after': '60' },
    });
    customer.write('待つ');
    await s.simulator.waitFor(() => messagePosts(s, '待つ')[0]?.status);
    await s.restart();
    await s.clock.until(() => messagePosts(s, '待つ').length === 2, 1_000);
    const [first, second] = messagePosts(s, '待つ');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  test('waits at its end for a send that is under way, and sends nothing twice', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-c');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, delayMs: 300 });
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', delayMs: 300 });
    reply(s, thread, 'いま送ります');
    customer.write('いま書きます');
    await s.simulator.waitFor(() => sends(s).length === 1 && messagePosts(s, 'いま書きます').length === 1);
    await s.running.stop();
    expect(customer.received).toHaveLength(1);
    expect((await stored(s)).every(({ state }) => state === 'delivered')).toBe(true);
    await s.crash();
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect(messagePosts(s, 'いま書きます')).toHaveLength(1);
  });

  test.each([
    ['arrived', true],
    ['did not arrive', false],
  ])(
    'looks up an answer whose sender died, and sends it again only when it surely never arrived (it %s)',
    async (_name, arrives) => {
      const { customer, thread } = await conversation(s.simulator, 'member-d');
      s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: arrives ? 'after' : 'before' });
      const said = reply(s, thread, 'まもなく届きます');
      // Two activities under way at once may change places.
      await said.answered;
      await reply(s, thread, '次の返事です').answered;
      await s.simulator.waitFor(() => sends(s).length === 1 && s.simulator.faults.state.planned.length === 0);
      await s.crash();
      await s.clock.until(() => said.post.reactions.length > 0, 200);
      await s.clock.until(() => customer.received.some(({ text }) => text === '次の返事です') || undefined, 200);
      await settled(s);
      const texts = sends(s).map(({ body }) => (body as { content: { text: string } }).content.text);
      expect(texts).toEqual(['まもなく届きます', ...(arrives ? [] : ['まもなく届きます']), '次の返事です']);
      expect(customer.received.map(({ text }) => text)).toEqual(['まもなく届きます', '次の返事です']);
      expect(failures(s)).toHaveLength(0);
    },
  );

  test('repeats once, marked, what a dead process may have shown, and marks nothing else', async () => {
    const { customer } = await conversation(s.simulator, 'member-e');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', hang: 'after' });
    await customer.write('見えていますか').answered;
    await customer.write('続きです').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    // The repeat ends unknown as well: that was the one time.
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 502 });
    await s.crash();
    await failureCard(s, '見えていますか');
    await settled(s);
    const [, second] = messagePosts(s, '見えていますか');
    expect(messagePosts(s, '見えていますか')).toHaveLength(2);
    expect(JSON.stringify(second?.body)).toContain(REPEAT);
    expect(messagePosts(s, '続きです')).toHaveLength(1);
    expect(JSON.stringify(messagePosts(s, '続きです')[0]?.body)).not.toContain(REPEAT);
  });

  test('knows that its forerunner ended without writing down what it had shown', async () => {
    const { customer } = await conversation(s.simulator, 'member-h');
    await settled(s);
    s.faulty.fail({ name: 'deliveries', method: 'replace', times: 1_000, when: ({ state }) => state === 'delivered' });
    await customer.write('見えています').answered;
    await s.simulator.waitFor(() => messagePosts(s, '見えています')[0]?.status === 201);
    await s.running.stop();
    s.faulty.heal();
    await s.crash();
    await s.clock.until(() => messagePosts(s, '見えています').length === 2, 200);
    await settled(s);
    expect(JSON.stringify(messagePosts(s, '見えています')[1]?.body)).toContain(REPEAT);
    expect(messagePosts(s, '見えています')).toHaveLength(2);
  });

  test.each([
    ['is killed', 'the others', false],
    ['is killed', 'the first', true],
    ['is stopped', 'the others', false],
    ['is stopped', 'the first', true],
  ])(
    'marks every repeat of a post of several whose outcome was stored in part (the process %s, %s could not be written)',
    async (how, _which, first) => {
      const { customer, thread } = await conversation(s.simulator, 'member-j');
      await settled(s);
      // The first one waits, so that the others go along.
      s.simulator.faults.next({
        side: 'teams',
        method: 'POST',
        path: '/activities$',
        status: 429,
        headers: { 'retry-after': '5' },
      });
      const texts = ['その1。', 'その2。', 'その3。'];
      await customer.write('その1。').answered;
      await s.simulator.waitFor(() => messagePosts(s, 'その1。').length === 1);
      for (const text of texts.slice(1)) await customer.write(text).answered;
      // Each document of Cosmos DB is written by itself.
      s.faulty.fail({
        name: 'deliveries',
        method: 'replace',
        times: 1_000,
        when: ({ state, content }) => state === 'delivered' && JSON.stringify(content).includes('その1。') === first,
      });
      // The root shows the last words too.
      const cards = () => thread.posts.slice(1).map(({ attachments }) => JSON.stringify(attachments));
      const shown = (text: string) => cards().filter((card) => card.includes(text));
      await s.clock.until(() => shown('その3。').length === 1, 500);
      await s.clock.until(() => s.faulty.left <= 996, 200);
      if (how === 'is stopped') await s.running.stop();
      s.faulty.heal();
      await s.crash();
      await settled(s);
      for (const text of texts)
        expect(
          shown(text)
            .slice(1)
            .every((card) => card.includes(REPEAT)),
        ).toBe(true);
      expect((await stored(s)).every(({ state }) => state === 'delivered')).toBe(true);
    },
  );

  test('ends in peace while the store is away', async () => {
    await conversation(s.simulator, 'member-i');
    s.faulty.down = true;
    await expect(s.running.stop()).resolves.toBeUndefined();
    s.faulty.heal();
    await s.crash();
  });

  test('marks the thread that a dead process may have made already', async () => {
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '^/v3/conversations$', hang: 'after' });
    await s.simulator.karte.customer({ user_id: 'member-f' }).write('はじめまして').answered;
    await s.simulator.waitFor(() => creations(s).length === 1 && s.simulator.faults.state.planned.length === 0);
    await s.crash();
    await s.clock.until(() => messagePosts(s, 'はじめまして')[0]?.status === 201, 200);
    expect(creations(s)).toHaveLength(2);
    expect(JSON.stringify(creations(s)[1]?.body)).toContain(ROOT_REPEAT);
  });

  test('shows what was parked to be sent again, also when its notice had not been shown yet', async () => {
    const { thread } = await conversation(s.simulator, 'member-g');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', hang: 'before' });
    await reply(s, thread, '送れません').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    await s.crash();
    await failureCard(s, '送れません');
  });
});
