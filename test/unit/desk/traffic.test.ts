import type { Courier } from '../../../src/desk/courier.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { Gates } from '../../../src/desk/gates.ts';
import type { Attempt, Passage } from '../../../src/desk/passage.ts';
import type { Versioned } from '../../../src/desk/ports.ts';
import { Traffic } from '../../../src/desk/traffic.ts';
import { aDelivery } from './entries.ts';
import { TERMS } from './stage.ts';
import { type Lines, rest, Time } from './time.ts';

let time: Time;
let posts: string[][];
/** What comes of the attempts that follow. */
let script: (stored: Versioned<Delivery>, passage: Passage) => Promise<Partial<Attempt>>;
let env: ReturnType<Time['env']>;
const rested = jest.fn();

beforeEach(() => {
  time = new Time();
  env = time.env();
  posts = [];
  script = async () => ({});
  rested.mockClear();
});

function trafficOf({ shared = true, driving = (): boolean => true } = {}): Traffic {
  const gates = new Gates(env, { room: [], tenant: [], reactions: [] });
  gates.open('room');
  const attempt: Courier['attempt'] = async (stored, _inherited, passage) => {
    const done = await passage.turn('send', 'tenant');
    const group = passage.group();
    posts.push(group.map(({ value }) => value.id));
    try {
      const state = { state: 'delivered' } as const;
      const after = new Map(group.map(({ value }) => [value.id, { value: { ...value, ...state }, version: '2' }]));
      return { after, ...(await script(stored, passage)) };
    } finally {
      done();
    }
  };
  const lane = {
    id: 'room',
    driving,
    mayStart: async () => undefined,
    record: () => undefined,
    hold: () => undefined,
    rest: rested,
    gather: async () => undefined,
    hasSeen: () => true,
    caughtUp: async () => undefined,
  };
  return new Traffic(lane, { env, courier: { attempt } as Courier, gates, terms: { ...TERMS, shared } });
}

const kept = (delivery: Delivery): Versioned<Delivery> => ({ value: delivery, version: '1' });
const now = (order: number, changes = {}) => aDelivery(order, { createdAt: env.now(), ...changes });

test('what just ended is not taken in by a look that began before, and is by one that began after', async () => {
  const traffic = trafficOf();
  const delivery = now(1);
  const began = env.elapsed();
  traffic.adopt(kept(delivery), false, began);
  await time.pass(10);
  expect(traffic.size).toBe(0);
  expect(traffic.adopt(kept(delivery), false, began)).toBe(false);
  traffic.forgetEnded(began);
  expect(traffic.adopt(kept(delivery), false, began)).toBe(false);
  traffic.forgetEnded(env.elapsed());
  expect(traffic.adopt(kept(delivery), false, began)).toBe(false);
  // Somebody has set it on its way again since.
  expect(traffic.adopt(kept(delivery), false, env.elapsed())).toBe(true);
});

test('what waits here is not taken in twice', () => {
  const traffic = trafficOf({ driving: () => false });
  expect(traffic.adopt(kept(now(1)), false, env.elapsed())).toBe(true);
  expect(traffic.adopt(kept(now(1)), false, env.elapsed())).toBe(false);
  expect([traffic.size, traffic.newest]).toEqual([1, 1]);
});

test('what an earlier driver left takes the place of its repeat that comes meanwhile', async () => {
  let driving = false;
  const traffic = trafficOf({ driving: () => driving });
  const storing = Promise.withResolvers<Versioned<Delivery> | undefined>();
  traffic.add(now(2, { id: 'd1' }), storing.promise);
  expect(traffic.adopt(kept(now(1)), true, env.elapsed())).toBe(true);
  // It was stored before.
  storing.resolve(undefined);
  await rest();
  expect([traffic.size, traffic.unclean]).toEqual([1, true]);
  driving = true;
  traffic.start();
  await time.pass(10);
  expect([posts, traffic.size]).toEqual([[['d1']], 0]);
});

test('one that is being stored keeps its place before those that came later', async () => {
  const traffic = trafficOf();
  const storing = Promise.withResolvers<Versioned<Delivery> | undefined>();
  traffic.add(now(1), storing.promise);
  traffic.add(now(2), Promise.resolve(kept(now(2))));
  await time.pass(1_000);
  expect(posts).toEqual([]);
  storing.resolve(kept(now(1)));
  await time.pass(10);
  expect(posts).toEqual([['d1'], ['d2']]);
});

test('one that could not be stored lets the next one pass', async () => {
  const traffic = trafficOf();
  const storing = Promise.withResolvers<Versioned<Delivery> | undefined>();
  traffic.add(now(1), storing.promise);
  traffic.add(now(2), Promise.resolve(kept(now(2))));
  storing.reject(new Error('the store is away'));
  await time.pass(10);
  expect(posts).toEqual([['d2']]);
  expect([traffic.size, rested.mock.calls.length]).toEqual([0, 1]);
});

test('those that wait go along when the first is late, each once', async () => {
  const traffic = trafficOf({ driving: () => time.elapsed() > 3_000 });
  for (const order of [1, 2, 3]) traffic.adopt(kept(now(order)), false, env.elapsed());
  await time.pass(2_500);
  traffic.start();
  await time.pass(10);
  expect(posts).toEqual([['d1', 'd2', 'd3']]);
  expect(traffic.size).toBe(0);
});

test('after a post of several was refused each goes by itself', async () => {
  let posted = 0;
  script = async ({ value, version }) =>
    posted++ === 0 ? { after: new Map([[value.id, { value, version }]]), apart: true } : {};
  const traffic = trafficOf({ driving: () => time.elapsed() > 3_000 });
  for (const order of [1, 2]) traffic.adopt(kept(now(order)), false, env.elapsed());
  await time.pass(2_500);
  traffic.start();
  await time.pass(10);
  expect(posts).toEqual([['d1', 'd2'], ['d1'], ['d2']]);
});

test('an attempt that fails by a mistake of ours is told, and tried again in a moment', async () => {
  let failed = false;
  script = async () => {
    if (failed) return {};
    failed = true;
    throw new TypeError('a mistake');
  };
  const traffic = trafficOf();
  traffic.adopt(kept(now(1)), false, env.elapsed());
  await time.pass(900);
  expect(posts).toHaveLength(1);
  await time.pass(200);
  expect(posts).toHaveLength(2);
  expect((env.log as Lines).all).toEqual(['error: a lane stumbled; it goes on in a moment']);
});

test('stop waits for what is under way, and lets nothing else begin', async () => {
  script = async () => {
    await time.sleep(500);
    return {};
  };
  const traffic = trafficOf();
  for (const order of [1, 2]) traffic.adopt(kept(now(order)), false, env.elapsed());
  await time.pass(100);
  await time.for(traffic.stop());
  expect([posts, traffic.size, traffic.unclean]).toEqual([[['d1']], 1, false]);
  expect(time.timers).toBe(0);
});

test('a stop during which an outcome could not be stored is not clean', async () => {
  script = async () => {
    await time.sleep(500);
    throw new Error('the store is away');
  };
  const traffic = trafficOf();
  traffic.adopt(kept(now(1)), false, env.elapsed());
  await time.pass(100);
  await time.for(traffic.stop());
  expect([traffic.unclean, traffic.size, time.timers]).toEqual([true, 1, 0]);
});

test('a stored wait that lies far ahead, as of a clock set back, is cut to the longest that is planned', async () => {
  const traffic = trafficOf();
  traffic.adopt(kept(now(1, { nextAt: env.now() + 365 * 24 * 3_600_000 })), false, env.elapsed());
  await time.pass(2 * 3_600_000);
  expect(posts).toEqual([]);
  await time.pass(0.4 * 3_600_000 + 1);
  expect(posts).toEqual([['d1']]);
});

test('what is forgotten leaves no timer, and its stream does not go on', async () => {
  script = async () => ({ after: new Map(), wait: 5_000 });
  const traffic = trafficOf();
  for (const order of [1, 2]) traffic.adopt(kept(now(order)), false, env.elapsed());
  await rest();
  traffic.clear();
  await time.pass(20_000);
  expect([posts, traffic.size, time.timers]).toEqual([[['d1']], 0, 0]);
});
