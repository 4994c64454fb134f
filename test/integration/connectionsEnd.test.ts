import type { LineAccountHandle } from '../../simulator/line/surface.ts';
import { connectByForm, connectionButton, disconnect, lineValues, say, sectionButtons } from './connectionMoves.ts';
import { lineConversation, wordsIn } from './lineMoves.ts';
import { button, everythingKept, idle, press, roomyStand, secondTeam, tell, until } from './moves.ts';
import { formOf } from './setupMoves.ts';
import { connect, conversation, runsOf, SATO, type Stand, shown, threadOf, YAMADA } from './stand.ts';

const NAME = '伊藤 さくら';
let s: Stand;
let account: LineAccountHandle;
beforeEach(async () => {
  s = await roomyStand();
  account = await connectByForm(s);
});
afterEach(() => s.close());

const connection = async (channel: string) =>
  (await s.store.connections.find({})).map(({ value }) => value).find((one) => one.channel === channel);
const conversations = async () => (await s.store.conversations.find({})).map(({ value }) => value);

describe('disconnecting', () => {
  test('asks first; whoever changes their mind has changed nothing', async () => {
    const before = await connection('line');
    await disconnect(s, 'line', 'やめる');
    expect(await connection('line')).toEqual(before);
  });

  test('takes the credentials away: hooks are not known any more, replies are kept back, the thread can be tidied up', async () => {
    const { customer, thread } = await lineConversation(s);
    await disconnect(s, 'line', '連携を解除');
    expect((await connection('line'))?.sealed).toBe('');
    const delivery = await customer.write('解除の後').settled;
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([404]);
    await tell(s, SATO, { thread: thread.id, text: 'まだ届きますか' });
    await shown(s.simulator, thread.id, '解除されています');
    expect(customer.texts).toEqual([]);
    expect((await tell(s, SATO, { thread: thread.id, text: 'operator assign' })).words).toContain('担当を');
    expect((await tell(s, SATO, { thread: thread.id, text: 'close' })).words).toContain('対応済み');
    const [left] = await conversations();
    expect(left).toMatchObject({ status: 'closed', assignee: { person: { name: SATO } } });
  });

  test('works for KARTE as well: nothing is asked of it any more, and its threads can be tidied up', async () => {
    const { thread } = await conversation(s.simulator, 'gone-karte');
    await disconnect(s, 'karte', '連携を解除');
    const before = s.simulator.karte.calls.length;
    for (const text of ['operator assign', 'waiting', 'close', 'note まだ見える'])
      expect((await tell(s, SATO, { thread: thread.id, text })).words).not.toMatch(/受け付けません|エラー/);
    expect((await tell(s, SATO, { thread: thread.id, text: 'event done' })).words).toContain('解除されています');
    expect((await tell(s, SATO, { thread: thread.id, text: 'history' })).words).toContain('解除されています');
    await tell(s, SATO, { thread: thread.id, text: '返信です' });
    await shown(s.simulator, thread.id, '解除されています');
    expect(s.simulator.karte.calls).toHaveLength(before);
  });

  test('the same account connected again takes up where it was', async () => {
    const { customer, thread } = await lineConversation(s);
    await disconnect(s, 'line', '連携を解除');
    await connectByForm(s);
    customer.write('また来ました');
    await shown(s.simulator, thread.id, 'また来ました');
    expect((await connection('line'))?.disconnectedAt).toBeUndefined();
    await tell(s, SATO, { thread: thread.id, text: 'おかえりなさい' });
    await s.simulator.waitFor(() => customer.texts.includes('おかえりなさい'));
  });
});

describe('deleting the conversations with it', () => {
  test('leaves nothing of them here, the threads in Teams, and what other channels have', async () => {
    await conversation(s.simulator, 'karte-stays', 'KARTE の話');
    const { thread } = await lineConversation(s, NAME, '消える話');
    await tell(s, SATO, { thread: thread.id, text: '消える返事' });
    await idle(s);
    const { words } = await disconnect(s, 'line', '会話も削除');
    expect(words).not.toMatch(/エラー/);
    await until(async () => (await connection('line'))?.forgottenAt !== undefined);
    expect((await conversations()).map(({ endUser }) => endUser.key)).toEqual(['karte-stays']);
    const stored = JSON.stringify([await s.store.deliveries.find({}), await s.store.waits.find({})]);
    expect(stored).not.toContain('消える');
    expect(stored).toContain('KARTE の話');
    const there = new Set((await conversations()).map(({ id }) => id));
    const leading = (await s.store.threads.find({})).map(({ value }) => value.conversationId);
    expect(leading.filter((id) => !there.has(id))).toEqual([]);
    expect(leading.length).toBeGreaterThan(0);
    expect(wordsIn(thread)).toContain('消える話');
    expect((await tell(s, SATO, { thread: thread.id, text: 'もしもし' })).words).toContain('誰にも送っていません');
  });

  test('begins anew in a new thread when the account is connected again', async () => {
    const { customer, thread } = await lineConversation(s);
    await disconnect(s, 'line', '会話も削除');
    await until(async () => (await connection('line'))?.forgottenAt !== undefined);
    await connectByForm(s);
    customer.write('はじめまして');
    const fresh = await s.simulator.waitFor(() =>
      s.simulator.teams
        .threads()
        .find(({ posts }) => posts.slice(1).some((post) => runsOf(post).includes('はじめまして'))),
    );
    expect(fresh.id).not.toBe(thread.id);
    await tell(s, SATO, { thread: fresh.id, text: 'こちらこそ' });
    await s.simulator.waitFor(() => customer.texts.includes('こちらこそ'));
  });

  test('also of a visitor who had become a member: their next words begin anew, and once', async () => {
    const member = s.simulator.karte.customer({ visitor_id: 'vis-forgotten' });
    await member.write('ログイン前').settled;
    member.identify('member-forgotten');
    await member.write('ログイン後').settled;
    await idle(s);
    await disconnect(s, 'karte', '会話も削除');
    await until(async () => (await connection('karte'))?.forgottenAt !== undefined);
    await connect(s);
    await member.write('もう一度').settled;
    await member.write('二度目').settled;
    await idle(s);
    const threads = s.simulator.teams
      .threads()
      .filter(({ posts }) =>
        posts.slice(1).some((post) => runsOf(post).some((words) => /もう一度|二度目/.test(words))),
      );
    expect(threads).toHaveLength(1);
    expect(threads[0]?.posts.flatMap(runsOf)).not.toContain('ログイン前');
  });

  test('can be done later too, and goes on after a restart', async () => {
    await lineConversation(s, NAME, '後で消える話');
    await disconnect(s, 'line', '連携を解除');
    const { card, data } = await connectionButton(s, '保存した会話を削除…', 'line');
    const { added } = await press(s, YAMADA, card, data);
    expect(added.flatMap((post) => sectionButtons(post))).toEqual([]);
    // As if the process had ended before it could do more than write down what was asked for.
    const { id } = (await connection('line')) ?? { id: '' };
    const found = await s.store.connections.read(id, id);
    if (found) await s.store.connections.replace({ ...found.value, forgettingSince: Date.now() }, found.version);
    await s.restart();
    await until(async () => (await connection('line'))?.forgottenAt !== undefined);
    expect(JSON.stringify(await s.store.deliveries.find({}))).not.toContain('後で消える話');
    // What Teams shows, and this run's log, is no store.
    expect(await conversations()).toEqual([]);
  });

  test('by its button, when it is disconnected already', async () => {
    await lineConversation(s);
    await disconnect(s, 'line', '連携を解除');
    const { card, data } = await connectionButton(s, '保存した会話を削除…', 'line');
    const { added } = await press(s, YAMADA, card, data);
    await press(s, YAMADA, added[0], button(added[0], '削除する'));
    await until(async () => (await conversations()).length === 0);
    const again = await say(s, 'connections');
    expect(sectionButtons(again.posts[0]).map(({ title }) => title)).not.toContain('保存した会話を削除…');
  });

  test('while it goes on, the account can’t be connected', async () => {
    await disconnect(s, 'line', '連携を解除');
    const { id } = (await connection('line')) ?? { id: '' };
    const found = await s.store.connections.read(id, id);
    if (found) await s.store.connections.replace({ ...found.value, forgettingSince: Date.now() }, found.version);
    await expect(connectByForm(s)).rejects.toThrow('いま削除しています');
  });

  test('secrets are gone from everything that is kept', async () => {
    await disconnect(s, 'line', '会話も削除');
    expect(await everythingKept(s)).not.toContain(account.state.channelSecret);
  });
});

describe('another team', () => {
  let other: Awaited<ReturnType<typeof secondTeam>>;
  beforeEach(async () => {
    other = await secondTeam(s);
  });
  afterEach(() => other.close());

  /** What Teams shows after the account was typed into that team's form. */
  async function connectThere() {
    const offer = other.simulator.teams.say(SATO, { channel: other.team.id, text: 'connect line', mentions: ['bot'] });
    await offer.answered;
    const card = offer.thread.posts.at(-1);
    const values = { madoguchi: 'connect', channel: 'line', ...lineValues(account) };
    return other.simulator.teams.submitTask(SATO, card?.id ?? '', values);
  }

  test('gets the account only once the conversations are deleted, so that nobody reads on there', async () => {
    await lineConversation(s);
    await disconnect(s, 'line', '連携を解除');
    expect(JSON.stringify(formOf(await connectThere()))).toContain('別のチームで使われています');
    const { card: mine, data } = await connectionButton(s, '保存した会話を削除…', 'line');
    const { added } = await press(s, YAMADA, mine, data);
    await press(s, YAMADA, added[0], button(added[0], '削除する'));
    await until(async () => (await connection('line'))?.forgottenAt !== undefined);
    expect(JSON.stringify((await connectThere()).body)).toContain('とつなぎました');
    expect((await connection('line'))?.deskId).toBe(other.team.id);
    expect(threadOf(s.simulator, NAME)).toBeDefined();
  });

  test('that takes the account of one without the app over begins with every customer anew, and the first one reaches nobody any more', async () => {
    const { customer, thread } = await lineConversation(s);
    await Promise.all(s.simulator.teams.uninstall().map(({ settled }) => settled));
    expect(JSON.stringify((await connectThere()).body)).toContain('とつなぎました');
    customer.write('新しいチームへ');
    const anew = await until(() => threadOf(other.simulator, NAME));
    await shown(other.simulator, anew.id, '新しいチームへ');
    await Promise.all(s.simulator.teams.install().map(({ settled }) => settled));
    await tell(s, SATO, { thread: thread.id, text: '前のチームから' });
    await shown(s.simulator, thread.id, '解除されています');
    await tell({ ...s, simulator: other.simulator }, SATO, { thread: anew.id, text: 'こちらで承ります' });
    await until(() => customer.texts.length > 0);
    expect(customer.texts).toEqual(['こちらで承ります']);
    expect(thread.posts.flatMap(runsOf)).not.toContain('新しいチームへ');
  });

  test('deletes only its own conversations', async () => {
    const { customer } = await lineConversation(s);
    await Promise.all(s.simulator.teams.uninstall().map(({ settled }) => settled));
    await connectThere();
    await customer.write('新しいチームへ').settled;
    const there = { ...s, simulator: other.simulator };
    const { posts } = await tell(there, SATO, { channel: other.team.id, text: 'disconnect line' });
    await press(there, SATO, posts[0], button(posts[0], '会話も削除'));
    await until(async () => (await connection('line'))?.forgottenAt !== undefined);
    expect((await conversations()).map(({ deskId }) => deskId)).toEqual([s.simulator.state().team.id]);
  });
});
