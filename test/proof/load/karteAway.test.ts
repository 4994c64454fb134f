import { reply } from '../../faults/scene.ts';
import { FastClock } from './fastClock.ts';
import { figures } from './figures.ts';
import { metric, quiet } from './quiet.ts';
import { seat, usersOf } from './seats.ts';
import { PATIENCE, size } from './seed.ts';
import { type Site, site } from './site.ts';
import { disordered, textOf } from './texts.ts';
import { pooled, until } from './until.ts';

const USERS = size(20, 100);
const EACH = size(5, 10);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An hour in a few seconds. */
const RATE = size(900, 300);

/** Proof 8: KARTE is away for an hour (connections are refused) while answers wait. */
describe('answers while KARTE is away for an hour', () => {
  let s: Site;
  const clock = new FastClock(RATE, { slowStart: true });
  beforeAll(async () => {
    s = await site({
      clock,
      // Leases, and what operators press, must outlast a moment of the machine at this pace.
      env: { LEASE_MS: '3600000' },
    });
  }, PATIENCE);
  afterAll(() => s.close());

  test(
    'wait, are seen to wait, and arrive once and in order',
    async () => {
      const seats = await seat(s, USERS);
      clock.hurry();
      s.karteDoor.shut();
      const away = clock.elapsed();
      await pooled(seats, 10, async ({ user, thread }) => {
        for (let number = 1; number <= EACH; number++) {
          const delivery = await reply(s, thread, textOf(user, number)).settled;
          expect(delivery?.outcome).toBe('accepted');
        }
      });
      const begun = clock.elapsed();
      await until(() => clock.elapsed() - begun >= HOUR, PATIENCE);
      const waiting = await metric(s.running.url, 'madoguchi_deliveries_waiting');
      const oldest = await metric(s.running.url, 'madoguchi_oldest_delivery_seconds');
      const ready = (await (await fetch(`${s.running.url}/readyz`)).json()) as { waiting: number; oldest: number };
      const back = clock.elapsed();
      await s.karteDoor.open();
      await until(() => seats.every(({ customer }) => customer.received.length >= EACH), PATIENCE);
      const last = clock.elapsed();
      await quiet(s);
      const numbersOf = (user: number) =>
        (seats[user]?.customer.received ?? []).map(({ text }) => Number(/-(\d+)\.$/.exec(text)?.[1]));
      figures('8, KARTE away', {
        answers: USERS * EACH,
        'away for': `${((back - away) / MINUTE).toFixed(0)} min`,
        'shown as waiting': waiting,
        'oldest by /metrics': `${(oldest / 60).toFixed(0)} min`,
        'oldest by /readyz': `${(ready.oldest / MINUTE).toFixed(0)} min`,
        'all there after its return': `${((last - back) / MINUTE).toFixed(1)} min`,
        'sends at the socket': s.karteDoor.count('POST', /sendFromOperator$/),
      });
      expect(waiting).toBeGreaterThanOrEqual(USERS * EACH);
      expect(ready.waiting).toBeGreaterThanOrEqual(USERS * EACH);
      expect(oldest).toBeGreaterThanOrEqual(3_600);
      expect(ready.oldest).toBeGreaterThanOrEqual(HOUR);
      expect(disordered(usersOf(seats), EACH, numbersOf)).toEqual({});
      expect(s.karteDoor.count('POST', /sendFromOperator$/)).toBe(USERS * EACH);
      expect(await metric(s.running.url, 'madoguchi_deliveries_waiting')).toBe(0);
      expect(await metric(s.running.url, 'madoguchi_oldest_delivery_seconds')).toBe(0);
      // One of them finds out every minute, whatever the plans say.
      expect(last - back).toBeLessThan(10 * MINUTE);
    },
    PATIENCE,
  );
});
