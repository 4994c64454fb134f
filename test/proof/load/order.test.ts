import { FastClock } from './fastClock.ts';
import { figures, quantile } from './figures.ts';
import { quiet } from './quiet.ts';
import { type Refused, refuseSometimes } from './refused.ts';
import { type Seat, seat, usersOf } from './seats.ts';
import { between, chance, PATIENCE, SEED, size } from './seed.ts';
import { type Site, site } from './site.ts';
import { disordered, shownIn, textOf } from './texts.ts';
import { pause, until } from './until.ts';

const USERS = size(40, 200);
const MESSAGES = size(10, 100);

/** How fast time runs where failures make messages wait. */
const RATE = size(60, 20);

/** How soon 99 of 100 are shown while one thread hangs (ms). The short size only tells it from the 10 s of a hung send. */
const SOON = size(5_000, 1_000);

/** Proof 5: order for each end user, whatever the delays, and nobody waits for another. */
describe('many end users who write at once', () => {
  let s: Site;
  let refused: Refused | undefined;
  afterEach(async () => {
    refused?.stop();
    await s.close();
  });

  /** Every user writes number after number, each once the one before is acknowledged, after a delay by chance. */
  async function everybodyWrites(seats: Seat[], longest: number): Promise<Map<string, number>> {
    const draw = chance(5);
    const sent = new Map<string, number>();
    await Promise.all(
      seats.map(async ({ user, customer }) => {
        for (let number = 1; number <= MESSAGES; number++) {
          await pause(between(draw, 0, longest));
          sent.set(textOf(user, number), Date.now());
          expect((await customer.write(textOf(user, number)).settled).outcome).toBe('accepted');
        }
      }),
    );
    return sent;
  }

  test(
    'are shown in the order of arrival while one call in ten fails',
    async () => {
      const clock = new FastClock(RATE);
      s = await site({ clock, env: { LEASE_MS: '1200000' } });
      const seats = await seat(s, USERS);
      const trouble = [
        { status: 429, headers: { 'retry-after': '3' } },
        { status: 429, headers: { 'retry-after': '7' } },
        { status: 429, headers: { 'retry-after': '11' } },
        { status: 412 },
      ];
      s.simulator.faults.sometimes({
        side: 'teams',
        method: 'POST',
        path: '/activities$',
        share: 0.08,
        seed: SEED,
        faults: trouble,
      });
      refused = await refuseSometimes(s.teamsDoor.url, 0.02, chance(55));
      await everybodyWrites(seats, size(100, 4_000));
      await until(() => shownIn(s.simulator).at.size >= USERS * MESSAGES, PATIENCE / 2);
      await quiet(s);
      const shown = shownIn(s.simulator);
      const calls = s.teamsDoor.count('POST', /\/activities$/);
      const put = s.simulator.teams.calls.filter(({ faulty }) => faulty).length;
      figures('5, order', {
        messages: USERS * MESSAGES,
        posts: shown.posts,
        calls,
        'put off': put,
        'connections refused': refused.count,
      });
      expect(put + refused.count).toBeGreaterThan(calls / 15);
      expect(disordered(usersOf(seats), MESSAGES, shown.of)).toEqual({});
    },
    PATIENCE,
  );

  test(
    'wait for nobody whose thread hangs: 99 of 100 are shown soon',
    async () => {
      s = await site({ env: { SEND_TIMEOUT_MS: '10000' } });
      const seats = await seat(s, USERS + 1);
      const [stuck, ...others] = seats as [Seat, ...Seat[]];
      const path = `messageid=${stuck.thread.rootId}/activities$`;
      s.simulator.faults.next({ side: 'teams', method: 'POST', path, hang: true, times: 1_000_000 });
      await stuck.customer.write(textOf(stuck.user, 1)).answered;
      await until(() => s.teamsDoor.count('POST', new RegExp(path)) >= 2);
      // Far below what the machine can do: what is measured is who waits for whom.
      const sent = await everybodyWrites(others, size(1_400, 8_000));
      await stuck.customer.write(textOf(stuck.user, 2)).answered;
      await until(() => shownIn(s.simulator).at.size >= USERS * MESSAGES, PATIENCE / 2);
      const shown = shownIn(s.simulator);
      const delays = [...sent].map(([text, at]) => (shown.at.get(text) ?? Number.NaN) - at);
      figures('5, stuck', {
        messages: delays.length,
        p50: `${quantile(delays, 0.5)} ms`,
        p99: `${quantile(delays, 0.99)} ms`,
        slowest: `${Math.max(...delays)} ms`,
        'of the stuck one': shown.of(stuck.user).length,
      });
      expect(disordered(usersOf(others), MESSAGES, shown.of)).toEqual({});
      expect(shown.of(stuck.user)).toEqual([]);
      expect(quantile(delays, 0.99)).toBeLessThan(SOON);
    },
    PATIENCE,
  );
});
