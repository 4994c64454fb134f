import type { Fault, Post } from '../../../simulator/state.ts';
import {
  buttonOf,
  failures,
  hasEffect,
  REPEAT,
  ROOT_REPEAT,
  reply,
  SEND_AGAIN,
  SEND_PATH,
  threadsOf,
  UNCLEAR,
  UNKNOWN,
  WAS_SENT,
} from '../../faults/scene.ts';
import { factsOf } from '../../integration/moves.ts';
import { wordsOf } from '../../integration/stand.ts';
import { FastClock } from './fastClock.ts';
import { figures } from './figures.ts';
import { quiet } from './quiet.ts';
import { keyOf, type Seat, seat } from './seats.ts';
import { PATIENCE } from './seed.ts';
import { type Site, site } from './site.ts';
import { saidIn, textOf } from './texts.ts';
import { until } from './until.ts';

/** Waits of seconds pass in milliseconds; what hangs hangs in real time. */
const RATE = 25;

/** One row of the table: what a call met, and the requests that came in at the socket because of it. */
interface Row {
  met: string;
  requests: number;
}

/** Proof 7: a call whose outcome nobody knows, on every way out; requests are counted at the socket. */
describe('an outcome that nobody knows', () => {
  let s: Site;
  let seats: Seat[];
  beforeAll(async () => {
    s = await site({ clock: new FastClock(RATE), env: { SEND_TIMEOUT_MS: '2000', LEASE_MS: '600000' } });
    seats = await seat(s, UNKNOWN.length);
  }, PATIENCE);
  afterAll(() => s.close());
  afterEach(() => s.simulator.faults.clear());

  /** Lets each kind of failure happen once, to another end user each, and counts what came in until everything was quiet. */
  async function table(
    fault: Pick<Fault, 'side' | 'method' | 'path'>,
    count: (user: number) => number,
    act: (user: number, met: Partial<Fault>) => Promise<void>,
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for (const [user, [met, how]] of UNKNOWN.entries()) {
      const before = count(user);
      s.simulator.faults.next({ ...fault, ...how });
      await act(user, how);
      await quiet(s);
      expect(s.simulator.faults.state.planned).toEqual([]);
      rows.push({ met, requests: count(user) - before });
    }
    return rows;
  }

  const show = (way: string, rows: Row[]) =>
    figures(`7, ${way}`, Object.fromEntries(rows.map(({ met, requests }) => [met, requests])));
  const wrong = (rows: Row[], wanted: (how: Partial<Fault>) => number) =>
    rows.filter(({ requests }, at) => requests !== wanted(UNKNOWN[at]?.[1] ?? {}));
  const threadOf = (user: number) => (seats[user] as Seat).thread;
  const sayings = (user: number, number: number) =>
    s.simulator.teams
      .botPosts()
      .filter((post) => saidIn(post).some((said) => said.user === user && said.number === number));

  test(
    'of making a thread: asked twice, the second root says so, and the words go in once',
    async () => {
      const first = 1_000;
      const creations = () => s.teamsDoor.count('POST', /^\/teams\/v3\/conversations$/);
      const rows = await table(
        { side: 'teams', method: 'POST', path: '^/v3/conversations$' },
        creations,
        async (user, how) => {
          const fresh = first + user;
          s.simulator.karte.customer({ user_id: keyOf(fresh) }).write(textOf(fresh, 1));
          await until(() => sayings(fresh, 1)[0]);
          const roots = threadsOf(s, keyOf(fresh));
          expect(roots).toHaveLength(hasEffect(how) ? 2 : 1);
          expect(wordsOf(roots.at(-1)?.posts[0] as never)).toContain(ROOT_REPEAT);
          expect(sayings(fresh, 1)).toHaveLength(1);
        },
      );
      show('making a thread', rows);
      expect(wrong(rows, () => 2)).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'of a post into a thread: posted twice at most, the second time marked',
    async () => {
      const posts = (user: number) => s.teamsDoor.count('POST', new RegExp(`=${threadOf(user).rootId}/activities$`));
      const rows = await table({ side: 'teams', method: 'POST', path: '/activities$' }, posts, async (user, how) => {
        seats[user]?.customer.write(textOf(user, 2));
        const visible = hasEffect(how) ? 2 : 1;
        await until(() => sayings(user, 2).length >= visible);
        expect(sayings(user, 2).map((post) => wordsOf(post).includes(REPEAT))).toEqual(
          hasEffect(how) ? [false, true] : [true],
        );
      });
      show('a post', rows);
      expect(wrong(rows, () => 2)).toEqual([]);
      expect(failures(s)).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'of drawing a card anew: drawn again a few times at most until it is true, and nothing is posted',
    async () => {
      const draws = (user: number) => s.teamsDoor.count('PUT', new RegExp(`/activities/${threadOf(user).rootId}$`));
      const posts = () => s.teamsDoor.count('POST', /\/activities$/);
      // What was said before is drawn by now: a late drawing would meet the trouble that is meant for another.
      const saidLast = ({ customer }: Seat) => customer.messages.at(-1)?.text ?? '';
      await until(() => seats.every((one) => wordsOf(threadOf(one.user).posts[0] as Post).includes(saidLast(one))));
      const before = posts();
      const rows = await table({ side: 'teams', method: 'PUT' }, draws, async (user) => {
        const { customer } = seats[user] as Seat;
        const root = threadOf(user).posts[0];
        const calls = draws(user);
        customer.assign('op-yamada-0001');
        await until(() => draws(user) >= calls + 2 && (factsOf(root).担当 ?? '').includes('山田'));
      });
      show('a card', rows);
      expect(rows.filter(({ requests }) => requests > 4)).toEqual([]);
      expect(posts()).toBe(before);
    },
    PATIENCE,
  );

  const sends = (user: number) =>
    s.simulator.karte.calls.filter(
      ({ path, body }) => path.endsWith('sendFromOperator') && (body as { user_id?: string })?.user_id === keyOf(user),
    ).length;

  test(
    'of a send to the customer: looked up; what is there is not sent again, what is surely not there is, once',
    async () => {
      const rows = await table({ side: 'karte', path: SEND_PATH }, sends, async (user) => {
        const said = reply(s, threadOf(user), `返事 ${user}。`);
        await until(() => said.post.reactions.length > 0 || failures(s, `返事 ${user}。`).length > 0);
      });
      const lookUps = s.karteDoor.count('POST', /message\/get$/);
      show(`a send to KARTE (${lookUps} look-ups)`, rows);
      expect(s.karteDoor.count('POST', /sendFromOperator$/)).toBe(
        rows.reduce((sum, { requests }) => sum + requests, 0),
      );
      expect(wrong(rows, (how) => (hasEffect(how) ? 1 : 2))).toEqual([]);
      expect(failures(s).map(wordsOf)).toEqual([]);
      expect(seats.map(({ customer }) => customer.received.map(({ text }) => text))).toEqual(
        seats.map(({ user }) => [`返事 ${user}。`]),
      );
    },
    PATIENCE,
  );

  test(
    'of a send to the customer that cannot be looked up: sent once, and a person is asked with two buttons',
    async () => {
      const received = (user: number) => seats[user]?.customer.received.length ?? 0;
      const rows = await table({ side: 'karte', path: SEND_PATH }, sends, async (user, how) => {
        const before = received(user);
        // Whoever looks meets this as often as they look.
        s.simulator.faults.next({ side: 'karte', path: 'message/get$', status: 403, times: 1_000 });
        reply(s, threadOf(user), `問い ${user}。`);
        const card = await until(() => failures(s, `問い ${user}。`)[0]);
        expect(wordsOf(card)).toContain(UNCLEAR);
        expect([buttonOf(card, SEND_AGAIN), buttonOf(card, WAS_SENT)]).toHaveLength(2);
        expect(received(user) - before).toBe(hasEffect(how) ? 1 : 0);
        s.simulator.faults.clear();
      });
      show('a send that cannot be looked up', rows);
      expect(wrong(rows, () => 1)).toEqual([]);
    },
    PATIENCE,
  );
});
