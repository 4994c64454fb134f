import { statSync } from 'node:fs';
import { REPEAT } from '../../faults/scene.ts';
import { wordsOf } from '../../integration/stand.ts';
import { FaultyStore } from '../../integration/storeHandles.ts';
import { figures } from './figures.ts';
import { answer, hook, type Incoming } from './incoming.ts';
import { textsOnDisk } from './onDisk.ts';
import { quiet } from './quiet.ts';
import { type Seat, seat } from './seats.ts';
import { PATIENCE, size } from './seed.ts';
import { type Site, site } from './site.ts';
import { slowed } from './slowStore.ts';
import { textOf } from './texts.ts';
import { until } from './until.ts';

const USERS = 5;
const HOOKS = size(30, 300);
const ANSWERS = size(10, 50);

/**
 * How soon an outsider must be told that nothing was stored (ms). The short size runs beside other tests, on machines
 * that stall for a second at a time: there the limit only tells an answer from waiting for the store.
 */
const SOON = size(9_000, 2_000);

/** How long the slow store takes for everything (ms). */
const SLOW = size(12_000, 3_000);

/** How long storing may take before the product gives it up (ms), and how often what was given up is sent. */
const GIVEN_UP = 1_500;
const TIMES = 3;

/** SQLite's pages (bytes). */
const PAGE = 4_096;

/** Proof 9: a store in trouble when something comes in. */
describe('what comes in while the store', () => {
  let s: Site;
  let seats: Seat[];
  let faulty: FaultyStore;
  let slow = 0;

  beforeEach(async () => {
    slow = 0;
    s = await site({
      // What comes again is sent again by the proof alone.
      simulator: { hookRetryMs: 600_000, redeliverAfterMs: 600_000, activityRetryMs: 600_000 },
      wrap: (store) => {
        faulty = new FaultyStore(store);
        return slowed(faulty.store, () => slow);
      },
    });
    seats = await seat(s, USERS);
    await quiet(s);
  }, PATIENCE);
  afterEach(() => s.close());

  function incoming(hooks: number, answers: number, more = ''): Incoming[] {
    return [
      ...Array.from({ length: hooks }, (_, n) => hook(s, n % USERS, `${textOf(n % USERS, n + 1)}${more}`)),
      ...Array.from({ length: answers }, (_, n) => answer(s, seats[n % USERS] as Seat, `返事 ${n}。`)),
    ];
  }

  /** Sends all at once; what was acknowledged is on the disk, and what was not was told so soon. */
  async function sendAll(all: Incoming[]) {
    const ends = await Promise.all(all.map(async (each) => ({ ...each, ...(await each.send()) })));
    const acknowledged = ends.filter(({ status }) => status >= 200 && status < 300).map(({ text }) => text);
    const refused = ends.filter(({ status }) => !(status >= 200 && status < 300));
    const onDisk = new Set(await textsOnDisk(s.file));
    return {
      acknowledged,
      refused: all.filter((each) => refused.some(({ text }) => text === each.text)),
      statuses: [...new Set(refused.map(({ status }) => status))].toSorted(),
      slowest: Math.max(...refused.map(({ took }) => took)),
      soonest: Math.min(...refused.map(({ took }) => took)),
      lost: acknowledged.filter((text) => !onDisk.has(text)),
    };
  }

  /**
   * Sends all when the store is well again. A hook is given up when its storing takes too long by the clock on the wall, which on a machine with much
   * else to do nothing in the store is to blame for: it comes again then.
   */
  async function sendAllAgain(all: Incoming[]) {
    let sent = await sendAll(all);
    for (let time = 1; time < TIMES && sent.refused.length > 0 && sent.soonest >= GIVEN_UP; time++) {
      const again = await sendAll(sent.refused);
      const acknowledged = [...sent.acknowledged, ...again.acknowledged];
      sent = { ...again, acknowledged, lost: [...sent.lost, ...again.lost] };
    }
    return sent;
  }

  /** Everything arrives; in Teams a second time at most where the text says that it is one. */
  async function arrivesOnce(all: Incoming[]): Promise<void> {
    const posts = (text: string) => s.simulator.teams.botPosts().filter((post) => wordsOf(post).includes(text));
    const received = () => seats.flatMap(({ customer }) => customer.received.map(({ text }) => text));
    const arrived = (text: string) => (text.startsWith('m') ? posts(text).length : Number(received().includes(text)));
    await until(() => all.every(({ text }) => arrived(text) > 0), PATIENCE / 2);
    await quiet(s);
    const again = all.filter(({ text }) => posts(text).filter((post) => !wordsOf(post).includes(REPEAT)).length > 1);
    expect(again.map(({ text }) => text.slice(0, 20))).toEqual([]);
    expect(received().length).toBe(new Set(received()).size);
    const stored = (await textsOnDisk(s.file)).filter((text) => all.some((each) => each.text === text));
    expect(stored).toHaveLength(all.length);
  }

  test(
    'is away is refused soon, not stored, and taken when it comes again',
    async () => {
      const all = incoming(HOOKS, ANSWERS);
      faulty.down = true;
      const first = await sendAll(all);
      const stored = (await textsOnDisk(s.file)).filter((text) => all.some((each) => each.text === text));
      faulty.heal();
      const second = await sendAllAgain(all);
      await arrivesOnce(all);
      figures('9, store away', {
        'came in': all.length,
        refused: `${first.refused.length} with ${first.statuses.join(' and ')}`,
        'slowest refusal': `${first.slowest.toFixed(0)} ms`,
        'acknowledged when they came again': second.acknowledged.length,
        'acknowledged and not on the disk': first.lost.length + second.lost.length,
      });
      expect(first.refused.length).toBe(all.length);
      expect(first.slowest).toBeLessThan(SOON);
      expect(stored).toEqual([]);
      expect(second.acknowledged.length).toBe(all.length);
      expect(second.lost).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'takes its time for everything is refused soon, and taken when it comes again',
    async () => {
      const all = incoming(HOOKS, ANSWERS);
      slow = SLOW;
      const first = await sendAll(all);
      slow = 0;
      const second = await sendAllAgain(all);
      await arrivesOnce(all);
      figures('9, store slow', {
        'came in': all.length,
        refused: `${first.refused.length} with ${first.statuses.join(' and ')}`,
        'slowest refusal': `${first.slowest.toFixed(0)} ms`,
        'acknowledged and not on the disk': first.lost.length + second.lost.length,
      });
      expect(first.refused.length).toBe(all.length);
      expect(first.slowest).toBeLessThan(SOON);
      expect([first.lost, second.lost]).toEqual([[], []]);
      expect(second.acknowledged.length).toBe(all.length);
    },
    PATIENCE,
  );

  test(
    'finds the disk full is refused soon or stored, and what was refused is taken when there is room',
    async () => {
      // A database that was closed has all of its pages in its file.
      await s.restart({ maxPages: undefined });
      await s.restart({ maxPages: Math.ceil(statSync(s.file).size / PAGE) + 50 });
      const all = incoming(2 * HOOKS, ANSWERS, 'x'.repeat(7_000));
      const first = await sendAll(all);
      await s.restart({ maxPages: undefined });
      const second = await sendAllAgain(first.refused);
      await arrivesOnce(all);
      figures('9, disk full', {
        'came in': all.length,
        stored: first.acknowledged.length,
        refused: `${first.refused.length} with ${first.statuses.join(' and ')}`,
        'slowest refusal': `${first.slowest.toFixed(0)} ms`,
        'acknowledged and not on the disk': first.lost.length + second.lost.length,
      });
      expect(first.acknowledged.length).toBeGreaterThan(0);
      expect(first.refused.length).toBeGreaterThan(0);
      expect(first.slowest).toBeLessThan(SOON);
      expect([first.lost, second.lost]).toEqual([[], []]);
      expect(second.acknowledged.length).toBe(first.refused.length);
    },
    PATIENCE,
  );
});
