import { FastClock } from './fastClock.ts';
import { figures } from './figures.ts';
import { metric, quiet } from './quiet.ts';
import { type Seat, seat, usersOf } from './seats.ts';
import { PATIENCE, size } from './seed.ts';
import { type Site, site } from './site.ts';
import { disordered, shownIn, textOf } from './texts.ts';
import { pause, until } from './until.ts';

const USERS = size(20, 100);
const RATE = 60;
const MINUTE = 60_000;
const JUMP = 10 * MINUTE;

/** Proof 13: the machine's clock is set ten minutes forward or back while messages wait and flow. */
describe('a clock that is set', () => {
  let s: Site;
  let clock: FastClock;
  let seats: Seat[];
  beforeEach(async () => {
    clock = new FastClock(RATE);
    s = await site({ clock, env: { LEASE_MS: '1200000' } });
    seats = await seat(s, USERS);
    await quiet(s);
  }, PATIENCE);
  afterEach(() => s.close());

  const everybodyWrites = (from: number, to: number) =>
    Promise.all(
      seats.map(async ({ user, customer }) => {
        for (let number = from; number <= to; number++)
          expect((await customer.write(textOf(user, number)).settled).outcome).toBe('accepted');
      }),
    );
  const posted = () =>
    s.teamsDoor.knocks.filter(({ method, path }) => method === 'POST' && path.endsWith('/activities'));

  /** The most posts in one minute of the product's own time. */
  function mostAMinute(from: number): number {
    const minutes = new Map<number, number>();
    for (const { at } of posted().slice(from)) {
      const minute = Math.floor((at * RATE) / MINUTE);
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    }
    return Math.max(0, ...minutes.values());
  }

  test.each([
    ['forward', [JUMP]],
    ['back', [-JUMP]],
    ['forward and back again', [JUMP, -JUMP]],
    ['back and forward again', [-JUMP, JUMP]],
  ])(
    'ten minutes %s neither shortens nor lengthens the wait that Teams asked for',
    async (name, jumps) => {
      const before = posted().length;
      s.simulator.faults.next({
        side: 'teams',
        method: 'POST',
        path: '/activities$',
        status: 429,
        headers: { 'retry-after': '60' },
      });
      const asked = clock.elapsed();
      await (seats[0] as Seat).customer.write(textOf(0, 1)).answered;
      const throttled = 'madoguchi_delivery_attempts_total{toward="teams",outcome="refused",code="teams.throttled"}';
      await until(() => metric(s.running.url, throttled).catch(() => undefined));
      for (const jump of jumps) {
        clock.jump(jump);
        await pause(50);
      }
      await Promise.all(seats.slice(1).map(({ user, customer }) => customer.write(textOf(user, 1)).answered));
      await until(() => shownIn(s.simulator).at.size >= USERS, PATIENCE / 3);
      const done = clock.elapsed();
      await everybodyWrites(2, 3);
      await until(() => shownIn(s.simulator).at.size >= 3 * USERS, PATIENCE / 3);
      await quiet(s);
      figures(`13, ${name}`, {
        messages: 3 * USERS,
        posts: posted().length - before,
        'most a minute': mostAMinute(before),
        'shown after 60 s of patience and': `${((done - asked - MINUTE) / 1000).toFixed(0)} s`,
      });
      expect(disordered(usersOf(seats), 3, shownIn(s.simulator).of)).toEqual({});
      expect(done - asked).toBeGreaterThanOrEqual(MINUTE);
      expect(done - asked).toBeLessThan(5 * MINUTE);
      expect(posted().length - before).toBeLessThanOrEqual(3 * USERS + 5);
    },
    PATIENCE,
  );

  test(
    'again and again while Teams takes nothing starts no storm of tries, and all arrives in order afterwards',
    async () => {
      const before = posted().length;
      const path = '/activities$';
      s.simulator.faults.next({ side: 'teams', method: 'POST', path, status: 412, times: 1_000_000 });
      await everybodyWrites(1, 2);
      for (const jump of [JUMP, -JUMP, -JUMP, JUMP, JUMP, -JUMP]) {
        clock.jump(jump);
        await pause(MINUTE / 2 / RATE);
      }
      const most = mostAMinute(before);
      const tries = posted().length - before;
      s.simulator.faults.clear();
      const healed = clock.elapsed();
      await until(() => shownIn(s.simulator).at.size >= 2 * USERS, PATIENCE / 3);
      const late = clock.elapsed() - healed;
      await quiet(s);
      figures('13, storm', {
        'messages waiting': 2 * USERS,
        'tries in 3 minutes of jumps': tries,
        'most a minute': most,
        'all shown after': `${(late / MINUTE).toFixed(1)} min`,
      });
      // At once, after 5 s and after 30 s: nobody tries more often than that.
      expect(most).toBeLessThanOrEqual(4 * USERS);
      expect(tries).toBeLessThanOrEqual(6 * USERS);
      expect(tries).toBeGreaterThanOrEqual(1);
      expect(disordered(usersOf(seats), 2, shownIn(s.simulator).of)).toEqual({});
      expect(late).toBeLessThan(10 * MINUTE);
    },
    PATIENCE,
  );
});
