import { allScopes } from '../../simulator/defaultWorld.ts';
import { validateCard } from '../contract/schemas.ts';
import { repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, GUEST, runsOf, SATO, type Stand, type StandOptions, shown, wordsOf, YAMADA } from './stand.ts';

describe('doctor', () => {
  let s: Stand;
  const begin = async (options: StandOptions = {}) => {
    // Nothing is to come a second time, however slow the machine is.
    s = await roomyStand({
      ...options,
      env: { SEND_TIMEOUT_MS: '8000', ...options.env },
      simulator: { redeliverAfterMs: 15_000 },
    });
  };
  afterEach(() => s.close());

  /** The lines of the card, by what they are about. */
  const examine = async (who = YAMADA) => {
    const { posts } = await tell(s, who, { channel: s.simulator.state().team.id, text: 'doctor' });
    const card = posts.find(({ attachments }) => attachments.length > 0);
    const lines = (card ? runsOf(card) : []).map((row) => {
      const [, about = '', state = '', why = ''] = /^\S+ (.+?): (\S+)(?: {2}(.*))?$/s.exec(row) ?? [];
      return { about, state, why };
    });
    const rows: Record<string, string> = Object.fromEntries(lines.map(({ about, state }) => [about, state]));
    const whys: Record<string, string> = Object.fromEntries(lines.map(({ about, why }) => [about, why]));
    const missing = Object.keys(rows).filter((about) => rows[about] === '不足');
    const untested = Object.keys(rows).filter((about) => rows[about] === '未確認');
    return { card, posts, rows, whys, missing, untested };
  };

  test('with everything there it finds nothing missing, in one card, and says what it could not test', async () => {
    await begin();
    const { card, posts, missing, untested, rows } = await examine();
    expect(posts.filter(({ targetedTo }) => !targetedTo)).toEqual([card]);
    expect(validateCard(card?.attachments[0]?.content as never)).toEqual([]);
    expect(card && wordsOf(card)).toContain('足りないものは見つかりませんでした');
    expect(missing).toEqual([]);
    expect(untested).toEqual(['hook と Client Secret', 'Bot ID']);
    expect(Object.keys(rows)).toHaveLength(21);
  });

  test('nothing of it reaches a customer or changes one', async () => {
    await begin();
    const { customer } = await conversation(s.simulator, 'doctor-harmless');
    const before = structuredClone(s.simulator.state().customers);
    await examine();
    expect(s.simulator.state().customers).toEqual(before);
    expect(customer.received).toEqual([]);
    expect(await repliesStored(s)).toBe(0);
  });

  test('after a hook of this process it knows that hook and secret are good', async () => {
    await begin();
    await conversation(s.simulator, 'doctor-hook');
    const { rows, whys } = await examine();
    expect(rows['hook と Client Secret']).toBe('OK');
    expect(whys['hook と Client Secret']).toBe('0 分前に正しい署名の hook が届きました。');
  });

  test.each([
    ['talk.message.get', 'メッセージの読み取り'],
    ['talk.message.sendFromOperator', 'お客さまへの送信'],
    ['beta.talk.assignee.get', '担当者の読み取り'],
    ['talk.operator.get', 'オペレーターの読み取り'],
    ['talk.assignee.assign', '担当者の設定'],
    ['talk.assignee.unassign', '担当者の解除'],
    ['beta.talk.note.send', 'ノート（なくてもスレッドには残ります）'],
    ['beta.talk.status.change', 'ステータスの変更'],
    ['track.event.write', 'イベントの記録'],
  ])('without the scope %s that one is missing, with the way to add it', async (scope, about) => {
    await begin();
    s.simulator.karte.project.scopes = allScopes.filter((other) => other !== scope);
    const { missing, whys } = await examine();
    expect(missing).toEqual([about]);
    expect(whys[about]).toContain(`API v2設定 > このアプリ で scope ${scope} を追加`);
  });

  test('a token that KARTE does not take is missing, and the scopes can’t be tested without it', async () => {
    await begin();
    s.simulator.karte.project.accessToken = 'test-another-token';
    const { missing, untested, card } = await examine();
    expect(missing).toEqual(['アクセストークン']);
    expect(untested).toHaveLength(11);
    expect(card && wordsOf(card)).not.toContain('test-karte-access-token');
  });

  test('while KARTE is away nothing is called missing', async () => {
    await begin();
    s.simulator.faults.next({ side: 'karte', status: 503, times: 99 });
    const { missing, untested, whys } = await examine();
    expect(missing).toEqual([]);
    expect(untested).toHaveLength(12);
    expect(whys.お客さまへの送信).toContain('karte.unavailable');
  });

  test('a function that KARTE does not know is not taken for a scope', async () => {
    await begin();
    s.simulator.faults.next({ side: 'karte', path: 'unassign$', status: 404, times: 99 });
    const { missing, untested } = await examine();
    expect(missing).toEqual([]);
    expect(untested).toContain('担当者の解除');
  });

  test('what Teams refuses is missing', async () => {
    await begin();
    s.simulator.faults.next({ side: 'teams', path: '/reactions/', status: 403, times: 99 });
    s.simulator.faults.next({ side: 'teams', path: '^/v3/teams/', status: 403, times: 99 });
    const { missing, whys } = await examine();
    expect(missing).toEqual(['チャネルの一覧', 'リアクション']);
    expect(whys.リアクション).toContain('チームを管理');
  });

  test('a Teams channel that can’t be posted to, and an address that nobody reaches, are missing', async () => {
    await begin({ env: { PUBLIC_URL: 'http://localhost:3978' } });
    const room = s.simulator.teams.channel('返品・交換').id;
    await s.store.lanes.insert({ id: room, clean: true, held: { code: 'teams.blocked', since: 0 } });
    const { missing, whys } = await examine();
    expect(missing).toEqual(['投稿できないチャネルがないこと', '外から届くアドレス']);
    expect(whys.投稿できないチャネルがないこと).toContain('投稿が止められています');
  });

  test('the post that tries targeted messages is seen by the admin alone', async () => {
    await begin();
    const { posts } = await examine();
    const targeted = posts.filter(({ targetedTo }) => targetedTo);
    expect(targeted.map(({ text }) => text)).toEqual(['診断のための投稿です。あなただけに見えています。']);
    expect(targeted[0]?.targetedTo).toBe(s.simulator.teams.team.person(YAMADA).id);
  });

  test('before setup it says so', async () => {
    await begin({ unconnected: true });
    const { missing, whys } = await examine();
    expect(missing).toEqual(['KARTE との接続', '管理者']);
    expect(whys['KARTE との接続']).toContain('setup');
  });

  test.each([
    [SATO, '管理者だけができます'],
    [GUEST, 'ゲストは'],
  ])('%s may not', async (who, words) => {
    await begin();
    const { posts } = await examine(who);
    expect(posts.map(wordsOf).join()).toContain(words);
    expect(s.simulator.karte.calls.map(({ path }) => path)).toEqual(['/v2/talk/message/get']);
  });

  test('it says at once that it has begun', async () => {
    await begin();
    s.simulator.faults.slow('karte', 500);
    const said = s.simulator.teams.say(YAMADA, {
      channel: s.simulator.state().team.id,
      text: 'doctor',
      mentions: ['bot'],
    });
    await shown(s.simulator, said.thread.id, '診断しています');
    await shown(s.simulator, said.thread.id, '足りないものは');
    await said.answered;
    expect(wordsOf(said.thread.posts[1] as never)).not.toContain('診断しています');
  });
});
