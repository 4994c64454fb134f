import { conversation, REPEAT, type Scene, settled } from '../faults/scene.ts';
import { deskAt, OFFICE, passUntil, postsWith } from './deskTime.ts';
import { tell, until } from './moves.ts';
import { runsOf, SATO, wordsOf } from './stand.ts';

const AWAY = 'ただいま営業時間外です。\n平日 9 時からお返事します。';
const TOLD = '営業時間外のため、お客さまに自動でこうお伝えしました';

describe('a customer who writes outside of business hours', () => {
  let s: Scene;
  afterEach(() => s.close());

  const told = (thread: { id: string }) => postsWith(s, thread.id, TOLD);
  const stored = async () => (await s.faulty.store.deliveries.find({ where: { toward: 'endUser' } })).length;

  test('is told so by the bot, and the thread shows what', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    const { thread, customer } = await conversation(s.simulator, 'evening');
    await s.simulator.waitFor(() => customer.received.length === 1);
    expect(customer.received).toEqual([expect.objectContaining({ text: AWAY, from: 'bot' })]);
    const post = await s.simulator.waitFor(() => told(thread)[0]);
    expect(runsOf(post)).toContain(AWAY);
  });

  test('is told so once a day, however much they write, and after a restart too', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    const { customer, thread } = await conversation(s.simulator, 'talkative');
    await s.simulator.waitFor(() => customer.received.length === 1);
    await customer.write('いますか').settled;
    await settled(s);
    await s.restart();
    await customer.write('本当にいませんか').settled;
    await settled(s);
    expect(customer.received).toHaveLength(1);
    passUntil(s, '2026-11-26T07:00');
    customer.write('おはようございます');
    await s.simulator.waitFor(() => customer.received.length === 2);
    passUntil(s, '2026-11-26T08:59');
    await customer.write('そろそろですか').settled;
    await settled(s);
    expect(customer.received).toHaveLength(2);
    await s.simulator.waitFor(() => told(thread).length === 2);
  });

  test('still waits for an answer', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    const { customer } = await conversation(s.simulator, 'waits');
    await s.simulator.waitFor(() => customer.received.length === 1);
    await settled(s);
    const [found] = await s.faulty.store.conversations.find({});
    expect(found?.value.unansweredSince).toBe(found?.value.createdAt);
    expect(await s.faulty.store.waits.find({})).toHaveLength(1);
  });

  test('is told so on a holiday', async () => {
    s = await deskAt('2026-11-23T11:00', { ...OFFICE, away: AWAY });
    const { customer } = await conversation(s.simulator, 'holiday');
    await s.simulator.waitFor(() => customer.received.length === 1);
  });

  test.each([
    ['within business hours', '2026-11-25T10:00', { ...OFFICE, away: AWAY }],
    ['where the desk has nothing to say', '2026-11-25T20:00', OFFICE],
    ['where the desk is always there', '2026-11-25T20:00', { away: AWAY }],
  ])('is told nothing %s', async (_, wall, rules) => {
    s = await deskAt(wall, rules);
    const { customer } = await conversation(s.simulator, 'nothing');
    await settled(s);
    expect(customer.received).toEqual([]);
    expect(await stored()).toBe(0);
  });

  test('is told once when the store fails in between: the hook comes again', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    s.faulty.fail({ name: 'deliveries', method: 'insert', when: ({ toward }) => toward === 'endUser' });
    const { customer, thread } = await conversation(s.simulator, 'crash');
    const again = await s.simulator.waitFor(() => customer.received[0]);
    expect(again.text).toBe(AWAY);
    await settled(s);
    expect(s.faulty.left).toBe(0);
    expect(customer.received).toHaveLength(1);
    const shown = s.simulator.teams.threads().find(({ id }) => id === thread.id);
    expect(shown?.posts.slice(1).filter((post) => runsOf(post).includes('こんにちは'))).toHaveLength(1);
  });

  test('is told once when the process dies before it is written down that it was', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    s.faulty.fail({
      name: 'deliveries',
      method: 'replace',
      when: ({ toward, state }) => toward === 'endUser' && state === 'delivered',
      times: 1_000,
    });
    const { customer, thread } = await conversation(s.simulator, 'killed');
    await s.simulator.waitFor(() => customer.received.length === 1);
    await s.simulator.waitFor(() => told(thread)[0]);
    await s.crash();
    s.faulty.heal();
    await settled(s);
    await until(async () => (await s.faulty.store.deliveries.find({ where: { state: 'open' } })).length === 0);
    expect(customer.received).toHaveLength(1);
    // What may have been shown before the end is marked when it is shown again.
    expect(told(thread).filter((post) => !wordsOf(post).includes(REPEAT))).toHaveLength(1);
  });

  test('sees the answer that an operator gives all the same', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    const { customer, thread } = await conversation(s.simulator, 'overtime');
    await s.simulator.waitFor(() => customer.received.length === 1);
    await tell(s, SATO, { thread: thread.id, text: 'まだおります。' });
    await s.simulator.waitFor(() => customer.received.length === 2);
  });

  test('leaves the thread a card to decide when KARTE does not take the message', async () => {
    s = await deskAt('2026-11-25T18:30', { ...OFFICE, away: AWAY });
    s.simulator.faults.next({ side: 'karte', path: 'sendFromOperator', status: 400 });
    const { customer, thread } = await conversation(s.simulator, 'refused');
    await s.simulator.waitFor(() => postsWith(s, thread.id, 'お客さまに送れませんでした')[0]);
    await settled(s);
    expect(customer.received).toEqual([]);
    expect(told(thread)).toEqual([]);
  });
});
