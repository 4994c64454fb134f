import { runsOf } from '../integration/stand.ts';
import {
  conversation,
  creations,
  messagePosts,
  reply,
  type Scene,
  SEND_PATH,
  scene,
  settled,
  threadsOf,
} from './scene.ts';

describe('order and sameness', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test('copies of one hook at once are shown once', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-a');
    const { delivery, answered } = customer.write('一度だけ', { copies: 8 });
    await answered;
    expect(delivery.attempts[0]?.status).toBe(200);
    await settled(s);
    expect(thread.posts.flatMap(runsOf).filter((run) => run === '一度だけ')).toHaveLength(1);
  });

  test('two first messages at once make one thread, and stand in it in their order', async () => {
    const customer = s.simulator.karte.customer({ visitor_id: 'vis-b' });
    s.simulator.faults.slow('teams', 30);
    const texts = ['一つ目', '二つ目', '三つ目'];
    const hooks: ReturnType<typeof customer.write>[] = [];
    for (const text of texts) {
      hooks.push(customer.write(text));
      await s.simulator.waitFor(() => hooks.every(({ delivery }) => delivery.attempts.length > 0));
    }
    await Promise.all(hooks.map(({ answered }) => answered));
    await settled(s);
    expect(creations(s)).toHaveLength(1);
    const [thread] = threadsOf(s, 'vis-b');
    expect(
      thread?.posts
        .flatMap(runsOf)
        .filter((run) => texts.includes(run))
        .toSorted(),
    ).toEqual(texts.toSorted());
  });

  test('messages of a customer keep their order, whatever delays and refusals Teams has', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-c');
    const texts = Array.from({ length: 15 }, (_, n) => `その${n}。`);
    for (const [n, text] of texts.entries()) {
      if (n % 4 === 1)
        s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', delayMs: (n * 7) % 40 });
      if (n % 4 === 2)
        s.simulator.faults.next({
          side: 'teams',
          method: 'POST',
          path: '/activities$',
          status: 429,
          headers: { 'retry-after': '3' },
        });
      if (n % 4 === 3) s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 503 });
      await customer.write(text).answered;
    }
    await settled(s, 500);
    expect(
      thread.posts
        .slice(1)
        .flatMap(runsOf)
        .filter((run) => texts.includes(run)),
    ).toEqual(texts);
  });

  test('answers keep their order, whatever delays and refusals KARTE has', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-d');
    const texts = Array.from({ length: 12 }, (_, n) => `回答その${n}。`);
    for (const [n, text] of texts.entries()) {
      if (n % 4 === 1) s.simulator.faults.next({ side: 'karte', path: SEND_PATH, delayMs: (n * 7) % 40 });
      if (n % 4 === 2)
        s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 429, headers: { 'retry-after': '3' } });
      if (n % 4 === 3) s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 504, effect: true });
      await reply(s, thread, text).answered;
    }
    await settled(s, 500);
    expect(customer.received.map(({ text }) => text)).toEqual(texts);
  });

  test('a stuck conversation delays no other, in neither direction', async () => {
    const stuck = await conversation(s.simulator, 'member-e');
    const other = await conversation(s.simulator, 'member-f');
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: `messageid=${stuck.thread.rootId}/activities$`,
      status: 412,
      times: 50,
    });
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: true });
    await stuck.customer.write('止まる').answered;
    await reply(s, stuck.thread, '止まる返事').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 1);
    other.customer.write('進む');
    reply(s, other.thread, '進む返事');
    await s.simulator.waitFor(() => other.customer.received.length === 1 && messagePosts(s, '進む')[0]?.status === 201);
    expect(s.running.desk.lanes.depth().waiting).toBeGreaterThanOrEqual(1);
    expect(stuck.thread.posts.flatMap(runsOf)).not.toContain('止まる');
  });

  test('a notice that can’t be shown holds no message of its conversation up', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-g');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 412, times: 9 });
    const said = reply(s, thread, '送れない返事');
    await said.answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned[0]?.left === 8);
    s.simulator.faults.clear();
    customer.write('まだですか');
    await s.simulator.waitFor(() => thread.posts.flatMap(runsOf).includes('まだですか'));
  });

  test('an operator’s message in KARTE that is an echo stays one, however often it is reported', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-h');
    const { operators } = s.simulator.karte.project;
    const operator = operators[0]?.id ?? '';
    await s.simulator.teams.say('山田 花子', {
      thread: thread.id,
      text: `operator link ${operator}`,
      mentions: ['bot'],
    }).settled;
    reply(s, thread, '折り返します。', '山田 花子');
    await s.simulator.waitFor(() => customer.received.length === 1);
    await customer.answer(operator, '折り返します。', { copies: 3 }).settled;
    await settled(s);
    expect(thread.posts.filter(({ fromBot }) => fromBot).flatMap(runsOf)).not.toContain('折り返します。');
    // The same words a second time were really written there.
    await customer.answer(operator, '折り返します。').settled;
    await s.simulator.waitFor(() =>
      thread.posts
        .filter(({ fromBot }) => fromBot)
        .flatMap(runsOf)
        .includes('折り返します。'),
    );
  });

  test('an echo that comes before the answer to a second try is one, too', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-i');
    const { operators } = s.simulator.karte.project;
    const operator = operators[0]?.id ?? '';
    await s.simulator.teams.say('山田 花子', {
      thread: thread.id,
      text: `operator link ${operator}`,
      mentions: ['bot'],
    }).settled;
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 429 });
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: 'after' });
    reply(s, thread, '二度目で届きます。', '山田 花子');
    await s.clock.until(() => customer.received.length === 1 || undefined, 1_000);
    await customer.answer(operator, '二度目で届きます。').settled;
    await settled(s);
    expect(thread.posts.filter(({ fromBot }) => fromBot).flatMap(runsOf)).not.toContain('二度目で届きます。');
  });
});
