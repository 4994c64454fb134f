import type { Post } from '../../simulator/state.ts';
import { bodyOf, button, buttonsOf, idle, linkedStand, nowOf, press, tell, until } from './moves.ts';
import { conversation, OUTSIDER, runsOf, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('status', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await linkedStand();
    for (const key of ['answered', 'assigned', 'waiting-one', 'closed-one', 'lonely'])
      await conversation(s.simulator, key);
    await say('answered', 'お待たせしました。');
    await say('assigned', 'operator assign');
    await say('waiting-one', 'waiting');
    await say('closed-one', 'close');
    s.simulator.faults.next({ side: 'karte', path: 'sendFromOperator', status: 400 });
    await say('lonely', '届かない返信');
    await idle(s);
    await until(async () => (await s.store.deliveries.find({ where: { state: 'parked' } })).length);
  });
  afterAll(() => s.close());

  const threadOfKey = (key: string) =>
    s.simulator.teams.threads().find(({ posts }) => posts[0] && runsOf(posts[0])[0]?.includes(key));
  const say = (key: string, text: string) => tell(s, YAMADA, { thread: threadOfKey(key)?.id ?? '', text });
  const ask = async (who = YAMADA) => {
    const { posts } = await tell(s, who, { channel: s.simulator.state().team.id, text: 'status' });
    if (!posts[0]) throw new Error('there is no answer');
    return posts[0];
  };
  /** The rows of the list, in their order: name and assignee. */
  const rowsIn = (post: Post) =>
    (bodyOf(nowOf(s, post)) as { items?: { inlines?: { text: string }[] }[] }[]).flatMap(
      ({ items }) => items?.[0]?.inlines?.map(({ text }) => text).join('') ?? [],
    );
  const names = (post: Post) => rowsIn(post).map((row) => /会員 (\S+)/.exec(row)?.[1]);

  test('counts what is in front of the desk, also what could not be delivered', async () => {
    const words = wordsOf(await ask());
    expect(words).toContain('対応中の会話 4 件');
    expect(words).toContain('未返信 2 件・未担当 3 件・返信待ち 1 件');
    expect(words).toContain('送れていないメッセージ 1 件');
  });

  test('lists who waits for an answer first, the longest first, and nobody who is closed', async () => {
    expect(names(await ask())).toEqual(['assigned', 'lonely', 'answered', 'waiting-one']);
  });

  test('leads into each thread, and names the assignee', async () => {
    const post = await ask();
    const links = JSON.stringify(post.attachments[0]?.content);
    const { id = '', channelId = '' } = threadOfKey('lonely') ?? {};
    const root = id.split(';messageid=')[1];
    expect(links).toContain(`https://teams.microsoft.com/l/message/${encodeURIComponent(channelId)}/${root}?`);
    expect(rowsIn(post).find((row) => row.includes('assigned'))).toContain(YAMADA);
    expect(rowsIn(post).find((row) => row.includes('lonely'))).toContain('未担当');
  });

  test.each([
    ['未返信', ['assigned', 'lonely']],
    ['自分の担当', ['assigned']],
    ['未担当', ['lonely', 'answered', 'waiting-one']],
  ])('shows “%s” in the same place', async (title, wanted) => {
    const post = await ask();
    expect((await press(s, YAMADA, post, button(post, title))).added).toEqual([]);
    expect(names(post)).toEqual(wanted);
    expect(buttonsOf(nowOf(s, post)).map((each) => each.title)).toContain('すべて');
  });

  test('“mine” is the presser’s own', async () => {
    const post = await ask(SATO);
    await press(s, SATO, post, button(post, '自分の担当'));
    expect(names(post)).toEqual([]);
    expect(wordsOf(nowOf(s, post))).toContain('ありません');
  });

  test('shows nothing to a person from outside of the team, and makes nothing of made-up data', async () => {
    const post = await ask();
    const before = JSON.stringify(nowOf(s, post));
    expect((await press(s, OUTSIDER, post, button(post, '未返信'))).words).toContain('チームのメンバー');
    expect(JSON.stringify(nowOf(s, post))).toBe(before);
    await press(s, YAMADA, post, { madoguchi: 'overview', view: '__proto__', page: -3.5 });
    expect(names(post)).toHaveLength(4);
  });

  test('turns pages when there is more than fits', async () => {
    const [one] = await s.store.conversations.find({ limit: 1 });
    if (!one) throw new Error('there is no conversation');
    const extra = Array.from({ length: 15 }, (_, n) => ({
      ...one.value,
      id: `extra-${n}`,
      endUser: { key: `extra-${n}`, userId: `extra-${n}` },
      status: 'open' as const,
      unansweredSince: 1_000 + n,
    }));
    for (const each of extra) await s.store.conversations.insert(each);
    const post = await ask();
    expect(names(post)).toEqual(extra.slice(0, 10).map(({ endUser }) => endUser.key));
    await press(s, YAMADA, post, button(post, '次へ'));
    expect(names(post)).toEqual([
      ...extra.slice(10).map(({ endUser }) => endUser.key),
      'assigned',
      'lonely',
      'answered',
      'waiting-one',
    ]);
    await press(s, YAMADA, post, button(nowOf(s, post), '前へ'));
    expect(names(post)[0]).toBe('extra-0');
    for (const { id } of extra) await s.store.conversations.remove(id, id);
  });
});
