import { credentials, everythingKept, roomyStand, tell } from './moves.ts';
import { formOf, setupMoves, taskOf } from './setupMoves.ts';
import { connect, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('setup', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand({ unconnected: true });
  });
  afterEach(() => s.close());
  const { say, offered, submit, secrets, connections, works } = setupMoves(() => s);

  test('on installation the bot says what to do first', () => {
    const words = s.simulator.teams.botPosts().map(wordsOf);
    expect(words).toEqual([expect.stringContaining('@KARTE setup')]);
  });

  test('with four values it works, names the hook’s address and the admin, and asks to delete the message', async () => {
    const { words } = await say(`setup ${credentials(s).join(' ')}`);
    expect(words).toContain('https://desk.example.test/api/teams/messages');
    expect(words).toContain(`管理者: ${YAMADA}`);
    expect(words).toContain('メッセージを削除してください');
    expect(await works()).toBe(true);
  });

  test.each(['desktop', 'web', 'mobile'] as const)(
    'four values on several lines or in full-width spaces work too, from %s',
    async (client) => {
      const [first, second, third, fourth] = credentials(s);
      const text = `Ｓｅｔｕｐ　${first}\n${second}\u00a0{${third}}   <${fourth}>`;
      await tell(s, YAMADA, { channel: s.simulator.state().team.id, text, client });
      expect(await works()).toBe(true);
    },
  );

  test('alone it opens a form that masks the secrets and keeps them out of the Teams channel', async () => {
    const { post, data } = await offered();
    const fields = formOf(await s.simulator.teams.fetchTask(YAMADA, post?.id ?? '', data));
    const styles = Object.fromEntries(fields.filter(({ id }) => id).map(({ id, style }) => [id, style?.toLowerCase()]));
    expect(styles).toEqual({
      apiKey: undefined,
      accessToken: 'password',
      botId: undefined,
      clientSecret: 'password',
      projectId: undefined,
      room: 'compact',
    });
    expect(fields.filter(({ isRequired }) => isRequired).map(({ id }) => id)).toEqual([
      'apiKey',
      'accessToken',
      'botId',
      'clientSecret',
    ]);
    expect(taskOf(await submit())).toMatchObject({
      type: 'message',
      value: expect.stringContaining('KARTE とつなぎました'),
    });
    expect(await works()).toBe(true);
    for (const secret of secrets()) expect(JSON.stringify(s.simulator.teams.threads())).not.toContain(secret);
  });

  test('values are checked by a real call to KARTE with the new token before they are kept', async () => {
    await submit();
    const [call] = s.simulator.karte.calls;
    expect(call).toMatchObject({ status: 200, path: '/v2/talk/message/get' });
  });

  test('a rotated secret counts at once', async () => {
    await connect(s);
    expect(await works('before')).toBe(true);
    Object.assign(s.simulator.karte.project, {
      accessToken: 'test-rotated-token',
      clientSecret: 'test-rotated-secret',
    });
    expect(taskOf(await submit()).type).toBe('message');
    expect(await works('after')).toBe(true);
  });

  test('what copying brings along is trimmed: full-width and hard spaces, line ends, zero-width characters', async () => {
    const [apiKey, accessToken, botId, clientSecret] = credentials(s);
    const values = {
      apiKey: `\u3000${apiKey}\u00a0`,
      accessToken: `\u200b${accessToken}\ufeff\r\n`,
      botId: `\t${botId} `,
      clientSecret: `\u2060 ${clientSecret}\u200d`,
    };
    expect(taskOf(await submit(values)).type).toBe('message');
    expect(await works()).toBe(true);
  });

  test('secrets stand in no post, no log line and no stored text, whatever was tried with them', async () => {
    await say(`setup ${credentials(s).join(' ')}`);
    await submit();
    await submit({ accessToken: 'test-wrong-token-in-form' });
    await submit({}, SATO);
    await say(`setup ${credentials(s).slice(1).join(' ')}`);
    await say(`setpu ${credentials(s).join(' ')}`);
    expect(await works()).toBe(true);
    const kept = await everythingKept(s);
    for (const secret of [...secrets(), 'test-wrong-token-in-form']) expect(kept).not.toContain(secret);
    expect((await connections())[0]?.sealed.length).toBeGreaterThan(40);
  });

  test('a command that Teams delivers again sets up once and says so once', async () => {
    const { activityId, threadId } = await say(`setup ${credentials(s).join(' ')}`);
    await s.simulator.teams.redeliver(activityId).settled;
    const thread = s.simulator.teams.threads().find(({ id }) => id === threadId);
    expect(thread?.posts.filter(({ fromBot }) => fromBot)).toHaveLength(1);
    expect(s.simulator.karte.calls).toHaveLength(1);
  });
});
