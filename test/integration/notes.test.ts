import { allScopes } from '../../simulator/defaultWorld.ts';
import { asked, idle, repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, SATO, type Stand, YAMADA } from './stand.ts';

const TEXT = '返金の件は店長に確認中。折り返しは明日の午前中';

describe('notes', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    // Whatever a test does: no note ever sets out toward an end user.
    await idle(s);
    const stored = await repliesStored(s);
    const sent = asked(s, '/v2/talk/message/sendFromOperator');
    await s.close();
    expect([stored, sent]).toEqual([0, []]);
  });

  const notes = () => asked(s, '/v2beta/talk/note/send');
  const noted = async (key: string, text: string, who = YAMADA) => {
    const { customer, thread } = await conversation(s.simulator, key);
    const { words } = await tell(s, who, { thread: thread.id, text });
    return { customer, thread, words };
  };

  test('are kept in KARTE, by the bot with the writer’s name', async () => {
    const { customer, words } = await noted('note-bot', `note ${TEXT}`);
    expect(words).toBe('KARTE のノートに残しました。お客さまには見えません。');
    const { botId } = s.simulator.karte.project;
    expect(notes()).toEqual([
      { user_id: 'note-bot', content: { text: `${YAMADA}: ${TEXT}` }, sender: { id: botId, is_bot: true } },
    ]);
    expect(customer.received).toEqual([]);
  });

  test('carry the operator that the writer is linked to', async () => {
    const { thread } = await conversation(s.simulator, 'note-linked');
    await tell(s, SATO, { thread: thread.id, text: 'operator link op-sato-0002' });
    await tell(s, SATO, { thread: thread.id, text: `メモ ${TEXT}` });
    expect(notes()).toMatchObject([{ content: { text: TEXT }, sender: { id: 'op-sato-0002', is_bot: false } }]);
  });

  test('stay in the thread where the KARTE app may not write notes, and the scope is named', async () => {
    s.simulator.karte.project.scopes = allScopes.filter((scope) => scope !== 'beta.talk.note.send');
    const { words } = await noted('note-scope', `note ${TEXT}`);
    expect(words).toContain('ノートはこのスレッドに残ります。お客さまには見えません。');
    expect(words).toContain('beta.talk.note.send');
  });

  test('that KARTE did not clearly take are said to be unclear, and are not written twice', async () => {
    s.simulator.faults.next({ side: 'karte', path: 'note/send', status: 503 });
    const { words } = await noted('note-unclear', `note ${TEXT}`);
    expect(words).toContain('KARTE');
    expect(notes()).toHaveLength(1);
  });

  test('need a text', async () => {
    const { words } = await noted('note-empty', 'note');
    expect(words).toContain('本文を続けて書いてください');
    expect(notes()).toEqual([]);
  });

  test('are written once, however often Teams delivers the message', async () => {
    const { thread } = await conversation(s.simulator, 'note-repeated');
    const said = s.simulator.teams.say(YAMADA, { thread: thread.id, text: `note ${TEXT}`, mentions: ['bot'] });
    await said.answered;
    if (!said.activity) throw new Error('nothing was delivered');
    await Promise.all([1, 2, 3].map(() => s.simulator.teams.deliver(said.activity as object as never).answered));
    expect(notes()).toHaveLength(1);
  });

  test('outside of a customer’s thread go nowhere', async () => {
    const { words } = await tell(s, YAMADA, { channel: s.simulator.state().team.id, text: `note ${TEXT}` });
    expect(words).toContain('お客さまのスレッドの中で使ってください');
    expect(notes()).toEqual([]);
  });
});
