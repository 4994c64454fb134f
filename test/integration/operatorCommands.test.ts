import { allScopes } from '../../simulator/defaultWorld.ts';
import { asked, factsOf, idle, repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, GUEST, OUTSIDER, SATO, type Stand, YAMADA } from './stand.ts';

describe('operator commands', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    // No command ever reaches an end user.
    await idle(s);
    const stored = await repliesStored(s);
    await s.close();
    expect(stored).toBe(0);
  });

  const inThread = async (key: string) => {
    const { customer, thread } = await conversation(s.simulator, key);
    const run = async (text: string, who = YAMADA, mentions: string[] = []) =>
      (await tell(s, who, { thread: thread.id, text, mentions: ['bot', ...mentions] })).words;
    return { customer, thread, run, assignee: () => factsOf(thread.posts[0]).担当 };
  };
  const without = (...gone: string[]) => {
    s.simulator.karte.project.scopes = allScopes.filter((scope) => !gone.includes(scope));
  };
  const links = async () =>
    (await s.store.operators.find({})).map(({ value }) => [value.person.name, value.operatorId]);

  test.each(['desktop', 'web', 'mobile'] as const)(
    'link ties the person to the operator, in any Teams channel, from %s',
    async (client) => {
      const { posts, words } = await tell(s, SATO, {
        channel: s.simulator.teams.channel('返品・交換').id,
        text: 'Operator　Link op-sato-0002。',
        client,
      });
      expect(posts).toHaveLength(1);
      expect(words).toContain(`${SATO} さんをオペレーター op-sato-0002 と連携しました`);
      expect(await links()).toEqual([[SATO, 'op-sato-0002']]);
    },
  );

  test('link asks KARTE whether there is such an operator, by v2 and else by v2beta', async () => {
    const { run } = await inThread('link-versions');
    s.simulator.faults.next({ side: 'karte', path: '^/v2/talk/operator/get', status: 404 });
    s.simulator.karte.settings.responses['/v2beta/talk/operator/get'] = { operator: { profile_name: '山田(窓口)' } };
    expect(await run('operator link op-yamada-0001')).toContain('山田(窓口)');
    const paths = s.simulator.karte.calls.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('operator'))).toEqual([
      '/v2/talk/operator/get',
      '/v2beta/talk/operator/get',
    ]);
  });

  test.each([
    ['an unknown operator id', 'operator link op-nobody', 'このアサインIDのオペレーターは KARTE にいません'],
    ['no id', 'operator link', 'アサインIDを続けて書いてください'],
  ])('link with %s says so and links nobody', async (_, text, words) => {
    const { run } = await inThread('link-refused');
    expect(await run(text)).toContain(words);
    expect(await links()).toEqual([]);
  });

  test('an id that somebody else uses is refused with their name; the own one may be given again, and changed', async () => {
    const { run } = await inThread('link-taken');
    await run('operator link op-yamada-0001');
    expect(await run('operator link op-yamada-0001', SATO)).toBe(
      `このアサインIDは ${YAMADA} さんがすでに使っています。`,
    );
    expect(await run('operator link op-yamada-0001')).toContain('と連携しました');
    expect(await run('operator link op-sato-0002')).toContain('と連携しました');
    expect(await links()).toEqual([[YAMADA, 'op-sato-0002']]);
    expect(await run('operator link op-yamada-0001', SATO)).toContain('と連携しました');
  });

  test('unlink ends the link and says when there was none', async () => {
    const { run } = await inThread('unlink');
    expect(await run('operator unlink')).toContain('連携していません');
    await run('operator link op-yamada-0001');
    expect(await run('operator unlink')).toContain('連携を解除しました');
    expect(await links()).toEqual([]);
  });

  test('assign makes the writer the assignee, in KARTE and on the card', async () => {
    const { customer, run, assignee } = await inThread('assign-self');
    await run('operator link op-yamada-0001');
    expect(await run('operator assign')).toBe(`担当を ${YAMADA} さんにしました。`);
    expect(customer.state.assignee).toEqual({ id: 'op-yamada-0001', is_bot: false });
    expect(asked(s, '/v2/talk/assignee/assign')).toEqual([
      { user_id: 'assign-self', assignee: { id: 'op-yamada-0001', is_bot: false } },
    ]);
    await s.simulator.waitFor(() => assignee() === YAMADA);
  });

  test.each([true, false])(
    'assign @account makes that person the assignee (with KARTE’s own hook: %s)',
    async (hooked) => {
      s.simulator.karte.settings.hookOnApiAssign = hooked;
      const { customer, thread, run, assignee } = await inThread('assign-other');
      await run('operator link op-sato-0002', SATO);
      expect(await run(`operator assign @${SATO}`, YAMADA, [SATO])).toBe(`担当を ${SATO} さんにしました。`);
      expect(customer.state.assignee?.id).toBe('op-sato-0002');
      await s.simulator.waitFor(() => assignee() === SATO);
      await idle(s);
      // Two commands, two answers, and not one post more.
      expect(thread.posts.filter(({ fromBot }) => fromBot)).toHaveLength(4);
    },
  );

  test('unassign clears it, in KARTE and on the card', async () => {
    const { customer, run, assignee } = await inThread('unassign');
    await run('operator link op-yamada-0001');
    await run('operator assign');
    await s.simulator.waitFor(() => assignee() === YAMADA);
    expect(await run('担当者解除')).toBe('担当を外しました。');
    expect(customer.state.assignee).toBeNull();
    await s.simulator.waitFor(() => assignee() === '未担当');
  });

  test('assigning somebody who is not linked says who, and what that person has to do', async () => {
    const { customer, run } = await inThread('assign-unlinked');
    for (const [text, who, mentions] of [
      ['operator assign', SATO, []],
      [`operator assign @${SATO}`, YAMADA, [SATO]],
    ] as const) {
      const words = await run(text, who, [...mentions]);
      expect(words).toContain(`${SATO} さんはオペレーターと連携していません`);
      expect(words).toContain('operator link <アサインID>');
    }
    expect(customer.state.assignee).toBeNull();
    expect(asked(s, '/v2/talk/assignee/assign')).toEqual([]);
  });

  test('somebody outside the team cannot be assigned', async () => {
    const { customer, run } = await inThread('assign-outsider');
    expect(await run(`operator assign @${OUTSIDER}`, YAMADA, [OUTSIDER])).toContain('このチームのメンバーだけ');
    expect(customer.state.assignee).toBeNull();
  });

  test('a guest may be linked and assigned: guests answer customers too', async () => {
    const { customer, run } = await inThread('assign-guest');
    await run('operator link op-sato-0002', GUEST);
    expect(await run('operator assign', GUEST)).toContain(GUEST);
    expect(customer.state.assignee?.id).toBe('op-sato-0002');
  });

  test.each([
    ['operator link op-yamada-0001', ['talk.operator.get', 'beta.talk.assignee.get']],
    ['operator assign', ['talk.assignee.assign', 'talk.assignee.unassign']],
    ['operator unassign', ['talk.assignee.unassign', 'talk.assignee.assign']],
    ['event call_back', ['track.event.write']],
  ])('%s names the scopes it needs when KARTE says 403: %j', async (command, scopes) => {
    const { customer, run } = await inThread('scopes');
    if (command !== 'operator link op-yamada-0001') await run('operator link op-yamada-0001');
    without(scopes[0] ?? '');
    const words = await run(command);
    expect(words).toContain('権限（scope）がありません');
    for (const scope of scopes) expect(words).toContain(scope);
    expect(words).toContain('「API v2設定」で追加');
    expect(customer.state.assignee).toBeNull();
    expect(customer.state.events).toEqual([]);
  });

  test.each([
    [401, 'アクセストークンを受け付けません'],
    [429, '呼び出し上限'],
    [500, '障害'],
  ])('an assignment that KARTE answers with %d says why, and the card stays as it was', async (status, words) => {
    const { run, assignee } = await inThread('assign-failed');
    await run('operator link op-yamada-0001');
    s.simulator.faults.next({ side: 'karte', path: 'assignee/assign', status });
    expect(await run('operator assign')).toContain(words);
    expect(assignee()).toBe('未担当');
    expect(asked(s, '/v2/talk/assignee/assign')).toHaveLength(1);
  });

  test.each(['operator assign', 'operator unassign', 'event call_back'])(
    '%s outside a customer’s thread says where it belongs',
    async (text) => {
      const { words } = await tell(s, YAMADA, { channel: s.simulator.state().team.id, text });
      expect(words).toBe('このコマンドは、お客さまのスレッドの中で使ってください。');
      expect(s.simulator.karte.calls.map(({ path }) => path)).toEqual(['/v2/talk/message/get']);
    },
  );

  test.each(['operator link op-sato-0002', 'operator assign', 'operator unassign', 'event call_back'])(
    '%s that Teams delivers again has one effect and one answer',
    async (text) => {
      const { customer, thread, run } = await inThread('redelivered');
      await run('operator link op-yamada-0001');
      const { activityId } = await tell(s, YAMADA, { thread: thread.id, text });
      const [calls, posts] = [s.simulator.karte.calls.length, thread.posts.length];
      await Promise.all([1, 2].map(() => s.simulator.teams.redeliver(activityId).settled));
      await s.restart();
      await s.simulator.teams.redeliver(activityId).settled;
      await idle(s);
      expect(s.simulator.karte.calls).toHaveLength(calls);
      expect(thread.posts).toHaveLength(posts);
      expect(customer.state.events.length).toBeLessThanOrEqual(1);
    },
  );
});

test('commands before setup say that an admin has to run it', async () => {
  const s = await roomyStand({ unconnected: true });
  try {
    const { words } = await tell(s, YAMADA, {
      channel: s.simulator.state().team.id,
      text: 'operator link op-yamada-0001',
    });
    expect(words).toContain('まだチャネルとつながっていません');
  } finally {
    await s.close();
  }
});

test('a reply that Teams delivers again, at once or after a restart, is sent once', async () => {
  const s = await roomyStand();
  try {
    const { customer, thread } = await conversation(s.simulator, 'reply-redelivered');
    const { activityId } = await tell(s, YAMADA, { thread: thread.id, text: '一回だけ' });
    await Promise.all([1, 2, 3].map(() => s.simulator.teams.redeliver(activityId).settled));
    await s.restart();
    await s.simulator.teams.redeliver(activityId).settled;
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['一回だけ']);
    expect(thread.posts.filter(({ fromBot }) => fromBot)).toHaveLength(2);
  } finally {
    await s.close();
  }
});
