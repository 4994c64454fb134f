import { allScopes } from '../../simulator/defaultWorld.ts';
import { asked, button, buttonsOf, factsOf, idle, nowOf, press, roomyStand, tell, until } from './moves.ts';
import { conversation, OUTSIDER, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('the status of a conversation', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  const started = async (key: string) => {
    const { customer, thread } = await conversation(s.simulator, key);
    const root = () => nowOf(s, thread.posts[0]);
    const shows = (status: string) => until(() => factsOf(root()).状態 === status);
    return { customer, thread, root, shows, run: (text: string) => tell(s, YAMADA, { thread: thread.id, text }) };
  };
  const changes = () => asked(s, '/v2beta/talk/status/change').map(({ chat_status }) => chat_status);

  test('is closed by command, in KARTE and on the card', async () => {
    const { customer, run, shows } = await started('close-command');
    expect((await run('close')).words).toBe('対応済みにしました。お客さまが次に書き込むと、対応中に戻ります。');
    expect(customer.state.status).toBe('closed');
    await shows('対応済み');
  });

  test('opens again by itself when the customer writes, without an assignee, as in KARTE', async () => {
    const { customer, run, shows, root } = await started('reopens');
    await run('operator link op-yamada-0001');
    await run('operator assign');
    await run('close');
    await shows('対応済み');
    await customer.write('まだ届きません').settled;
    await shows('対応中');
    expect(factsOf(root()).担当).toBe('未担当');
    expect(customer.state).toMatchObject({ status: 'open', assignee: null });
    expect(changes()).toEqual(['closed']);
  });

  test('stays open when a message that was written before is shown after', async () => {
    const { run, shows, customer, thread } = await started('late-message');
    s.simulator.faults.slow('teams', 600);
    const before = thread.posts.length;
    await customer.write('ありがとうございました').settled;
    await run('close');
    await until(() => nowOf(s, thread.posts[0]) && thread.posts.length > before);
    await idle(s);
    s.simulator.faults.slow('teams', 0);
    await shows('対応済み');
  });

  test('opens again with a message that shares its post with one from before', async () => {
    const { run, shows, customer, thread } = await started('merged');
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: 'activities', status: 503, times: 1 });
    await customer.write('一つ目').settled;
    await run('close');
    await shows('対応済み');
    await customer.write('二つ目').settled;
    await idle(s);
    expect(thread.posts.map(wordsOf).join('\n')).toContain('二つ目');
    await shows('対応中');
  });

  test('opens again when the customer wrote while it was being closed', async () => {
    const { customer, run, shows } = await started('overtaken');
    // KARTE has closed it, and its answer takes a while to be written down here.
    const { directory } = s.running.desk;
    const written = Promise.withResolvers<void>();
    jest.spyOn(directory, 'changeConversation').mockImplementationOnce(async (...change) => {
      await written.promise;
      return directory.changeConversation(...change);
    });
    const closing = run('close');
    await until(() => customer.state.status === 'closed');
    await customer.write('すみません、もう一つ').settled;
    written.resolve();
    await closing;
    await until(() => customer.state.status === 'open');
    await shows('対応中');
  });

  test('is closed and opened by the card’s buttons, which change with it; presses that come late or twice do no harm', async () => {
    const { customer, root, shows } = await started('card-buttons');
    const close = button(root(), '対応済みにする');
    expect((await press(s, YAMADA, root(), close)).words).toContain('対応済みにしました');
    await shows('対応済み');
    expect(buttonsOf(root()).map(({ title }) => title)).toContain('対応中に戻す');
    await press(s, YAMADA, root(), close);
    expect(customer.state.status).toBe('closed');
    await press(s, YAMADA, root(), button(root(), '対応中に戻す'));
    expect(customer.state.status).toBe('open');
    await shows('対応中');
  });

  test('is not changed by a person from outside of the team, nor by made-up data', async () => {
    const { root, customer } = await started('strangers');
    expect((await press(s, OUTSIDER, root(), button(root(), '対応済みにする'))).words).toContain('チームのメンバー');
    await press(s, YAMADA, root(), { madoguchi: 'command', command: 'お客さまへの返信' });
    expect(customer.state.status).toBe('open');
    expect(customer.received).toEqual([]);
  });

  test('assigns whoever presses “assign to me”', async () => {
    const { root, customer, run } = await started('assign-button');
    await run('operator link op-yamada-0001');
    expect((await press(s, YAMADA, root(), button(root(), '自分が担当する'))).words).toContain(YAMADA);
    expect(customer.state.assignee).toEqual({ id: 'op-yamada-0001', is_bot: false });
  });

  test('is left as it is when KARTE refuses, and the scope is named', async () => {
    s.simulator.karte.project.scopes = allScopes.filter((scope) => scope !== 'beta.talk.status.change');
    const { root, run } = await started('no-scope');
    expect((await run('close')).words).toContain('beta.talk.status.change');
    expect(factsOf(root()).状態).toBe('対応中');
  });
});
