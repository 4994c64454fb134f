import type { Post } from '../../simulator/state.ts';
import { SATO, wordsOf, YAMADA } from '../integration/stand.ts';
import {
  buttonOf,
  conversation,
  failures,
  press,
  reply,
  type Scene,
  SEND_AGAIN,
  SEND_PATH,
  scene,
  settled,
} from './scene.ts';

const IN_A_MOMENT = 'まだ処理中です。少し待ってから、もう一度押してください。';
const ALREADY = 'すでに対応済み';

describe('a card that stands in its thread while its reply is still being put to rest', () => {
  let s: Scene;
  /** What the step between the card and the rest waits for. */
  let held: PromiseWithResolvers<void>;
  beforeEach(async () => {
    held = Promise.withResolvers();
    s = await scene({ step: (step) => (step === 'notice.stored' ? held.promise : undefined) });
  });
  afterEach(async () => {
    held.resolve();
    await s.close();
  });

  async function refused(key: string) {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    reply(s, thread, '届かない文');
    const card = await s.clock.until(() => failures(s, '届かない文')[0], 500);
    const showing = (words: string): Post[] =>
      thread.posts.filter((post) => post.fromBot && wordsOf(post).includes(words));
    return { customer, thread, card, showing };
  }

  // It said that somebody had dealt with it, and whoever believed that left the reply lying.
  test.each([
    [SEND_AGAIN, `${SATO} さんがもう一度送りました。`],
    ['送信済みにする', `${SATO} さんが送信済みにしました。`],
    ['送らない', `${SATO} さんが、送らないことにしました。`],
  ])('asks for another press of “%s” a moment later, which then works', async (title, done) => {
    const { card, showing } = await refused('member-a');
    await press(s, SATO, card, title);
    await s.clock.until(() => showing(IN_A_MOMENT).length === 1 || undefined, 0);
    expect(showing(ALREADY)).toEqual([]);
    held.resolve();
    await settled(s);
    await press(s, SATO, card, title);
    await s.simulator.waitFor(() => wordsOf(card).includes(done));
    expect(showing(ALREADY)).toEqual([]);
  });

  test('says that somebody has dealt with it once somebody has, also while the reply is on its way again', async () => {
    const { customer, card, showing } = await refused('member-b');
    held.resolve();
    await settled(s);
    const again = buttonOf(card, SEND_AGAIN);
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: 'before' });
    await press(s, SATO, card, SEND_AGAIN);
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    await s.simulator.teams.click(YAMADA, card.id, again).answered;
    expect(showing(ALREADY)).toHaveLength(1);
    expect(showing(IN_A_MOMENT)).toEqual([]);
    await settled(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['届かない文']);
  });
});
