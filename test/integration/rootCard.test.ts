import { asked, bodyOf, button, idle, linkedStand, nowOf, repliesStored, tell, until } from './moves.ts';
import { conversation, GUEST, OUTSIDER, runsOf, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('the card at the root of a customer’s thread', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await linkedStand();
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  const started = async (key: string) => {
    const { customer, thread } = await conversation(s.simulator, key);
    const root = () => nowOf(s, thread.posts[0]);
    const says = (words: string) => until(() => wordsOf(root()).includes(words));
    return { customer, thread, root, says, run: (text: string) => tell(s, YAMADA, { thread: thread.id, text }) };
  };
  type Started = Awaited<ReturnType<typeof started>>;

  /** A person opens the form behind a button and sends it; both answers, and what the thread shows since. */
  const fillIn = async ({ root, thread }: Started, who: string, title: string, values: Record<string, string>) => {
    const before = thread.posts.length;
    const { data } = { data: button(root(), title) };
    const opened = await s.simulator.teams.fetchTask(who, root().id, data);
    const sent = await s.simulator.teams.submitTask(who, root().id, { madoguchi: data.madoguchi, ...values });
    return {
      opened: JSON.stringify(opened),
      sent: JSON.stringify(sent),
      added: thread.posts.slice(before).map(wordsOf),
    };
  };

  test('shows the last message of either side, and since when nobody has answered', async () => {
    const { says, run, root, customer } = await started('card-last');
    await says('未返信');
    await says('こんにちは');
    await run('お待たせしました。');
    await until(() => runsOf(root()).includes('お待たせしました。'));
    expect(wordsOf(root())).not.toContain('未返信');
    await customer.write('**助かります**').settled;
    await until(() => runsOf(root()).includes('**助かります**'));
    expect(wordsOf(root())).toContain('未返信');
    // Each client shows the time in its own zone.
    const texts = bodyOf(root()).map(({ text }) => text ?? '');
    expect(texts.join('\n')).toMatch(
      /お客さまの最新のメッセージ \{\{DATE\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,SHORT\)\}\}/,
    );
  });

  test('lets a member write a note: in KARTE, in front of the colleagues, and not for the customer', async () => {
    const begun = await started('card-note');
    const replies = await repliesStored(s);
    const { sent, added } = await fillIn(begun, SATO, 'ノート', { text: '返金は店長に確認中' });
    expect(sent).toContain('KARTE のノートに残しました');
    expect(added.join('\n')).toContain('佐藤 健 さんのノート（お客さまには見えません）\n返金は店長に確認中');
    expect(asked(s, 'note/send')).toMatchObject([{ user_id: 'card-note', content: { text: '返金は店長に確認中' } }]);
    expect(begun.customer.received).toEqual([]);
    expect(await repliesStored(s)).toBe(replies);
  });

  test.each([
    ['nothing', '', '本文を書いてください'],
    ['only spaces', ' 　\n', '本文を書いてください'],
    ['too much', 'あ'.repeat(2_001), 'ノートは 2000 文字までです'],
  ])('asks for another note when it holds %s', async (_, text, words) => {
    const begun = await started('card-note-bad');
    const { sent, added } = await fillIn(begun, SATO, 'ノート', { text });
    expect(sent).toContain(words);
    expect(added).toEqual([]);
    expect(asked(s, 'note/send')).toEqual([]);
  });

  test('lets a member choose the assignee among the linked operators, or nobody', async () => {
    const begun = await started('card-assign');
    const sato = (await s.store.operators.find({})).find(({ value }) => value.person.name === SATO)?.value;
    const { opened, sent, added } = await fillIn(begun, YAMADA, '担当者を選ぶ', { person: sato?.person.id ?? '' });
    for (const name of [SATO, YAMADA, '未担当']) expect(opened).toContain(name);
    expect(sent).toContain('担当を 佐藤 健 さんにしました');
    expect(added.join('\n')).toContain('担当を 佐藤 健 さんにしました');
    expect(begun.customer.state.assignee).toEqual({ id: 'op-sato-0002', is_bot: false });
    await fillIn(begun, YAMADA, '担当者を選ぶ', { person: 'nobody' });
    expect(begun.customer.state.assignee).toBeNull();
    await begun.says('未担当');
  });

  test('takes nobody who is not linked, whatever the form’s data says', async () => {
    const begun = await started('card-assign-odd');
    const { sent } = await fillIn(begun, YAMADA, '担当者を選ぶ', { person: 'made-up' });
    expect(sent).toContain('担当者を選んでください');
    expect(asked(s, 'assignee/assign')).toEqual([]);
  });

  test.each(['ノート', '担当者を選ぶ'])('opens no form (%s…) for a person from outside of the team', async (title) => {
    const begun = await started('card-stranger');
    const { opened, sent, added } = await fillIn(begun, OUTSIDER, title, { text: 'x', person: 'nobody' });
    expect([opened, sent]).toEqual([
      expect.stringContaining('チームのメンバー'),
      expect.stringContaining('チームのメンバー'),
    ]);
    expect(added).toEqual([]);
  });

  test('takes a guest’s note, as a guest may answer too', async () => {
    const { sent } = await fillIn(await started('card-guest'), GUEST, 'ノート', { text: '確認しました' });
    expect(sent).toContain('ノートに残しました');
  });

  test('is drawn anew only as often as the Teams channel can spare', async () => {
    const { customer, root } = await started('card-often');
    for (let n = 0; n < 30; n++) await customer.write(`${n} 回目`).answered;
    await idle(s);
    await until(() => runsOf(root()).includes('29 回目'));
    const puts = s.simulator.teams.calls.filter(({ method, path }) => method === 'PUT' && path.includes(root().id));
    expect(puts.filter(({ path }) => !path.includes('reactions')).length).toBeLessThan(8);
  });
});
