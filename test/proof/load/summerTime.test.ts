import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../simulator/simulator.ts';
import { connect, type Stand } from '../../integration/stand.ts';
import { Door } from './door.ts';
import { FastClock } from './fastClock.ts';
import { figures } from './figures.ts';
import { type Launched, launch } from './launched.ts';
import { metric } from './quiet.ts';
import { type Seat, seat, usersOf } from './seats.ts';
import { PATIENCE, size } from './seed.ts';
import type { Site } from './site.ts';
import { disordered, shownIn, textOf } from './texts.ts';
import { pause, until } from './until.ts';

const USERS = size(8, 50);
const MESSAGES = 4;
const RATE = 30;
const MINUTE = 60_000;

/** When the clocks on the wall change (UTC). */
const CHANGES: [string, string, string][] = [
  ['Europe/Berlin', 'the end of summer time', '2026-10-25T01:00:00Z'],
  ['Europe/Berlin', 'its beginning', '2027-03-28T01:00:00Z'],
  ['America/New_York', 'the end of summer time', '2026-11-01T06:00:00Z'],
  ['America/New_York', 'its beginning', '2027-03-14T07:00:00Z'],
];

/** Proof 13, the other half: waits and the flow of messages across a change to or from summer time. */
describe('across a change of the wall clock', () => {
  let product: Launched;
  let simulator: Simulator;
  let door: Door;
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-zone-'));
  afterEach(async () => {
    await simulator.close();
    await product.stop();
    door.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The product in this zone, a little before that moment; time begins to hurry when everybody sits. */
  async function before(zone: string, moment: number) {
    const clock = new FastClock(RATE, { start: moment - 100_000, slowStart: true, shared: true });
    const { now } = clock;
    door = await Door.open();
    product = await launch('zoned.ts', {
      TZ: zone,
      PROOF_START: String(now()),
      PROOF_RATE: String(RATE),
      PUBLIC_URL: 'https://desk.example.test',
      KARTE_API_URL: `${door.url}/karte`,
      SQLITE_PATH: join(folder, `${moment}.db`),
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      LEASE_MS: '600000',
      TEAMS_BUDGET: 'off',
      TEAMS_TENANT_BUDGET: 'off',
    });
    simulator = createSimulator({
      botUrl: product.url,
      baseUrl: door.url,
      enforceLimits: false,
      activityRetryMs: 2_000,
      now,
    });
    door.behind = (request, response) => void simulator.handle(request, response);
    await Promise.all(simulator.teams.install().map(({ settled }) => settled));
    await connect({ simulator } as Stand);
    const seats = await seat({ simulator } as Site, USERS);
    product.signal('SIGUSR2');
    clock.hurry();
    return { now, seats };
  }

  test.each(size([CHANGES[0], CHANGES[3]] as typeof CHANGES, CHANGES))(
    'in %s, at %s, nobody waits longer, nothing storms, and the order is kept',
    async (zone, name, at) => {
      const moment = Date.parse(at);
      const { now, seats } = await before(zone, moment);
      const posted = () => door.count('POST', /\/activities$/);
      const sent = posted();
      // Teams asks for patience until a little after the change, by a date.
      const patience = moment + 20_000;
      await until(() => now() > moment - 40_000);
      const headers = { 'retry-after': new Date(patience).toUTCString() };
      const path = '/activities$';
      simulator.faults.next({ side: 'teams', method: 'POST', path, status: 429, headers, times: USERS });
      await everybodyWrites(seats, 1, 2);
      await until(() => now() > moment + 1_000);
      simulator.faults.clear();
      const early = shownIn(simulator).total;
      await everybodyWrites(seats, 3, MESSAGES);
      await until(() => shownIn(simulator).at.size >= USERS * MESSAGES, PATIENCE / 2);
      const shown = shownIn(simulator);
      const done = Math.max(...shown.at.values());
      await until(async () => (await metric(product.url, 'madoguchi_deliveries_waiting')) === 0);
      await pause(MINUTE / RATE);
      figures(`13, ${zone}, ${name}`, {
        messages: USERS * MESSAGES,
        posts: posted() - sent,
        'all shown after the patience and': `${((done - patience) / 1000).toFixed(0)} s`,
      });
      expect(early).toBe(0);
      expect(disordered(usersOf(seats), MESSAGES, shown.of)).toEqual({});
      expect(posted() - sent).toBeLessThanOrEqual(USERS * (MESSAGES + 1));
      expect(done).toBeGreaterThanOrEqual(patience);
      expect(done).toBeLessThan(patience + 3 * MINUTE);
    },
    PATIENCE,
  );

  async function everybodyWrites(seats: Seat[], from: number, to: number): Promise<void> {
    await Promise.all(
      seats.map(async ({ user, customer }) => {
        for (let number = from; number <= to; number++)
          expect((await customer.write(textOf(user, number)).settled).outcome).toBe('accepted');
      }),
    );
  }
});
