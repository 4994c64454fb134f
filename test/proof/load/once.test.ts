import type { Post } from '../../../simulator/state.ts';
import { buttonOf, failures, messagePosts, reply, SEND_AGAIN, SEND_PATH, sends, WAS_SENT } from '../../faults/scene.ts';
import { asked, button, slip, tell } from '../../integration/moves.ts';
import { GUEST, SATO, YAMADA } from '../../integration/stand.ts';
import { FastClock } from './fastClock.ts';
import { figures } from './figures.ts';
import { quiet } from './quiet.ts';
import { type Seat, seat, usersOf } from './seats.ts';
import { between, chance, PATIENCE, size } from './seed.ts';
import { type Site, site } from './site.ts';
import { disordered, shownIn, textOf } from './texts.ts';
import { pause, pooled, until } from './until.ts';

const USERS = size(12, 200);
const MESSAGES = size(6, 20);
const RATE = 50;

/** When Teams delivers an activity again that it takes for lost (ms). */
const REDELIVERIES = [15_000, 30_000];

/** Who presses a button, one after the other and all at once: every press is a new activity. */
const PRESSES = [SATO, YAMADA, GUEST, SATO, YAMADA];

/** Proof 3: whatever comes several times has its effect once. */
describe('what comes several times', () => {
  let s: Site;
  let seats: Seat[];
  beforeAll(async () => {
    s = await site({ clock: new FastClock(RATE), env: { LEASE_MS: '600000' } });
    seats = await seat(s, USERS);
    const channel = s.simulator.state().team.id;
    await tell(s, SATO, { channel, text: 'operator link op-sato-0002' });
  }, PATIENCE);
  afterAll(() => s.close());
  afterEach(() => s.simulator.faults.clear());

  /** Several people press at once, and once more when all is quiet. */
  async function pressOften(card: Post, data: Record<string, unknown>): Promise<void> {
    const ids = new Set<string>();
    const press = (who: string) => {
      const { activity, answered } = s.simulator.teams.click(who, card.id, data);
      ids.add(activity.id);
      return answered;
    };
    await Promise.all(PRESSES.map(press));
    await quiet(s);
    for (const who of [SATO, YAMADA]) await press(who);
    await quiet(s);
    expect(ids.size).toBe(PRESSES.length + 2);
  }

  test(
    'hooks, 1 to 10 times at once, are shown once, in order',
    async () => {
      const draw = chance(3);
      let copies = 0;
      await pooled(seats, 12, async ({ user, customer }) => {
        for (let number = 1; number <= MESSAGES; number++) {
          const times = between(draw, 1, 10);
          copies += times;
          const { outcome } = await customer.write(textOf(user, number), { copies: times }).settled;
          expect(outcome).toBe('accepted');
        }
      });
      await until(() => shownIn(s.simulator).at.size >= USERS * MESSAGES);
      await quiet(s);
      const shown = shownIn(s.simulator);
      figures('3, hooks', { messages: USERS * MESSAGES, hooks: copies, shown: shown.total });
      expect(copies).toBeGreaterThan(USERS * MESSAGES * 4);
      expect(disordered(usersOf(seats), MESSAGES, shown.of)).toEqual({});
    },
    PATIENCE,
  );

  test(
    'activities, delivered again at once and after 15 and 30 seconds, are answered once',
    async () => {
      const before = sends(s).length;
      const ends: { customer: Seat['customer']; taken: number }[] = [];
      await pooled(seats, 12, async ({ user, thread, customer }) => {
        const said = reply(s, thread, `返事 ${user}。`);
        const { activity } = said;
        if (!activity) throw new Error('nothing was delivered');
        const statuses = [said.answered, s.simulator.teams.redeliver(activity.id).answered];
        let gone = 0;
        for (const at of REDELIVERIES) {
          await pause((at - gone) / RATE);
          gone = at;
          statuses.push(s.simulator.teams.redeliver(activity.id).answered);
        }
        const deliveries = await Promise.all(statuses);
        ends.push({ customer, taken: deliveries.filter((each) => each?.outcome === 'accepted').length });
      });
      await quiet(s);
      figures('3, activities', {
        replies: USERS,
        deliveries: ends.reduce((sum, { taken }) => sum + taken, 0),
        'sends to KARTE': sends(s).length - before,
      });
      expect(ends.map(({ taken }) => taken)).toEqual(ends.map(() => 2 + REDELIVERIES.length));
      expect(sends(s).length - before).toBe(USERS);
      expect(ends.map(({ customer }) => customer.received.length)).toEqual(ends.map(() => 1));
    },
    PATIENCE,
  );

  test('a command, delivered again, is run once and answered once', async () => {
    const { thread } = seats[0] as Seat;
    const before = asked(s, 'assignee/assign').length;
    const answer = await tell(s, SATO, { thread: thread.id, text: 'operator assign' });
    const posts = thread.posts.length;
    for (const at of REDELIVERIES) {
      await pause(at / RATE);
      expect((await s.simulator.teams.redeliver(answer.activityId).answered).outcome).toBe('accepted');
    }
    await quiet(s);
    expect(asked(s, 'assignee/assign')).toHaveLength(before + 1);
    expect(thread.posts).toHaveLength(posts);
  });

  test('“Send again” under an answer, pressed again and again, sends it once', async () => {
    const { thread, customer } = seats[1] as Seat;
    const received = customer.received.length;
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    reply(s, thread, '送れなかった返事。');
    const card = await until(() => failures(s, '送れなかった返事。')[0]);
    await pressOften(card, buttonOf(card, SEND_AGAIN));
    expect(customer.received.slice(received).map(({ text }) => text)).toEqual(['送れなかった返事。']);
    expect(sends(s).filter(({ body }) => JSON.stringify(body).includes('送れなかった返事。'))).toHaveLength(2);
  });

  test('“Send again” under a customer’s message, pressed again and again, shows it once', async () => {
    const { customer } = seats[2] as Seat;
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: '/activities$', status: 400 });
    customer.write('出せなかった質問です');
    const card = await until(() => failures(s, '出せなかった質問です')[0]);
    await pressOften(card, buttonOf(card, SEND_AGAIN));
    expect(messagePosts(s, '出せなかった質問です').map(({ status }) => status)).toEqual([400, 201]);
  });

  test('“It was sent”, pressed again and again, sends nothing, and neither does “Send again” after it', async () => {
    const { thread, customer } = seats[3] as Seat;
    const received = customer.received.length;
    s.simulator.faults.next({ side: 'karte', path: 'message/get$', status: 403, times: 100 });
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 502, effect: true });
    reply(s, thread, '届いた返事。');
    const card = await until(() => failures(s, '届いた返事。')[0]);
    const again = buttonOf(card, SEND_AGAIN);
    await pressOften(card, buttonOf(card, WAS_SENT));
    await pressOften(card, again);
    expect(customer.received.slice(received).map(({ text }) => text)).toEqual(['届いた返事。']);
    expect((await s.store.deliveries.find({ where: { state: 'parked' } })).length).toBe(0);
  });

  test.each([
    ['実行', 1, 0],
    ['このままお客さまに送る', 0, 1],
    ['やめる', 0, 0],
  ])('“%s” under the question about a slip, pressed again and again, works once', async (title, runs, sent) => {
    const { customer, card } = await slip(s, `slip-${title}`, 'operater assign');
    if (!card) throw new Error('no question was asked');
    const before = asked(s, 'assignee/assign').length;
    const all = ['実行', 'このままお客さまに送る', 'やめる'].map((each) => button(card, each));
    await pressOften(card, button(card, title));
    for (const data of all) await pressOften(card, data);
    expect(asked(s, 'assignee/assign')).toHaveLength(before + runs);
    expect(customer.received.map(({ text }) => text)).toEqual(sent ? ['operater assign'] : []);
  });
});
