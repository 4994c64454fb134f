import { runsOf } from '../integration/stand.ts';
import {
  conversation,
  failures,
  messagePosts,
  NOT_SENT,
  reply,
  type Scene,
  SEND_PATH,
  scene,
  sends,
  settled,
  stored,
  threadsOf,
} from './scene.ts';

const WORDS = '在庫はありますか';

describe('nothing is acknowledged that is not stored', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test('a hook is answered with 503 while the store is down, and shown once when it comes again', async () => {
    const { customer } = await conversation(s.simulator, 'member-a');
    s.faulty.down = true;
    const hook = customer.write(WORDS);
    const { attempts } = await hook.answered;
    expect(attempts[0]?.status).toBe(503);
    expect(messagePosts(s, WORDS)).toHaveLength(0);
    s.faulty.heal();
    const { outcome } = await hook.settled;
    expect(outcome).toBe('accepted');
    await settled(s);
    expect(messagePosts(s, WORDS)).toHaveLength(1);
  });

  test('a reply is refused while the store is down, and sent once when Teams delivers it again', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-b');
    s.faulty.down = true;
    const said = reply(s, thread, 'ございます。');
    expect((await said.answered)?.attempts[0]?.status).toBe(503);
    expect(sends(s)).toHaveLength(0);
    s.faulty.heal();
    await s.simulator.waitFor(() => customer.received.length === 1);
    await said.settled;
    await settled(s);
    expect(sends(s)).toHaveLength(1);
  });

  test('every hook that was answered with 200 is shown once, however the store comes and goes', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-c');
    const hooks = [];
    for (let n = 0; n < 30; n++) {
      s.faulty.down = n % 3 === 1;
      const hook = customer.write(`質問 ${n}.`);
      hooks.push(hook);
      await hook.answered;
    }
    s.faulty.heal();
    const accepted = [];
    for (const { settled: end, message } of hooks) if ((await end).outcome === 'accepted') accepted.push(message.text);
    expect(accepted.length).toBeGreaterThanOrEqual(20);
    await settled(s);
    const shown = thread.posts
      .slice(1)
      .flatMap(runsOf)
      .filter((run) => run.startsWith('質問'));
    expect(shown.toSorted()).toEqual(accepted.toSorted());
  });

  test('readiness says so', async () => {
    const ask = async () => (await fetch(`${s.running.url}/readyz`)).status;
    expect(await ask()).toBe(200);
    s.faulty.down = true;
    expect(await ask()).toBe(503);
  });
});

describe('a write whose answer got lost', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test('of a hook leaves nothing behind that nobody shows', async () => {
    const { customer } = await conversation(s.simulator, 'member-a');
    s.faulty.fail({ name: 'deliveries', method: 'insert', made: true });
    const hook = customer.write(WORDS);
    expect((await hook.settled).attempts.map(({ status }) => status)).toEqual([503, 200]);
    await s.clock.until(() => messagePosts(s, WORDS).length > 0, 500);
    await settled(s);
    expect(messagePosts(s, WORDS)).toHaveLength(1);
  });

  test('of a claim sends nothing blindly: it is looked up, and goes out once', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-b');
    s.faulty.fail({
      name: 'deliveries',
      method: 'replace',
      made: true,
      when: ({ claimedAt }) => claimedAt !== undefined,
    });
    reply(s, thread, 'ございます。');
    await s.clock.until(() => customer.received.length === 1, 500);
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect(s.simulator.karte.calls.filter(({ path }) => path.endsWith('message/get')).length).toBeGreaterThan(0);
    expect(failures(s)).toHaveLength(0);
  });

  test('of a plan to try again still tries again', async () => {
    const { customer } = await conversation(s.simulator, 'member-d');
    s.faulty.fail({ name: 'deliveries', method: 'replace', made: true, when: ({ nextAt }) => nextAt !== undefined });
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 412 });
    await customer.write(WORDS).answered;
    await s.clock.until(() => messagePosts(s, WORDS)[1]?.status === 201, 500);
    await settled(s);
    expect(messagePosts(s, WORDS)).toHaveLength(2);
  });

  test('of a failure notice still shows the notice, once', async () => {
    const { thread } = await conversation(s.simulator, 'member-c');
    const isNotice = (value: Record<string, unknown>) => (value.content as { type: string }).type === 'failure';
    s.faulty.fail({ name: 'deliveries', method: 'insert', made: true, when: isNotice });
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    reply(s, thread, 'ございます。');
    await s.clock.until(() => failures(s, NOT_SENT).length > 0, 500);
    await settled(s);
    expect(failures(s, NOT_SENT)).toHaveLength(1);
  });
});

describe('a store that fails right after something happened outside', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  test.each([false, true])(
    'never makes a message appear twice in Teams (answer lost after the write: %s)',
    async (made) => {
      const { customer } = await conversation(s.simulator, 'member-a');
      s.faulty.fail({
        name: 'deliveries',
        method: 'replace',
        times: 4,
        made,
        when: ({ state }) => state === 'delivered',
      });
      customer.write(WORDS);
      await s.clock.until(() => s.faulty.left === 0 || (made && s.running.desk.lanes.depth().waiting === 0), 200);
      await settled(s);
      expect(messagePosts(s, WORDS)).toHaveLength(1);
      expect((await stored(s)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    },
  );

  test('never sends an answer twice', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-b');
    s.faulty.fail({ name: 'deliveries', method: 'replace', times: 4, when: ({ state }) => state === 'delivered' });
    reply(s, thread, 'ございます。');
    await s.clock.until(() => s.faulty.left === 0, 200);
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect(customer.received).toHaveLength(1);
    expect((await stored(s)).every(({ state }) => state === 'delivered')).toBe(true);
  });

  test('never loses or doubles a thread', async () => {
    s.faulty.fail({ name: 'threads', method: 'insert', times: 2 });
    s.faulty.fail({ name: 'conversations', method: 'replace', times: 2, when: ({ thread }) => thread !== undefined });
    s.simulator.karte.customer({ user_id: 'member-c' }).write(WORDS);
    await s.clock.until(() => messagePosts(s, WORDS)[0]?.status === 201, 200);
    await settled(s);
    expect(threadsOf(s, 'member-c')).toHaveLength(1);
    expect(messagePosts(s, WORDS)).toHaveLength(1);
  });

  test('while settings are read for an answer, takes it when Teams delivers it again, and sends it once', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-d');
    // What the desk remembers of its settings is too old to be used.
    s.clock.skip(6_000);
    s.faulty.fail({ name: 'connections', method: 'read', times: 1 });
    reply(s, thread, 'ございます。');
    await s.clock.until(() => customer.received.length === 1, 200);
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect(failures(s)).toHaveLength(0);
  });
});
