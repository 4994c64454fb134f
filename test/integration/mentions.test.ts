import type { Post } from '../../simulator/state.ts';
import { asked, factsOf, idle, roomyStand, tell } from './moves.ts';
import { conversation, patientLater, runsOf, SATO, type Stand, YAMADA } from './stand.ts';

const QUIET = 61_000;
/** How long the way to Teams waits for the assignee (ms). */
const PATIENCE = 1_500;

describe('the mention of the assignee', () => {
  let s: Stand;
  let ahead = 0;
  /** Whether KARTE is given the time to name the assignee that a busy machine needs, beside what the desk gives it. */
  let patient = true;
  beforeEach(async () => {
    ahead = 0;
    patient = true;
    s = await roomyStand({
      replace: {
        elapsed: () => performance.now() + ahead,
        later: patientLater(PATIENCE, () => patient),
      },
    });
  });
  afterEach(() => s.close());

  async function link(who: string, operatorId: string): Promise<void> {
    const { words } = await tell(s, who, { channel: s.simulator.state().team.id, text: `operator link ${operatorId}` });
    expect(words).toContain('と連携しました');
  }
  async function write(key: string, text: string): Promise<Post> {
    await s.simulator.karte.customer(key).write(text).settled;
    await idle(s);
    const found = s.simulator.teams.botPosts().findLast((post) => runsOf(post).includes(text));
    if (!found) throw new Error(`${text} is not shown`);
    return found;
  }
  const mentioned = (post: Post) => {
    expect(post.droppedMentions).toEqual([]);
    return post.mentions.map(({ name }) => name);
  };

  test('a linked assignee is really mentioned on a new message', async () => {
    await link(YAMADA, 'op-yamada-0001');
    const { customer } = await conversation(s.simulator, 'assigned');
    await customer.assign('op-yamada-0001').settled;
    const post = await write('assigned', 'お願いします');
    expect(mentioned(post)).toEqual([YAMADA]);
    expect(post.mentions[0]?.id).toBe(s.simulator.teams.person(YAMADA).id);
    expect(runsOf(post)).toEqual(['お願いします']);
  });

  test('already on the very first message, when KARTE has assigned somebody by then', async () => {
    await link(SATO, 'op-sato-0002');
    const customer = s.simulator.karte.customer({ user_id: 'from-the-start' });
    customer.state.assignee = { id: 'op-sato-0002', is_bot: false };
    expect(mentioned(await write('from-the-start', '最初の一通'))).toEqual([SATO]);
  });

  test('ten messages in a burst mention once, and the next one after a pause mentions again', async () => {
    await link(YAMADA, 'op-yamada-0001');
    const { customer, thread } = await conversation(s.simulator, 'burst');
    await customer.assign('op-yamada-0001').settled;
    await Promise.all(Array.from({ length: 10 }, (_, at) => customer.write(`連投${at}`).settled));
    await idle(s);
    expect(thread.posts.flatMap(mentioned)).toEqual([YAMADA]);
    ahead = QUIET;
    expect(mentioned(await write('burst', '一分後'))).toEqual([YAMADA]);
  });

  test('one customer’s burst silences no other customer', async () => {
    await link(YAMADA, 'op-yamada-0001');
    for (const key of ['one', 'other']) {
      const { customer } = await conversation(s.simulator, key);
      await customer.assign('op-yamada-0001').settled;
      expect(mentioned(await write(key, `${key}です`))).toEqual([YAMADA]);
    }
  });

  test('the assignee that KARTE names when asked counts, and the card learns it', async () => {
    await link(YAMADA, 'op-yamada-0001');
    await link(SATO, 'op-sato-0002');
    const { customer, thread } = await conversation(s.simulator, 'asked');
    customer.state.assignee = { id: 'op-sato-0002', is_bot: false };
    expect(mentioned(await write('asked', '誰ですか'))).toEqual([SATO]);
    await s.simulator.waitFor(() => factsOf(thread.posts[0]).担当 === SATO);
    expect(asked(s, '/v2beta/talk/assignee/get').at(-1)).toEqual({ user_id: 'asked' });
  });

  test('without the scope to ask, the assign hook tells', async () => {
    const { project } = s.simulator.karte;
    project.scopes = project.scopes.filter((scope) => scope !== 'beta.talk.assignee.get');
    await link(YAMADA, 'op-yamada-0001');
    const { customer } = await conversation(s.simulator, 'hooked');
    await customer.assign('op-yamada-0001').settled;
    await idle(s);
    expect(mentioned(await write('hooked', 'フックで'))).toEqual([YAMADA]);
    await customer.assign(null).settled;
    await idle(s);
    ahead = QUIET;
    expect(mentioned(await write('hooked', '外れました'))).toEqual([]);
  });

  test('the assignee of this moment counts: after a change the other one is mentioned, after 未担当 nobody', async () => {
    await link(YAMADA, 'op-yamada-0001');
    await link(SATO, 'op-sato-0002');
    const { customer } = await conversation(s.simulator, 'changing');
    await customer.assign('op-yamada-0001').settled;
    expect(mentioned(await write('changing', '山田さん'))).toEqual([YAMADA]);
    await customer.assign('op-sato-0002').settled;
    ahead += QUIET;
    expect(mentioned(await write('changing', '佐藤さん'))).toEqual([SATO]);
    s.simulator.karte.settings.unassigned = 'absent';
    await customer.assign(null).settled;
    ahead += QUIET;
    expect(mentioned(await write('changing', 'どなたか'))).toEqual([]);
  });

  test('nobody is mentioned when nobody is linked, and KARTE is not even asked', async () => {
    const { customer } = await conversation(s.simulator, 'unlinked');
    await customer.assign('op-yamada-0001').settled;
    expect(mentioned(await write('unlinked', 'もしもし'))).toEqual([]);
    expect(asked(s, '/v2beta/talk/assignee/get')).toEqual([]);
  });

  test('an assignee who is not linked, and the bot, are nobody to mention', async () => {
    await link(YAMADA, 'op-yamada-0001');
    const { customer } = await conversation(s.simulator, 'others');
    await customer.assign('op-sato-0002').settled;
    expect(mentioned(await write('others', 'あ'))).toEqual([]);
    await customer.assign(s.simulator.karte.project.botId).settled;
    expect(mentioned(await write('others', 'い'))).toEqual([]);
  });

  test('after operator unlink nobody is mentioned any more', async () => {
    await link(YAMADA, 'op-yamada-0001');
    const { customer } = await conversation(s.simulator, 'left');
    await customer.assign('op-yamada-0001').settled;
    await tell(s, YAMADA, { channel: s.simulator.state().team.id, text: 'operator unlink' });
    expect(mentioned(await write('left', 'います？'))).toEqual([]);
  });

  test('a name full of markup is mentioned all the same', async () => {
    const odd = s.simulator.teams.team.addPerson('odd', 'A&B', '<c> "d"');
    await link(odd.name, 'op-yamada-0001');
    const { customer } = await conversation(s.simulator, 'odd-name');
    await customer.assign('op-yamada-0001').settled;
    expect(mentioned(await write('odd-name', '名前'))).toEqual([odd.name]);
  });

  test('a KARTE that does not answer holds no message up', async () => {
    await link(YAMADA, 'op-yamada-0001');
    await conversation(s.simulator, 'slow');
    s.simulator.faults.next({ side: 'karte', path: 'assignee/get', hang: true });
    patient = false;
    expect(mentioned(await write('slow', '急ぎです'))).toEqual([]);
  });
});
