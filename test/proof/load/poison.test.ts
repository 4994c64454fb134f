import type { Fault } from '../../../simulator/state.ts';
import { buttonOf, failures, press, reply, SEND_AGAIN, SEND_PATH } from '../../faults/scene.ts';
import { YAMADA } from '../../integration/stand.ts';
import { FastClock } from './fastClock.ts';
import { figures } from './figures.ts';
import { quiet } from './quiet.ts';
import { type Seat, seat } from './seats.ts';
import { PATIENCE } from './seed.ts';
import { type Site, site } from './site.ts';
import { shownIn, textOf } from './texts.ts';
import { until } from './until.ts';

const POISON = '猛毒';
const RATE = 20;

/** Longer than what a failure card quotes. */
const LONG_TEXT = '長い話です。'.repeat(200);

/** Proof 11: one message that the other side refuses each time. */
describe('a poison message', () => {
  let s: Site;
  let seats: Seat[];
  beforeEach(async () => {
    // With a budget, what waits together may be merged.
    const env = { LEASE_MS: '600000', TEAMS_BUDGET: '7/1,8/2,60/30', TEAMS_TENANT_BUDGET: '50/1' };
    s = await site({ clock: new FastClock(RATE), env });
    seats = await seat(s, 2);
    await quiet(s);
  }, PATIENCE);
  afterEach(() => s.close());

  const poisonous = (fault: Partial<Fault>) =>
    s.simulator.faults.next({ side: 'teams', method: 'POST', containing: POISON, times: 1_000_000, ...fault });

  /** Holds the Teams channel up, so that what is written now waits together and may be merged. */
  function holdUp(): void {
    const path = '/activities$';
    const headers = { 'retry-after': '15' };
    s.simulator.faults.next({ side: 'teams', method: 'POST', path, status: 429, headers });
  }

  /** Four messages, the third of them poisoned; resolves when all that can be shown is. */
  async function written(poison: string): Promise<void> {
    const { customer } = seats[0] as Seat;
    const texts = [textOf(0, 1), textOf(0, 2), poison, textOf(0, 4)];
    for (const text of texts) expect((await customer.write(text).settled).outcome).toBe('accepted');
    await (seats[1] as Seat).customer.write(textOf(1, 1)).answered;
    await until(() => shownIn(s.simulator).at.size >= 4);
  }

  const card = () => failures(s)[0];

  test.each([
    ['413', { status: 413 }, `${textOf(0, 3)} ${LONG_TEXT}${POISON}`],
    ['400', { status: 400 }, `${textOf(0, 3)} ${LONG_TEXT}${POISON}`],
    ['400, and for every card that quotes it', { status: 400 }, `${textOf(0, 3)} ${POISON}`],
  ])(
    'that Teams answers with %s is parked, holds nobody up, and is shown by its button once mended',
    async (name, fault, poison) => {
      poisonous(fault);
      holdUp();
      await written(poison);
      const asked = await until(card, PATIENCE / 3);
      await quiet(s);
      expect(shownIn(s.simulator).of(0)).toEqual([1, 2, 4]);
      expect(shownIn(s.simulator).of(1)).toEqual([1]);
      const tries = s.simulator.teams.calls.filter(({ body }) => JSON.stringify(body ?? '').includes(POISON)).length;
      s.simulator.faults.clear();
      await press(s, YAMADA, asked, SEND_AGAIN);
      await until(() => shownIn(s.simulator).of(0).length === 4);
      await quiet(s);
      figures(`11, ${name}`, { 'calls with the poison before': tries, shown: shownIn(s.simulator).of(0).join(' ') });
      expect(tries).toBeLessThanOrEqual(6);
      expect(shownIn(s.simulator).of(0)).toEqual([1, 2, 4, 3]);
      expect(failures(s)).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'that KARTE answers with 400 is parked, the next answer goes, and the button sends it once mended',
    async () => {
      const { customer, thread } = seats[0] as Seat;
      poisonous({ side: 'karte', method: 'POST', path: SEND_PATH, status: 400 });
      for (const text of ['一つ目。', `${POISON}。`, '三つ目。']) await reply(s, thread, text).answered;
      const asked = await until(() => failures(s, POISON)[0]);
      await until(() => customer.received.length === 2);
      await quiet(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['一つ目。', '三つ目。']);
      expect(buttonOf(asked, SEND_AGAIN)).toMatchObject({ madoguchi: 'sendAgain' });
      s.simulator.faults.clear();
      await press(s, YAMADA, asked, SEND_AGAIN);
      await until(() => customer.received.length === 3);
      await quiet(s);
      const received = customer.received.map(({ text }) => text);
      figures('11, KARTE', { received: received.length, 'sends at the socket': s.karteDoor.count('POST', /sendFrom/) });
      expect(received).toEqual(['一つ目。', '三つ目。', `${POISON}。`]);
      expect(failures(s)).toEqual([]);
    },
    PATIENCE,
  );
});
