import { picture } from '../fixtures/pictures.ts';
import { button, buttonsOf, idle, press, roomyStand, tell, until } from './moves.ts';
import { conversation, SATO, type Stand, shown } from './stand.ts';

const SEND = 'talk/message/sendFromOperator';

describe('an edit of a reply that has been tried before', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  const edit = async (id: string, text: string) => {
    await s.simulator.teams.edit(SATO, id, text).answered;
  };
  const throttled = { side: 'karte', path: SEND, status: 429, headers: { 'retry-after': '2' } } as const;
  const putOff = () =>
    until(async () =>
      (await s.store.deliveries.find({ where: { toward: 'endUser' } })).some(({ value }) => value.failure),
    );

  test('goes out in its new words, also where the old ones stood beside a link to a picture', async () => {
    const { customer, thread } = await conversation(s.simulator, 'edit-parked');
    s.simulator.faults.next({ side: 'karte', path: SEND, status: 400 });
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '古い文', pictures: [picture()] });
    await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    await idle(s);
    await edit(postId, '@KARTE 新しい文');
    await idle(s);
    const card = thread.posts.findLast((post) => buttonsOf(post).some(({ title }) => title === 'もう一度送る'));
    await press(s, SATO, card, button(card, 'もう一度送る'));
    await idle(s);
    expect(customer.received.map(({ text }) => text.split('\n')[0])).toEqual(['新しい文']);
  });

  test('goes out in its new words when it waited for KARTE', async () => {
    const { customer, thread } = await conversation(s.simulator, 'edit-waiting');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '古い文', pictures: [picture()] });
    await putOff();
    await edit(postId, '@KARTE 新しい文');
    const [first] = await s.simulator.waitFor(() => (customer.received[0] ? customer.received : undefined), 10_000);
    expect(first?.text.split('\n')[0]).toBe('新しい文');
  });

  test('that begins with “reply” where everything goes out loses no word on the way', async () => {
    const { customer, thread } = await conversation(s.simulator, 'edit-reply');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: 'You can answer here' });
    await putOff();
    await edit(postId, '@KARTE Reply to this message if you need more');
    await idle(s);
    expect(customer.received).toEqual([]);
  });
});
