import { button, idle, linkedStand, press, slip } from './moves.ts';
import { SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

const SEND = 'このままお客さまに送る';
const NOTE = 'ノートとして残す';
const NOT_DONE = '実行できませんでした';

/** A card that says “sent” where nothing was sent is believed: the customer waits, and nobody knows. */
describe('the card of a question says what became of the choice', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await linkedStand();
  });
  afterEach(async () => {
    s.simulator.faults.clear();
    await s.close();
  });

  const guard = async (guarded: boolean) => {
    const { id } = s.simulator.state().team;
    await s.running.desk.directory.changeDesk(id, (desk) => ({ ...desk, rules: { ...desk.rules, guarded } }));
  };
  const moveAway = async (threadId: string) => {
    const found = await s.running.desk.directory.conversationOf(threadId);
    const to = (await s.running.desk.moves.rooms(s.simulator.state().team.id)).find(({ name }) => name !== undefined);
    if (!found || !to) throw new Error('there is nowhere to move to');
    await s.running.desk.moves.move(found.value, to.id, { id: 'mover', name: YAMADA });
    await idle(s);
  };
  const cardNow = (id = '') =>
    s.simulator.teams
      .botPosts()
      .filter((post) => post.id === id)
      .map(wordsOf)
      .join();

  test('“sent” when it is on its way', async () => {
    const { customer, card } = await slip(s, 'outcome-sent', 'operater assign');
    await press(s, SATO, card, button(card, SEND));
    await idle(s);
    expect(customer.received).toHaveLength(1);
    expect(cardNow(card?.id)).toContain('お客さまに送りました');
  });

  test('in a thread that its conversation has left nothing is sent, and both the card and the thread say so', async () => {
    const { customer, card, thread } = await slip(s, 'outcome-left', 'operater assign');
    await moveAway(thread.id);
    const answer = await press(s, SATO, card, button(card, SEND));
    await idle(s);
    expect(customer.received).toEqual([]);
    expect(cardNow(card?.id)).toContain(NOT_DONE);
    expect(answer.words).toContain('送っていません');
  });

  test('a note that KARTE does not take is not called kept', async () => {
    await guard(true);
    const { card } = await slip(s, 'outcome-note', 'operater assign');
    s.simulator.faults.next({ side: 'karte', path: 'note/send$', status: 503 });
    const answer = await press(s, SATO, card, button(card, NOTE));
    expect(cardNow(card?.id)).toContain(NOT_DONE);
    expect(answer.words).toContain('KARTE');
  });

  test('a command that is refused is not called run', async () => {
    const { card } = await slip(s, 'outcome-command', 'operater assign');
    s.simulator.faults.next({ side: 'karte', path: 'assignee/assign$', status: 403 });
    const answer = await press(s, SATO, card, button(card, '実行'));
    expect(cardNow(card?.id)).toContain(NOT_DONE);
    expect(answer.words).toContain('talk.assignee.assign');
  });
});
