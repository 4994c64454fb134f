import type { Thread } from '../../simulator/state.ts';
import { asked, button, idle, press, roomyStand, tell, until } from './moves.ts';
import { conversation, runsOf, type Stand, threadOf, wordsOf, YAMADA } from './stand.ts';

describe('what was said earlier', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  /** A customer with a past in KARTE from before the desk. */
  const withPast = (key: string, count: number) => {
    const customer = s.simulator.karte.customer({ user_id: key });
    for (let n = 1; n <= count; n++) customer.saidBefore(`過去 ${n}。`, n % 2 ? undefined : 'op-sato-0002');
    return customer;
  };
  const threadFor = async (key: string, text = 'はじめまして') => {
    await s.simulator.karte.customer({ user_id: key }).write(text).settled;
    await idle(s);
    return threadOf(s.simulator, key) as Thread;
  };
  const pastIn = (thread: Thread, at = 1) =>
    (thread.posts[at] ? runsOf(thread.posts[at]) : []).flatMap((run) => run.match(/過去 \d+。/) ?? []);

  test('begins a new thread: the last ten messages in one post, oldest first, before the new message', async () => {
    withPast('past-twelve', 12);
    const thread = await threadFor('past-twelve');
    expect(pastIn(thread)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `過去 ${n}。`));
    expect(thread.posts[1] && wordsOf(thread.posts[1])).toContain('これまでのやり取り（10 件）');
    expect(thread.posts.slice(2).map(runsOf)).toEqual([['はじめまして']]);
  });

  test('comes in the same order when KARTE tells the newest first', async () => {
    s.simulator.karte.settings.messageOrder = 'newestFirst';
    withPast('past-reversed', 4);
    expect(pastIn(await threadFor('past-reversed'))).toEqual(['過去 1。', '過去 2。', '過去 3。', '過去 4。']);
  });

  test('leaves out what a new customer wrote a moment ago, whose hook is still to come', async () => {
    const customer = s.simulator.karte.customer({ user_id: 'past-overtaken' });
    // The hook of the first message is late: its delivery fails once and comes again.
    const lost = new Promise<void>((resolve) => {
      s.running.server.server.once('request', (request) => {
        request.destroy();
        resolve();
      });
    });
    const said = Date.now();
    const first = customer.write('一つ目');
    await lost;
    // KARTE tells times to the millisecond: what was said in the same one is no earlier.
    await until(() => Date.now() > said + 1);
    await customer.write('二つ目').settled;
    await first.settled;
    await idle(s);
    const thread = threadOf(s.simulator, 'past-overtaken') as Thread;
    expect(thread.posts.slice(1).flatMap(runsOf).toSorted()).toEqual(['一つ目', '二つ目'].toSorted());
  });

  test('is left out for a customer without a past', async () => {
    const thread = await threadFor('past-none');
    expect(thread.posts.slice(1).map(runsOf)).toEqual([['はじめまして']]);
  });

  test.each([
    ['refuses', { status: 403 }],
    ['is broken', { status: 500 }],
    ['answers something else', { status: 200, body: { messages: 'none' } }],
  ])('keeps no message waiting when KARTE %s', async (_, fault) => {
    withPast('past-trouble', 3);
    s.simulator.faults.next({ side: 'karte', path: 'message/get', ...fault });
    const thread = await threadFor('past-trouble');
    expect(thread.posts.slice(1).map(runsOf)).toEqual([['はじめまして']]);
  });

  test('stands below when the thread goes on, and is asked for once', async () => {
    withPast('past-once', 2);
    await threadFor('past-once');
    const thread = await threadFor('past-once', 'もう一度');
    expect(thread.posts.filter((post) => wordsOf(post).includes('これまでのやり取り'))).toHaveLength(1);
    expect(asked(s, 'message/get').filter(({ user_id }) => user_id === 'past-once')).toHaveLength(1);
  });

  test('is shown on demand: as many as asked for', async () => {
    const { thread } = await conversation(s.simulator, 'on-demand');
    withPast('on-demand', 8);
    const { posts, words } = await tell(s, YAMADA, { thread: thread.id, text: 'history 3' });
    expect(words).toContain('これまでのやり取り（3 件）');
    expect(posts.flatMap(runsOf)).toEqual(['オペレーター: 過去 6。', 'お客さま: 過去 7。', 'オペレーター: 過去 8。']);
  });

  test('is never more than fifty messages, and says so', async () => {
    const { thread } = await conversation(s.simulator, 'too-many');
    withPast('too-many', 60);
    const { words } = await tell(s, YAMADA, { thread: thread.id, text: '履歴 200' });
    expect(words).toContain('これまでのやり取り（50 件）');
    expect(words).toContain('表示できるのは 50 件までです');
  });

  test('is a press away on the card, for members only', async () => {
    const { thread } = await conversation(s.simulator, 'by-button');
    const root = thread.posts[0];
    expect((await press(s, YAMADA, root, button(root, '履歴'))).words).toContain('これまでのやり取り（1 件）');
    expect((await press(s, '外部 太郎', root, button(root, '履歴'))).words).toContain('チームのメンバー');
  });

  test('names the scope when KARTE refuses', async () => {
    const { thread } = await conversation(s.simulator, 'no-scope');
    s.simulator.karte.project.scopes = s.simulator.karte.project.scopes.filter((scope) => scope !== 'talk.message.get');
    const { words } = await tell(s, YAMADA, { thread: thread.id, text: 'history' });
    expect(words).toContain('talk.message.get');
  });
});
