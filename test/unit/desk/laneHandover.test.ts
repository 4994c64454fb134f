import { aDelivery } from './entries.ts';
import type { Mishap } from './memory.ts';
import { Desk, Stage, TERMS } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const sent = () => stage.posts.flatMap(({ by, ids }) => ids.map((id) => `${id} by ${by}`));
const openIds = () => ['d1', 'd2', 'd3', 'd4'].filter((id) => stage.deliveries.get(id)?.state === 'open');
const now = (order: number, changes = {}) => aDelivery(order, { createdAt: stage.time.env().now(), ...changes });

/** A post that takes so long (ms). */
const slowly = (ms: number) => async () => {
  await stage.time.sleep(ms);
  return {};
};

test('a drain lets what is under way end, gives the lane back, and says that work is left', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  a.script = slowly(2_000);
  for (const order of [1, 2, 3]) void a.enter(now(order));
  await stage.time.pass(100);
  await stage.time.for(a.lane.drain());
  expect(sent()).toEqual(['d1 by a']);
  expect(openIds()).toEqual(['d2', 'd3']);
  expect(stage.lanes.get('room')).toMatchObject({ clean: true, due: expect.any(Number) });
  expect(stage.lanes.get('room')?.driver).toBeUndefined();
  expect(stage.time.timers).toBe(0);
  await b.lane.look();
  await stage.time.pass(100);
  expect(sent()).toEqual(['d1 by a', 'd2 by b', 'd3 by b']);
});

test('a drain without work left leaves nothing due', async () => {
  const a = new Desk(stage, 'a');
  void a.enter(now(1));
  await stage.time.pass(100);
  await stage.time.for(a.lane.drain());
  expect(stage.lanes.get('room')?.due).toBeUndefined();
  expect(stage.time.timers).toBe(0);
});

test.each(['insert', 'find'])(
  'a drain while the lane is being taken (%s) leaves it to others at once',
  async (method) => {
    const a = new Desk(stage, 'a');
    const slow = new Set(['insert', 'find']);
    // The delivery's own insert is quick; the lane's, and the look at what is open, are not.
    let inserts = 0;
    a.mishap = (each) =>
      each === method && slow.has(each) && (each === 'find' || inserts++ > 0) ? { after: 1_000 } : {};
    void a.enter(now(1));
    await stage.time.pass(10);
    await stage.time.for(a.lane.drain());
    await stage.time.pass(3_000);
    expect(sent()).toEqual([]);
    expect(stage.lanes.get('room')?.driver).toBeUndefined();
    expect(stage.lanes.get('room')?.due).toEqual(expect.any(Number));
    expect(stage.time.timers).toBe(0);
  },
);

test('a drain does not wait for a store that is away', async () => {
  const a = new Desk(stage, 'a');
  let posts = 0;
  a.script = () => (++posts < 3 ? { wait: 4_000 } : {});
  void a.enter(now(1));
  await stage.time.pass(100);
  a.mishap = (method) => ({ away: method === 'replace' && true });
  await stage.time.pass(14_000);
  const drained = a.lane.drain();
  await stage.time.for(drained, 5_000);
  expect(stage.time.timers).toBe(0);
});

test('who is driven out forgets everything, and whoever drives goes on', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  a.script = () => ({ wait: 20_000 });
  for (const order of [1, 2]) void a.enter(now(order));
  await stage.time.pass(100);
  // Its store is away for longer than its lease.
  a.mishap = () => ({ away: true });
  for (let second = 0; second < 40; second += 1) {
    await b.lane.look();
    await stage.time.pass(1_000);
  }
  expect(b.lane.driven || openIds().length === 0).toBe(true);
  expect(sent().filter((post) => post.endsWith('by b'))).toEqual(['d1 by b', 'd2 by b']);
  a.mishap = () => ({});
  await stage.time.pass(60_000);
  expect(a.lane.waiting()).toEqual([]);
  expect(sent().slice(-2)).toEqual(['d1 by b', 'd2 by b']);
  expect(openIds()).toEqual([]);
});

test('what was under way when the lane was lost ends for itself, also when the lane comes back meanwhile', async () => {
  const a = new Desk(stage, 'a');
  a.script = (ids) => (ids.includes('d1') ? slowly(3_900)() : {});
  for (const order of [1, 2, 3]) void a.enter(now(order));
  await stage.time.pass(1_000);
  // Somebody else takes the lane, does nothing with it, and gives it back.
  const lanes = stage.lanes.seenBy();
  const taken = await lanes.read('room', 'room');
  const other = taken && (await lanes.replace({ ...taken.value, driver: 'b' }, taken.version));
  await stage.time.pass(1_200);
  expect(a.lane.driven).toBe(false);
  await lanes.replace({ id: 'room', clean: true, due: 1 }, other?.version ?? '');
  await a.lane.look();
  expect(a.lane.driven).toBe(true);
  await stage.time.pass(10_000);
  const counts = ['d2', 'd3'].map((id) => stage.posts.filter(({ ids }) => ids.includes(id)).length);
  expect(counts).toEqual([1, 1]);
  expect(openIds()).toEqual([]);
});

test('what is stored for a lane whose driver has just died is sent without anybody else looking', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  void a.enter(now(1));
  await stage.time.pass(100);
  await b.lane.look();
  void b.enter(now(2));
  await stage.time.pass(10_000);
  expect(sent()).toEqual(['d1 by a', 'd2 by a']);
});

test('what is stored between the last look of a driver and its leaving is sent without anybody else looking', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  void a.enter(now(1));
  await stage.time.pass(4_950);
  // It is told that the lane is driven when that has just become untrue.
  b.mishap = (method) => (method === 'read' ? { after: 200 } : {});
  void b.enter(now(2));
  await stage.time.pass(100);
  expect(stage.lanes.get('room')?.driver).toBeUndefined();
  await stage.time.pass(5_000);
  expect(sent()).toEqual(['d1 by a', 'd2 by b']);
});

test.each([
  ['before it was tried again', {}],
  ['before it was even read', { find: { after: 1_000 } }],
])('what a dead driver may have posted is known as that to the next one, when a stop comes %s', async (_when, slow) => {
  const a = new Desk(stage, 'a', { terms: { ...TERMS, shared: false } });
  await stage.lanes.seenBy().insert({ id: 'room', driver: 'dead', due: 1, clean: false });
  await stage.deliveries.seenBy().insert(now(1, { nextAt: a.env.now() + 60_000 }));
  a.mishap = (method) => (slow as Record<string, Mishap>)[method] ?? {};
  void a.lane.look();
  await stage.time.pass(100);
  await stage.time.for(a.lane.drain());
  expect(sent()).toEqual([]);
  expect(stage.lanes.get('room')).toMatchObject({ clean: false, due: expect.any(Number) });
  expect(stage.lanes.get('room')?.driver).toBeUndefined();
});

test('a driver whose first look takes longer than its lease keeps the lane meanwhile', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  await stage.deliveries.seenBy().insert(now(1));
  await stage.lanes.seenBy().insert({ id: 'room', clean: true, due: 1 });
  a.mishap = (method) => (method === 'find' ? { after: 2 * TERMS.length } : {});
  void a.lane.look();
  for (let second = 0; second < 40; second += 1) {
    await stage.time.pass(1_000);
    void b.lane.look();
  }
  expect(sent()).toEqual(['d1 by a']);
});

test('a first look that comes back when the lane was lost and taken again says nothing any more', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  await stage.deliveries.seenBy().insert(now(1));
  await stage.deliveries.seenBy().insert(now(2, { conversationId: 'other' }));
  await stage.lanes.seenBy().insert({ id: 'room', clean: true, due: 1 });
  // What a look finds is what was there when it was asked for; the store takes long to say so, and takes no renewal.
  const looks = [24_000, 9_000];
  let away = false;
  a.mishap = (method) => (method === 'find' ? { after: looks.shift() ?? 0 } : { away: away && method === 'replace' });
  void a.lane.look();
  await stage.time.pass(100);
  away = true;
  for (let second = 0; second < 14; second += 1) {
    await stage.time.pass(1_000);
    void b.lane.look();
  }
  expect(sent()).toEqual(['d1 by b', 'd2 by b']);
  away = false;
  // It learns that the lane is lost, and takes it again as soon as it is given back.
  void a.enter(now(3));
  for (let second = 0; second < 40; second += 1) {
    await stage.time.pass(1_000);
    void a.lane.look();
  }
  expect(looks).toEqual([]);
  expect(sent()).toEqual(['d1 by b', 'd2 by b', 'd3 by b']);
});
