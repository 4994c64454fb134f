import type { Post } from '../../simulator/state.ts';
import { SATO, threadOf, wordsOf, YAMADA } from '../integration/stand.ts';
import { messagePosts, press, type Scene, scene, settled, threadsOf } from './scene.ts';

const GO_ON = '「一般」に新しいスレッドを作って続ける';
const ROOM = '返品・交換';

describe('a Teams channel that can’t be posted to', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.close());

  const general = () => s.simulator.state().team.id;
  const notices = (): Post[] =>
    s.simulator.teams.botPosts().filter((post) => wordsOf(post).includes('表示できないチャネルがあります'));

  /** A customer of the Teams channel, whose posts are blocked there from now on. */
  async function blocked(key: string) {
    const { id } = s.simulator.teams.channel(ROOM);
    const customer = s.simulator.karte.customer({ user_id: key });
    customer.write('はじめまして', { metadata: { ms_teams: { channel: id } } });
    await s.simulator.waitFor(() => messagePosts(s, 'はじめまして')[0]?.status === 201);
    await settled(s);
    s.simulator.faults.next({
      side: 'teams',
      method: 'POST',
      path: `${id.replace('.', '\\.')}.*/activities$`,
      status: 403,
      code: 'MessageWritesBlocked',
      times: 500,
    });
    customer.write('届いていますか');
    await s.simulator.waitFor(() => messagePosts(s, '届いていますか')[0]?.status === 403);
    return customer;
  }

  test('is told to the admins in General, once, with a link and a way out', async () => {
    await blocked('member-a');
    const notice = await s.clock.until(() => notices()[0], 0);
    expect(wordsOf(notice)).toContain(`<at>${YAMADA}</at>`);
    expect(wordsOf(notice)).toContain('このチャネルへの投稿が止められています');
    expect(wordsOf(notice)).toContain('https://teams.microsoft.com/l/channel/');
    // Probes meet the same wall, and say nothing new.
    await s.clock.until(() => messagePosts(s, '届いていますか').length === 3, 30_000);
    expect(notices()).toHaveLength(1);
  });

  test('lets its customers go on in General when an admin says so, in order, and answers reach them', async () => {
    const customer = await blocked('member-b');
    customer.write('まだですか');
    const notice = await s.clock.until(() => notices()[0], 0);
    await press(s, YAMADA, notice, GO_ON);
    const pressed = s.clock.elapsed();
    const moved = await s.clock.until(
      () => threadsOf(s, 'member-b').find(({ channelId, posts }) => channelId === general() && posts.length >= 2),
      100,
    );
    // At the driver's next renewal, and not when the Teams channel is probed again.
    expect(s.clock.elapsed() - pressed).toBeLessThan(60_000);
    await settled(s);
    const words = moved.posts.slice(1).map(wordsOf).join('\n');
    expect(words.indexOf('届いていますか')).toBeGreaterThan(0);
    expect(words.indexOf('まだですか')).toBeGreaterThan(words.indexOf('届いていますか'));
    expect(wordsOf(notice)).not.toContain(GO_ON);
    s.simulator.teams.say(SATO, { thread: moved.id, text: '届いております。', mentions: ['bot'] });
    await s.simulator.waitFor(() => customer.received.length === 1);
    // Later messages stay where the conversation is now.
    customer.write('ありがとう');
    await s.simulator.waitFor(() => moved.posts.some((post) => wordsOf(post).includes('ありがとう')));
  });

  test('goes on in General for admins only, and only while it is stopped', async () => {
    await blocked('member-c');
    const notice = await s.clock.until(() => notices()[0], 0);
    await press(s, SATO, notice, GO_ON);
    await s.clock.until(() => s.simulator.teams.botPosts().some((post) => wordsOf(post).includes(YAMADA)), 0);
    s.clock.skip(20_000);
    expect(threadsOf(s, 'member-c').some(({ channelId }) => channelId === general())).toBe(false);
    s.simulator.faults.clear();
    await settled(s, 30_000);
    await press(s, YAMADA, notice, GO_ON);
    await s.simulator.waitFor(() =>
      s.simulator.teams.botPosts().some((post) => wordsOf(post).includes('今は止まっていません')),
    );
    expect(threadOf(s.simulator, 'member-c')?.channelId).not.toBe(general());
  });

  test('a button made up for another desk’s lane does nothing', async () => {
    const notice = await blocked('member-d').then(() => s.clock.until(() => notices()[0], 0));
    await s.faulty.store.lanes.insert({ id: '19:other@thread.tacv2', clean: true, held: { code: 'x', since: 1 } });
    await s.simulator.teams.click(YAMADA, notice.id, { madoguchi: 'goOnHere', lane: '19:other@thread.tacv2' }).answered;
    const record = await s.faulty.store.lanes.read('19:other@thread.tacv2', '19:other@thread.tacv2');
    expect(record?.value.refuge).toBeUndefined();
  });

  test('is seen in the metrics, and no more once it works', async () => {
    await blocked('member-e');
    const told = async () => (await fetch(`${s.running.url}/metrics`)).text();
    const line = `madoguchi_lane_held{lane="${s.simulator.teams.channel(ROOM).id}",code="teams.blocked"} 1`;
    await s.clock.until(() => s.running.desk.lanes.states().some(({ held }) => held), 0);
    expect(await told()).toContain(line);
    s.simulator.faults.clear();
    await settled(s, 30_000);
    await s.clock.until(() => !s.running.desk.lanes.states().some(({ held }) => held), 0);
    expect(await told()).not.toContain('madoguchi_lane_held{');
  });

  /** Goes on in General, as an admin has said, with nothing waiting. */
  async function inGeneral(key: string) {
    const customer = await blocked(key);
    const notice = await s.clock.until(() => notices()[0], 0);
    await press(s, YAMADA, notice, GO_ON);
    await s.clock.until(() => threadsOf(s, key).some(({ channelId }) => channelId === general()), 500);
    await settled(s);
    return customer;
  }

  test.each([
    ['is driven', true],
    ['has long been idle', false],
  ])('is used again for new customers when the app comes back, while its lane %s', async (_name, driven) => {
    await inGeneral('member-f');
    const { id } = s.simulator.teams.channel(ROOM);
    const isDriven = () => s.running.desk.lanes.states().some((lane) => lane.id === id);
    if (!driven) await s.clock.until(() => !isDriven(), 1_000);
    expect(isDriven()).toBe(driven);
    s.simulator.faults.clear();
    await Promise.all(s.simulator.teams.install().map(({ settled: done }) => done));
    // Whoever drives hears of it with the next thing that it writes down.
    await s.clock.until(() => !isDriven(), 1_000);
    s.simulator.karte
      .customer({ user_id: 'member-g' })
      .write('はじめてです', { metadata: { ms_teams: { channel: id } } });
    const [thread] = await s.clock.until(() => threadsOf(s, 'member-g').length > 0 && threadsOf(s, 'member-g'), 200);
    expect(thread?.channelId).toBe(id);
  });

  test('stays as an admin said, whatever happens in other teams', async () => {
    const customer = await inGeneral('member-h');
    const { id } = s.simulator.teams.channel(ROOM);
    const before = await s.faulty.store.lanes.read(id, id);
    expect(before?.value).toMatchObject({ held: expect.anything(), refuge: general() });
    await s.running.desk.lanes.wake('19:another-team@thread.tacv2');
    customer.write('ありがとう');
    await s.simulator.waitFor(() => messagePosts(s, 'ありがとう')[0]?.status === 201);
    expect((await s.faulty.store.lanes.read(id, id))?.value.refuge).toBe(general());
  });
});
