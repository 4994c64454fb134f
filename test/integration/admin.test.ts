import { roomyStand, tell } from './moves.ts';
import { connect, conversation, GUEST, OUTSIDER, SATO, type Stand, YAMADA } from './stand.ts';

describe('admins', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand({ unconnected: true });
  });
  afterEach(() => s.close());

  const run = async (text: string, who = YAMADA, mentions: string[] = []) =>
    (await tell(s, who, { channel: s.simulator.state().team.id, text, mentions: ['bot', ...mentions] })).words;

  test('before setup there are none, and nobody can be made one', async () => {
    expect(await run('admin list')).toContain('管理者はまだいません');
    expect(await run(`admin add @${SATO}`, YAMADA, [SATO])).toContain('まだチャネルとつながっていません');
    expect(await run('admin list')).toContain('管理者はまだいません');
  });

  test('who sets the desk up first is one; an admin makes another one, who then may change the desk', async () => {
    await connect(s);
    expect(await run('admin list')).toBe(`管理者: ${YAMADA}`);
    expect(await run(`admin add @${SATO}`, YAMADA, [SATO])).toBe(`${SATO} さんを管理者にしました。`);
    expect(await run('管理者一覧')).toBe(`管理者: ${YAMADA}, ${SATO}`);
    const before = (await s.store.connections.find({}))[0]?.value.updatedAt ?? 0;
    await connect(s, SATO);
    expect((await s.store.connections.find({}))[0]?.value.updatedAt).toBeGreaterThan(before);
    expect(await run('admin list')).toBe(`管理者: ${YAMADA}, ${SATO}`);
  });

  test('adding somebody twice changes nothing', async () => {
    await connect(s);
    for (const who of [SATO, SATO, YAMADA]) await run(`admin add @${who}`, YAMADA, [who]);
    expect(await run('admin list')).toBe(`管理者: ${YAMADA}, ${SATO}`);
  });

  test.each([
    [SATO, 'この操作は管理者だけができます'],
    [GUEST, 'ゲストはこの操作ができません'],
    [OUTSIDER, 'このチームのメンバーだけ'],
  ])('%s, who is no admin, makes nobody one, not even themselves', async (who, reason) => {
    await connect(s);
    expect(await run(`admin add @${SATO}`, who, [SATO])).toContain(reason);
    expect(await run('admin list')).toBe(`管理者: ${YAMADA}`);
  });

  test.each([
    [GUEST, 'ゲストはこの操作ができません'],
    [OUTSIDER, 'このチームのメンバーだけ'],
  ])('%s cannot be made one', async (who, reason) => {
    await connect(s);
    expect(await run(`admin add @${who}`, YAMADA, [who])).toContain(reason);
    expect(await run('admin list')).toBe(`管理者: ${YAMADA}`);
  });

  test('without a mention it asks for one, and a name typed by hand is nobody', async () => {
    await connect(s);
    expect(await run('admin add')).toContain('@ でメンションしてください');
    expect(await run(`admin add @${SATO}`)).toContain('@ でメンションしてください');
    expect(await run('admin list')).toBe(`管理者: ${YAMADA}`);
  });

  test('the commands work in a customer’s thread too and reach no customer; admins outlive a restart', async () => {
    await connect(s);
    const { customer, thread } = await conversation(s.simulator, 'admin-thread');
    await tell(s, YAMADA, { thread: thread.id, text: `admin add @${SATO}`, mentions: ['bot', SATO] });
    await s.restart();
    expect((await tell(s, SATO, { thread: thread.id, text: 'admin list' })).words).toBe(`管理者: ${YAMADA}, ${SATO}`);
    expect(customer.received).toEqual([]);
  });

  test('a colleague with the same display name is not the admin', async () => {
    await connect(s);
    const twin = s.simulator.teams.team.addPerson('hanako.yamada2', '山田', '花子');
    const { apiKey, accessToken, botId, clientSecret } = s.simulator.karte.project;
    const said = s.simulator.teams.say(twin, {
      channel: s.simulator.state().team.id,
      text: `setup ${apiKey} ${accessToken} ${botId} ${clientSecret}`,
      mentions: ['bot'],
    });
    await said.answered;
    expect(said.thread.posts.at(-1)?.text).toContain('この操作は管理者だけができます');
  });
});
