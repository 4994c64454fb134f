import { setTimeout as sleep } from 'node:timers/promises';
import type { Post, Thread } from '../../simulator/state.ts';
import { STEPS, type Step } from '../../src/desk/steps.ts';
import { until } from '../integration/moves.ts';
import { runsOf, SATO, wordsOf } from '../integration/stand.ts';
import {
  conversation,
  failureCard,
  failures,
  messagePosts,
  press,
  REPEAT,
  reply,
  type Scene,
  SEND_AGAIN,
  SEND_PATH,
  scene,
  sends,
  settled,
  stored,
  threadsOf,
} from './scene.ts';

const ROOM = '返品・交換';
const POSTING = { side: 'teams', method: 'POST', path: '/activities$' } as const;
const STEPS_OF_IT = STEPS.filter((step) => /^(move|thread)\./.test(step));

describe('a move while messages go both ways', () => {
  let s: Scene;
  /** The step at which the process dies next; from there on it stands still. */
  let dying: Step | undefined;
  /** How long each step of a move takes (ms). */
  let pace = 0;
  /** What happens while a delivery is between two lanes. */
  let meanwhile: (() => void) | undefined;
  /** For how long it stays there. */
  let handedOver: PromiseWithResolvers<void> | undefined;
  const begin = async (patience?: number) => {
    dying = undefined;
    pace = 0;
    meanwhile = undefined;
    handedOver = undefined;
    s = await scene({
      timeout: patience,
      step: (step) => {
        if (pace > 0 && step.startsWith('move.')) return sleep(pace);
        if (step === 'move.marked') meanwhile?.();
        if (step === 'move.marked' && handedOver) return handedOver.promise;
        if (step === 'move.marked' && meanwhile) return sleep(200);
        if (dying !== step) return undefined;
        dying = undefined;
        return new Promise(() => undefined);
      },
    });
  };
  beforeEach(() => begin());
  afterEach(() => s.close());

  const room = () => s.simulator.teams.channel(ROOM).id;
  const move = (thread: Thread, to = room()) =>
    s.simulator.teams.submitTask(SATO, thread.rootId, { madoguchi: 'move', room: to });
  const newThread = (key: string) =>
    s.clock.until(() => threadsOf(s, key).find(({ channelId }) => channelId === room()), 200);
  const shownIn = (threads: Thread[]) =>
    threads.flatMap(({ posts }) =>
      posts
        .slice(1)
        .filter(({ fromBot }) => fromBot)
        .flatMap(runsOf),
    );
  const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `その${from + n}。`);
  const received = (customer: { received: { text: string }[] }) => customer.received.map(({ text }) => text);

  test('takes along what waits, in order, and at once', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-a');
    s.simulator.faults.next({ ...POSTING, status: 429, headers: { 'retry-after': '600' } });
    for (const text of texts(0, 4)) await customer.write(text).answered;
    await s.simulator.waitFor(() => messagePosts(s, 'その0。')[0]?.status === 429);
    s.simulator.faults.clear();
    await move(thread);
    const there = await newThread('member-a');
    await s.simulator.waitFor(
      () => shownIn([there]).includes('その3。') || shownIn([there]).join('').includes('その3。'),
    );
    expect(shownIn([there]).filter((run) => run.startsWith('その'))).toEqual(texts(0, 4));
    expect(shownIn([thread]).filter((run) => run.startsWith('その'))).toEqual([]);
    expect(messagePosts(s, 'その3。').length).toBe(1);
    expect(JSON.stringify(messagePosts(s, 'その1。'))).not.toContain(REPEAT);
  });

  test('takes along what waits before anything that comes while it is handed over, however long that takes', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-n');
    s.simulator.faults.next({ ...POSTING, status: 429, headers: { 'retry-after': '600' } });
    for (const text of texts(0, 4)) await customer.write(text).answered;
    await s.simulator.waitFor(() => messagePosts(s, 'その0。')[0]?.status === 429);
    s.simulator.faults.clear();
    pace = 60;
    await move(thread);
    for (const text of texts(4, 10)) {
      await customer.write(text).answered;
      await sleep(40);
    }
    await settled(s);
    const all = threadsOf(s, 'member-n');
    expect(shownIn(all).filter((run) => run.startsWith('その'))).toEqual(texts(0, 10));
    expect(shownIn(all.slice(0, 1)).filter((run) => run.startsWith('その'))).toEqual([]);
  });

  test('loses, doubles and turns round nothing that comes meanwhile', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-b');
    s.simulator.faults.slow('teams', 20);
    for (const text of texts(0, 8)) await customer.write(text).answered;
    const answered = reply(s, thread, '移る前の返信').answered;
    const moving = move(thread);
    for (const text of texts(8, 30)) await customer.write(text).answered;
    await Promise.all([answered, moving]);
    await newThread('member-b');
    for (const text of texts(30, 40)) await customer.write(text).answered;
    await settled(s);
    expect(shownIn(threadsOf(s, 'member-b')).filter((run) => run.startsWith('その'))).toEqual(texts(0, 40));
    expect(received(customer)).toEqual(['移る前の返信']);
  });

  test.each(STEPS_OF_IT)(
    'killed at “%s”, it is finished by the next process: nothing lost, nothing twice',
    async (step) => {
      const { customer, thread } = await conversation(s.simulator, 'member-c');
      s.simulator.faults.next({ ...POSTING, status: 412 });
      s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 429, headers: { 'retry-after': '5' } });
      for (const text of texts(0, 3)) await customer.write(text).answered;
      for (const text of ['返信一', '返信二']) await reply(s, thread, text).answered;
      await s.simulator.waitFor(() => messagePosts(s, 'その0。')[0]?.status === 412 && sends(s).length === 1);
      dying = step;
      await move(thread);
      await s.clock.until(() => dying === undefined, 50);
      await s.crash();
      await customer.write('その3。').answered;
      const there = await newThread('member-c');
      await settled(s, 500);
      const all = threadsOf(s, 'member-c');
      const seen = shownIn(all).filter((run) => run.startsWith('その'));
      expect([...new Set(seen)]).toEqual(texts(0, 4));
      // What a dead process may have shown comes again, with a mark; nothing else does.
      const marked = all.flatMap(({ posts }) => posts).filter((post) => wordsOf(post).includes(REPEAT));
      expect(seen.length - 4).toBeLessThanOrEqual(marked.length);
      expect(received(customer)).toEqual(['返信一', '返信二']);
      expect(thread.posts.filter((post) => wordsOf(post).includes('に移しました')).length).toBeGreaterThanOrEqual(1);
      expect(thread.posts.map(wordsOf).join()).toContain(`${encodeURIComponent(room())}/`);
      expect((await stored(s)).filter(({ state }) => state === 'open' || state === 'parked')).toEqual([]);
      expect(wordsOf(there.posts[0] as never)).toContain(`/l/message/${encodeURIComponent(thread.channelId)}`);
    },
  );

  test.each([
    ['arrived', 'after'],
    ['did not arrive', 'before'],
  ] as const)('an unclear reply goes along with its claim, and is looked up there (it %s)', async (_name, hang) => {
    const { customer, thread } = await conversation(s.simulator, 'member-d');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang });
    await reply(s, thread, 'どうなったでしょう').answered;
    await reply(s, thread, '次の返信').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    await move(thread);
    await newThread('member-d');
    await s.clock.until(() => received(customer).includes('次の返信') || undefined, 200);
    await settled(s);
    expect(received(customer)).toEqual(['どうなったでしょう', '次の返信']);
    expect(sends(s)).toHaveLength(hang === 'after' ? 2 : 3);
    expect(failures(s)).toHaveLength(0);
  });

  test('a reply that was parked before is sent again by its card in the old thread, as everything since', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-e');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    await reply(s, thread, '送れない返信').answered;
    const card = await failureCard(s, '送れない返信', 200);
    await move(thread);
    await newThread('member-e');
    await settled(s);
    await press(s, SATO, card, SEND_AGAIN);
    await settled(s);
    expect(received(customer)).toEqual(['送れない返信']);
  });

  test('a notice that had not been shown yet comes in the new thread, and its button works there', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-f');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    s.simulator.faults.next({ ...POSTING, status: 429, headers: { 'retry-after': '600' } });
    await reply(s, thread, '送れない返信').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    await move(thread);
    const there = await newThread('member-f');
    const card = await failureCard(s, '送れない返信', 5_000);
    expect(there.posts.map(({ id }) => id)).toContain(card.id);
    await press(s, SATO, card, SEND_AGAIN);
    await settled(s);
    expect(received(customer)).toEqual(['送れない返信']);
  });

  test('leads out of a Teams channel that takes nothing any more', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-g');
    const blocked = `${thread.channelId.replace('.', '\\.')}.*/activities$`;
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: blocked,
      status: 403,
      code: 'MessageWritesBlocked',
      times: 500,
    });
    for (const text of texts(0, 2)) await customer.write(text).answered;
    await s.simulator.waitFor(() => messagePosts(s, 'その0。')[0]?.status === 403);
    await move(thread);
    const there = await newThread('member-g');
    await s.simulator.waitFor(() => shownIn([there]).join('').includes('その1。'));
    // That the old thread can’t be told holds nothing up, and nobody is asked to do anything about it.
    await settled(s, 60_000);
    expect((await stored(s)).filter(({ state }) => state === 'parked')).toEqual([]);
  });

  /** A customer who was moved into a Teams channel where no thread can be made, with a message and a reply that wait. */
  async function movedIntoBlocked(key: string, times: number) {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 429, headers: { 'retry-after': '5' } });
    await reply(s, thread, '待っている返信').answered;
    await s.simulator.waitFor(() => sends(s).length === 1);
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: '^/v3/conversations$',
      status: 403,
      code: 'MessageWritesBlocked',
      times,
    });
    await move(thread);
    await customer.write('その0。').answered;
    await s.clock.until(() => received(customer).includes('待っている返信') || undefined, 500);
    return { customer, thread };
  }

  test('into a Teams channel that takes nothing waits there, while replies go on', async () => {
    // Its first thread can’t be made, the admins can’t be told, and a probe fails as well.
    const { thread } = await movedIntoBlocked('member-h', 3);
    await s.clock.until(() => s.simulator.faults.state.planned.length === 0 || undefined, 20_000);
    const there = await s.clock.until(
      () => threadsOf(s, 'member-h').find(({ channelId }) => channelId === room()),
      20_000,
    );
    await settled(s, 5_000);
    expect(shownIn([there]).filter((run) => run.startsWith('その'))).toEqual(['その0。']);
    expect(thread.posts.map(wordsOf).join()).toContain('に移しました');
  });

  test('leads on from a Teams channel in which no thread could be made, from the old thread', async () => {
    const { thread } = await movedIntoBlocked('member-m', 500);
    const { channel, settled: made } = s.simulator.teams.createChannel('使えるチャネル');
    await made;
    await s.simulator.waitFor(() =>
      s.simulator.teams.calls.some(({ status, path }) => status === 403 && path === '/v3/conversations'),
    );
    s.simulator.faults.clear();
    await move(thread, channel.id);
    // Nobody waits for the next probe of the other one.
    const there = await s.simulator.waitFor(() =>
      threadsOf(s, 'member-m').find(({ channelId }) => channelId === channel.id),
    );
    await settled(s);
    expect(shownIn([there]).filter((run) => run.startsWith('その'))).toEqual(['その0。']);
    expect(thread.posts.filter((post) => wordsOf(post).includes('「使えるチャネル」に移しました'))).toHaveLength(1);
    expect(threadsOf(s, 'member-m')).toHaveLength(2);
  });

  test('to a Teams channel that is deleted meanwhile ends in General', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-i');
    const { channel, settled: made } = s.simulator.teams.createChannel('消えるチャネル');
    await made;
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: '^/v3/conversations$',
      delayMs: 50,
      status: 404,
      code: 'ConversationNotFound',
    });
    await move(thread, channel.id);
    await customer.write('その0。').answered;
    await settled(s);
    const [, second] = threadsOf(s, 'member-i');
    expect(second?.channelId).toBe(s.simulator.state().team.id);
    expect(shownIn(second ? [second] : []).at(-1)).toBe('その0。');
    expect(thread.posts.map(wordsOf).join()).toContain('「一般」に移しました');
  });

  test('beside others in the same Teams channels delays none of them', async () => {
    // What hangs must hang until the end, however long all the rest takes.
    await s.close();
    await begin(60_000);
    const others = await Promise.all(['member-j', 'member-k'].map((key) => conversation(s.simulator, key)));
    const { thread } = await conversation(s.simulator, 'member-l');
    s.simulator.faults.next({ ...POSTING, hang: 'before' });
    const [stuck, free] = others;
    await stuck?.customer.write('止まる').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    await move(thread);
    await s.simulator.waitFor(() => threadsOf(s, 'member-l').some(({ channelId }) => channelId === room()));
    await free?.customer.write('進む').answered;
    await s.simulator.waitFor(() => messagePosts(s, '進む')[0]?.status === 201);
    expect(messagePosts(s, '止まる').map(({ status }) => status)).toEqual([0]);
  });

  // Nothing lay at the new place yet, so that the edit was taken for one of a message nobody had heard of, and the old words went out beside it.
  test.each<[string, (id: string) => Promise<unknown>, string[]]>([
    ['an edit', (id) => s.simulator.teams.edit(SATO, id, '@KARTE 四時に伺います').settled, ['四時に伺います']],
    ['a deletion', (id) => s.simulator.teams.delete(SATO, id).settled, []],
  ])('%s that comes while its reply is between two lanes takes effect there', async (_name, change, expected) => {
    const { customer, thread } = await conversation(s.simulator, 'between');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 429, headers: { 'retry-after': '20' } });
    const { post, answered } = reply(s, thread, '三時に伺います');
    await answered;
    await until(async () => (await stored(s)).some(({ failure }) => failure));
    let changed: Promise<unknown> | undefined;
    meanwhile = () => {
      changed ??= change(post.id);
    };
    await move(thread);
    await newThread('between');
    await s.clock.until(() => changed, 100);
    await settled(s, 1_000);
    expect(received(customer)).toEqual(expected);
    expect(sends(s).length).toBeLessThanOrEqual(2);
  });

  test('an edit of a reply that stays between two lanes is refused, so that Teams delivers it again, and takes effect then', async () => {
    const { customer, thread } = await conversation(s.simulator, 'between-long');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 429, headers: { 'retry-after': '20' } });
    const { post, answered } = reply(s, thread, '三時に伺います');
    await answered;
    await until(async () => (await stored(s)).some(({ failure }) => failure));
    handedOver = Promise.withResolvers();
    await move(thread);
    await until(async () => (await stored(s)).some(({ movedTo }) => movedTo));
    const edit = s.simulator.teams.edit(SATO, post.id, '@KARTE 四時に伺います');
    const refusals = () => s.log.lines.filter(({ line }) => line === 'a turn failed').map(({ fields }) => fields);
    await s.clock.until(() => refusals()[0], 100);
    expect(refusals()[0]).toMatchObject({ err: { code: 'store.unavailable' } });
    expect((await stored(s)).filter(({ revision }) => revision)).toEqual([]);
    handedOver.resolve();
    await until(async () => (await stored(s)).some(({ lane, toward }) => lane === room() && toward === 'endUser'));
    await s.simulator.teams.deliver(edit.activity as never).settled;
    await settled(s, 1_000);
    expect(received(customer)).toEqual(['四時に伺います']);
  });

  // Only the lane of the notice was looked at, and the reply had gone there no longer: nobody was told of the edit.
  test('an edit is told where the conversation is after two moves, also of a reply that went along with the first alone', async () => {
    const { customer, thread } = await conversation(s.simulator, 'two-moves');
    const third = s.simulator.teams.createChannel('三つ目');
    await third.settled;
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: 'after' });
    s.simulator.faults.next({ side: 'karte', path: 'message/get', status: 503, times: 100 });
    const { post } = reply(s, thread, '三時に伺います');
    await s.simulator.waitFor(() => sends(s).length === 1);
    await s.simulator.teams.edit(SATO, post.id, '@KARTE 四時に伺います').answered;
    await move(thread);
    const second = await newThread('two-moves');
    const openIn = async (lane: string) =>
      (await stored(s)).filter((one) => one.lane === lane && one.state === 'open').map(({ content }) => content.type);
    await s.clock.until(() => second.posts.length > 1, 200);
    expect(await openIn(room())).toEqual(expect.arrayContaining(['message', 'edited']));
    // It is known that the old words arrived, but Teams does not take the notice of it here.
    s.simulator.faults.clear();
    s.simulator.faults.next({ ...POSTING, status: 429, headers: { 'retry-after': '600' } });
    // How often KARTE was asked by then tells how long it is left alone: up to half an hour.
    await s.clock.until(() => s.simulator.faults.state.planned.length === 0, 5_000);
    expect(await openIn(room())).toEqual(['edited']);
    await move(second, third.channel.id);
    const there = await s.clock.until(
      () => threadsOf(s, 'two-moves').find(({ channelId }) => channelId === third.channel.id),
      200,
    );
    await settled(s, 5_000);
    const cards = (inThread: Thread) => inThread.posts.filter((each) => wordsOf(each).includes('編集前の文が届いて'));
    expect([thread, second, there].map((each) => cards(each).length)).toEqual([0, 0, 1]);
    await press(s, SATO, cards(there)[0] as Post, '訂正を送る');
    await settled(s, 1_000);
    expect(received(customer)).toEqual(['三時に伺います', '訂正：四時に伺います']);
  });
});
