import { openSqlite } from '../../src/store/sqlite.ts';
import { asked, factsOf, idle, nowOf, roomyStand, tell, until } from './moves.ts';
import { runsOf, type Stand, threadOf, wordsOf, YAMADA } from './stand.ts';
import { around } from './storeHandles.ts';

const BECAME = 'ログインされました';

describe('a visitor who becomes a member', () => {
  let s: Stand;
  /** Single documents that were read of conversations and of what leads to them. */
  const reads: string[] = [];
  beforeEach(async () => {
    const store = around(await openSqlite({ path: ':memory:' }), (name, method, _args, call) => {
      if (method === 'read' && ['conversations', 'threads'].includes(name)) reads.push(name);
      return call();
    });
    s = await roomyStand({ replace: { store } });
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  /** A visitor who has written, and then signs in. */
  async function signedIn(key: string) {
    const visitor = s.simulator.karte.customer({ visitor_id: `vis-${key}` });
    await visitor.write('ビジターです').settled;
    await idle(s);
    const thread = threadOf(s.simulator, `vis-${key}`);
    if (!thread) throw new Error('the visitor has no thread');
    visitor.identify(`member-${key}`);
    const said = () => thread.posts.slice(1).flatMap(runsOf);
    return { visitor, thread, said };
  }
  const threads = () => s.simulator.teams.threads().filter(({ posts }) => posts[0]?.fromBot);
  const notices = () => s.simulator.teams.botPosts().filter((post) => wordsOf(post).includes(BECAME));

  test('goes on in the same thread, which says so once, before the message', async () => {
    const { visitor, thread, said } = await signedIn('a');
    const before = threads().length;
    await visitor.write('会員です').settled;
    await visitor.write('二通目です', { copies: 3 }).settled;
    await idle(s);
    expect(threads()).toHaveLength(before);
    expect(said().map((run) => (run.includes(BECAME) ? BECAME : run))).toEqual([
      'ビジターです',
      BECAME,
      '会員です',
      '二通目です',
    ]);
    expect(said().find((run) => run.includes(BECAME))).toContain('member-a');
    await until(() => runsOf(nowOf(s, thread.posts[0]))[0] === '会員 member-a さんとの会話');
  });

  test('is answered, assigned, noted and closed under the new id', async () => {
    const { visitor, thread } = await signedIn('b');
    await visitor.write('会員です').settled;
    await idle(s);
    await tell(s, YAMADA, { thread: thread.id, text: 'operator link op-yamada-0001' });
    for (const text of ['承知しました。', 'operator assign', 'note 折り返す', 'close'])
      await tell(s, YAMADA, { thread: thread.id, text });
    await idle(s);
    for (const path of [
      'talk/message/sendFromOperator',
      'talk/assignee/assign',
      'talk/note/send',
      'talk/status/change',
    ])
      expect(asked(s, path).map(({ user_id }) => user_id)).toEqual(['member-b']);
    expect(visitor.received.map(({ text }) => text)).toEqual(['承知しました。']);
  });

  test('is found by hooks that name the new id alone: an assignment, a message from KARTE’s own screen', async () => {
    const { visitor, thread, said } = await signedIn('c');
    await visitor.write('会員です').settled;
    await idle(s);
    s.simulator.karte.settings.memberVisitorId = false;
    await s.restart();
    await visitor.assign('op-sato-0002').settled;
    await visitor.answer('op-sato-0002', '画面から返信').settled;
    await visitor.write('三通目です').settled;
    await idle(s);
    expect(said().slice(-2)).toEqual(['画面から返信', '三通目です']);
    await until(() => factsOf(nowOf(s, thread.posts[0])).担当 === '佐藤');
    expect(threadOf(s.simulator, 'member-c')).toBe(thread);
  });

  test('keeps the thread also when they write signed out again, in the same browser', async () => {
    const { visitor, thread, said } = await signedIn('d');
    await visitor.write('会員です').settled;
    const data = {
      user_id: '',
      visitor_id: 'vis-d',
      date: new Date().toISOString(),
      content: { text: 'ログアウト後' },
    };
    await s.simulator.karte.hooks.event('talk/message/sendFromUser', { data, extra: {} }).settled;
    await idle(s);
    expect(said().at(-1)).toBe('ログアウト後');
    await tell(s, YAMADA, { thread: thread.id, text: '会員の方へ。' });
    await idle(s);
    expect(asked(s, 'sendFromOperator').at(-1)?.user_id).toBe('member-d');
  });

  test('takes nothing from a device that somebody else has signed in on before', async () => {
    const { visitor, thread } = await signedIn('e');
    await visitor.write('一人目です').settled;
    const data = (user_id: string) => ({
      data: { user_id, visitor_id: 'vis-e', date: new Date().toISOString(), content: { text: `${user_id}です` } },
      extra: {},
    });
    for (const hook of [1, 2]) {
      await s.simulator.karte.hooks.event('talk/message/sendFromUser', data('another-one')).settled;
      await idle(s);
      const other = threadOf(s.simulator, 'another-one');
      expect(other?.id).not.toBe(thread.id);
      expect(other?.posts.slice(1).flatMap(runsOf)).toEqual(Array(hook).fill('another-oneです'));
    }
    expect(thread.posts.map(wordsOf).join()).not.toContain('another-one');
    expect(notices()).toHaveLength(1);
  });

  test('who has a thread of their own keeps it, and the visitor’s stays the visitor’s', async () => {
    const known = s.simulator.karte.customer({ user_id: 'known-member' });
    await known.write('いつもの会員です').settled;
    const visitor = s.simulator.karte.customer({ visitor_id: 'vis-f' });
    await visitor.write('ビジターです').settled;
    await idle(s);
    const data = {
      user_id: 'known-member',
      visitor_id: 'vis-f',
      date: new Date().toISOString(),
      content: { text: '別の端末から' },
    };
    await s.simulator.karte.hooks.event('talk/message/sendFromUser', { data, extra: {} }).settled;
    await idle(s);
    expect(threadOf(s.simulator, 'known-member')?.posts.slice(1).flatMap(runsOf)).toEqual([
      'いつもの会員です',
      '別の端末から',
    ]);
    expect(threadOf(s.simulator, 'vis-f')?.posts.slice(1).flatMap(runsOf)).toEqual(['ビジターです']);
    expect(notices()).toHaveLength(0);
  });

  test('costs no more in the store than any other customer, once it is known', async () => {
    const { visitor } = await signedIn('g');
    await visitor.write('会員です').settled;
    await idle(s);
    reads.length = 0;
    await visitor.write('三通目です').answered;
    expect(reads).toEqual(['conversations']);
  });
});
