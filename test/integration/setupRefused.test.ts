import { credentials, press, roomyStand, secondTeam } from './moves.ts';
import { formOf, setupMoves, taskOf } from './setupMoves.ts';
import { connect, GUEST, OUTSIDER, SATO, type Stand, YAMADA } from './stand.ts';

describe('setup that is refused', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand({ unconnected: true });
  });
  afterEach(() => s.close());
  const { say, values, offered, submit, secrets, connections, admins, works } = setupMoves(() => s);

  test.each([
    ['a wrong number of values', (values: string[]) => values.slice(0, 3), '4 つの値が必要です（3 個でした）'],
    ['a wrong token', ([a, , c, d]: string[]) => [a, 'test-wrong-token-1', c, d], 'アクセストークンを受け付けません'],
    [
      'characters that no key has',
      ([a, , c]: string[]) => [a, 'test-t0ken-1a2b3c4d5e6f', c, 'test-sécret-9f8e7d6c'],
      'Client Secret',
    ],
  ])(
    'when it fails by %s the message is to be deleted all the same, and nothing is kept',
    async (_, change, reason) => {
      const { words } = await say(`setup ${change(credentials(s)).join(' ')}`);
      expect(words).toContain(reason);
      expect(words).toContain('メッセージを削除してください');
      expect(await connections()).toEqual([]);
      expect(await admins()).toEqual([]);
      expect(await works('nothing-kept').catch(() => false)).toBe(false);
    },
  );

  test.each([
    ['a wrong token', { accessToken: 'test-wrong' }, () => undefined, 'アクセストークンを受け付けません'],
    ['a missing scope', {}, (it: Stand) => it.simulator.karte.project.scopes.splice(0), 'talk.message.get'],
    ['KARTE being down', {}, (it: Stand) => it.simulator.faults.offline('karte'), 'KARTE'],
    ['KARTE answering 500', {}, (it: Stand) => it.simulator.faults.next({ side: 'karte', status: 500 }), '障害'],
    ['a missing value', { botId: ' \u3000' }, () => undefined, 'Bot ID'],
    ['an impossible character', { apiKey: 'test key' }, () => undefined, 'APIキー'],
    ['a value that is no text', { clientSecret: { a: 1 } }, () => undefined, 'Client Secret'],
  ])(
    '%s shows the form again with the reason and without the secrets, and nothing is kept',
    async (_, values, disturb, reason) => {
      disturb(s);
      const fields = formOf(await submit(values));
      const shown = JSON.stringify(fields);
      expect(shown).toContain(reason);
      expect(shown).toContain('保存しませんでした');
      for (const secret of secrets()) expect(shown).not.toContain(secret);
      // What is not secret need not be typed again.
      expect(fields.find(({ id }) => id === 'apiKey')?.value).toBe(
        (values as { apiKey?: string }).apiKey ?? s.simulator.karte.project.apiKey,
      );
      expect(await connections()).toEqual([]);
      expect(await admins()).toEqual([]);
    },
  );

  test('a failed change leaves the working connection as it was', async () => {
    await connect(s);
    const before = await connections();
    formOf(await submit({ accessToken: 'test-wrong' }));
    expect(await connections()).toEqual(before);
    expect(await works()).toBe(true);
  });

  test('the first person becomes admin; the next one is refused in every way, and told whom to ask', async () => {
    await connect(s);
    expect(await admins()).toEqual([YAMADA]);
    const before = await connections();
    const { post, data } = await offered(SATO);
    const refusal = `この操作は管理者だけができます。管理者: ${YAMADA}`;
    expect(taskOf(await s.simulator.teams.fetchTask(SATO, post?.id ?? '', data))).toEqual({
      type: 'message',
      value: refusal,
    });
    expect(JSON.stringify(formOf(await submit({}, SATO)))).toContain(refusal);
    const typed = await say(`setup ${credentials(s).join(' ')}`, SATO);
    expect(typed.words).toContain(refusal);
    expect(typed.words).toContain('メッセージを削除してください');
    expect(await connections()).toEqual(before);
    expect(await admins()).toEqual([YAMADA]);
  });

  test('of two people who set up at the same moment one becomes admin', async () => {
    const results = await Promise.all([submit(), submit({}, SATO)]);
    expect(results.map((result) => taskOf(result).type).toSorted()).toEqual(['continue', 'message']);
    expect(await admins()).toHaveLength(1);
  });

  test.each([
    [GUEST, 'ゲストはこの操作ができません'],
    [OUTSIDER, 'このチームのメンバーだけができます'],
  ])('%s is refused: the form, its values sent directly, and the typed command', async (who, reason) => {
    const { post, data } = await offered();
    expect(taskOf(await s.simulator.teams.fetchTask(who, post?.id ?? '', data))).toEqual({
      type: 'message',
      value: expect.stringContaining(reason),
    });
    const direct = await s.simulator.teams.submitTask(who, post?.id ?? '', values());
    expect(JSON.stringify(formOf(direct))).toContain(reason);
    expect((await say(`setup ${credentials(s).join(' ')}`, who)).words).toContain(reason);
    await press(s, who, post, values());
    expect(await connections()).toEqual([]);
    expect(await admins()).toEqual([]);
    // KARTE was never asked for somebody who may not.
    expect(s.simulator.karte.calls).toEqual([]);
  });

  test('an invoke that is not ours is answered with 501', async () => {
    const { post } = await offered();
    for (const data of [{}, { madoguchi: 'other' }])
      expect((await s.simulator.teams.submitTask(YAMADA, post?.id ?? '', data)).status).toBe(501);
    expect((await s.simulator.teams.execute(YAMADA, post?.id ?? '', 'verb', { madoguchi: 'setup' })).status).toBe(501);
  });

  test('a project that another team uses is refused there, and the person does not become admin by trying', async () => {
    await connect(s);
    const other = await secondTeam(s);
    try {
      const offer = other.simulator.teams.say(SATO, { channel: other.team.id, text: 'setup', mentions: ['bot'] });
      await offer.answered;
      const card = offer.thread.posts.at(-1);
      const data = values();
      const answer = await other.simulator.teams.submitTask(SATO, card?.id ?? '', data);
      expect(JSON.stringify(formOf(answer))).toContain('別のチームで使われています');
      expect((await connections()).map(({ deskId }) => deskId)).toEqual([s.simulator.state().team.id]);
      expect(await admins()).toEqual([YAMADA]);
      expect(await works()).toBe(true);
      // Once the app has left the first team, the project is free.
      await Promise.all(s.simulator.teams.uninstall().map(({ settled }) => settled));
      expect(taskOf(await other.simulator.teams.submitTask(SATO, card?.id ?? '', data)).type).toBe('message');
      expect((await connections()).map(({ deskId }) => deskId)).toEqual([other.team.id]);
    } finally {
      await other.close();
    }
  });
});
