import { aDelivery } from './entries.ts';
import { Desk, Stage, TERMS } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const sent = () => stage.posts.flatMap(({ ids }) => ids);
const stateOf = (id: string) => stage.deliveries.get(id)?.state;
/** As a message that has just come in. */
const now = (order: number, changes = {}) => aDelivery(order, { createdAt: stage.time.env().now(), ...changes });

test('what comes in is sent once, in order, and the lane is given back when nothing more comes', async () => {
  const desk = new Desk(stage, 'a');
  for (const order of [1, 2, 3]) void desk.enter(now(order));
  await stage.time.pass(100);
  expect(sent()).toEqual(['d1', 'd2', 'd3']);
  expect(desk.lane.driven).toBe(true);
  await stage.time.pass(6_000);
  expect(desk.lane.driven).toBe(false);
  expect(stage.lanes.get('room')).toMatchObject({ clean: true, newest: 3 });
  expect(stage.lanes.get('room')?.due).toBeUndefined();
  expect(stage.time.timers).toBe(0);
});

test('what comes in while the lane is being given back is sent all the same', async () => {
  const desk = new Desk(stage, 'a');
  void desk.enter(now(1));
  await stage.time.pass(100);
  desk.mishap = (method) => (method === 'replace' ? { before: 500, after: 500 } : {});
  await stage.time.pass(5_300);
  void desk.enter(now(2));
  await stage.time.pass(3_000);
  expect(sent()).toEqual(['d1', 'd2']);
});

test('a conversation that is stuck delays no other', async () => {
  const desk = new Desk(stage, 'a');
  desk.script = (ids) => (ids.includes('d1') ? { wait: 60_000 } : {});
  void desk.enter(now(1));
  void desk.enter(now(2));
  void desk.enter(now(3, { conversationId: 'other' }));
  await stage.time.pass(10_000);
  expect(sent()).toEqual(['d1', 'd3']);
});

test('what another process stored is found and sent by the one that drives, once', async () => {
  const [a, b] = [new Desk(stage, 'a'), new Desk(stage, 'b')];
  a.script = async () => {
    await stage.time.sleep(900);
    return {};
  };
  void a.enter(now(1));
  await stage.time.pass(10);
  for (const order of [2, 3, 4, 5]) {
    void b.enter(now(order, { conversationId: `other ${order}` }));
    await stage.time.pass(333);
  }
  await stage.time.pass(20_000);
  expect(sent().toSorted()).toEqual(['d1', 'd2', 'd3', 'd4', 'd5']);
  expect(new Set(stage.posts.map(({ by }) => by))).toEqual(new Set(['a']));
});

test('what has just ended is not sent again by a look that began before', async () => {
  const desk = new Desk(stage, 'a');
  // Each look takes long to come back, and shows what was open when it was made.
  desk.mishap = (method) => (method === 'find' ? { after: 650 } : {});
  for (let order = 1; order <= 30; order += 1) {
    void desk.enter(now(order, { conversationId: `c${order % 3}` }));
    await stage.time.pass(130);
  }
  await stage.time.pass(2_000);
  expect(sent()).toHaveLength(30);
  expect(new Set(sent()).size).toBe(30);
});

test('what has ended is not sent again by a look through all lanes that took longer than those of its own lane', async () => {
  const desk = new Desk(stage, 'a');
  desk.script = (ids) => (ids.includes('d2') ? { wait: 60_000 } : {});
  await desk.enter(now(1));
  await desk.enter(now(2, { conversationId: 'other' }));
  const begun = desk.env.elapsed();
  const found = await desk.deliveries.find({ partition: 'room', where: { state: 'open' }, order: 'ascending' });
  expect(found.map(({ value }) => value.id)).toContain('d1');
  await stage.time.pass(3_000);
  expect(sent()).toEqual(['d1', 'd2']);
  await desk.lane.missed(found, begun);
  await stage.time.pass(1_000);
  expect(sent()).toEqual(['d1', 'd2']);
});

test('a repeat that comes while the first insert fails is sent, once', async () => {
  const desk = new Desk(stage, 'a');
  desk.mishap = (method) => (method === 'insert' ? { before: 300, away: true } : {});
  const first = desk.enter(now(1));
  desk.mishap = () => ({});
  const again = desk.enter(now(1));
  await expect(stage.time.for(first)).rejects.toMatchObject({ code: 'store.unavailable' });
  expect(await again).toBeDefined();
  await stage.time.pass(2_000);
  expect(sent()).toEqual(['d1']);
});

test('a repeat of what was stored already is not sent', async () => {
  const desk = new Desk(stage, 'a');
  desk.mishap = (method) => (method === 'insert' ? { after: 300 } : {});
  void desk.enter(now(1));
  void desk.enter(now(1));
  await stage.time.pass(2_000);
  void desk.enter(now(1));
  await stage.time.pass(2_000);
  expect(sent()).toEqual(['d1']);
});

test('what could not be stored is not sent', async () => {
  const desk = new Desk(stage, 'a');
  desk.mishap = (method) => (method === 'insert' ? { before: 50, away: true } : {});
  desk.enter(now(1)).catch(() => undefined);
  await stage.time.pass(10_000);
  expect(sent()).toEqual([]);
  expect(desk.lane.driven).toBe(false);
});

test('a Teams channel that can not be posted to is left alone for five minutes, and told of once', async () => {
  const desk = new Desk(stage, 'a');
  const hold = { kind: 'refused', code: 'teams.notInRoster', transient: false, holds: true } as const;
  let mended = false;
  desk.script = () => (mended ? {} : { hold: { failure: hold, deskId: 'desk' } });
  void desk.enter(now(1));
  await stage.time.pass(100);
  void desk.enter(now(2, { conversationId: 'other' }));
  await stage.time.pass(299_000);
  expect(sent()).toEqual(['d1']);
  expect(desk.told).toEqual([hold]);
  expect(stage.lanes.get('room')?.held?.code).toBe('teams.notInRoster');
  mended = true;
  await stage.time.pass(2_000);
  expect(sent().slice(1).toSorted()).toEqual(['d1', 'd2']);
  expect(desk.told).toEqual([hold]);
  await stage.time.pass(10_000);
  expect(stage.lanes.get('room')?.held).toBeUndefined();
});

test('in a store of one process nobody looks for what others have stored', async () => {
  const desk = new Desk(stage, 'a', { terms: { ...TERMS, shared: false } });
  void desk.enter(now(1));
  await stage.time.pass(3_000);
  expect(sent()).toEqual(['d1']);
  expect(stage.deliveries.calls.find).toBe(1);
});

test('the wait of the first ends early when the other side is back, and it goes out once', async () => {
  const desk = new Desk(stage, 'a');
  let busy = true;
  desk.script = () => (busy ? { wait: 300_000 } : {});
  void desk.enter(now(1));
  await stage.time.pass(61_000);
  busy = false;
  void desk.enter(now(2, { conversationId: 'other' }));
  await stage.time.pass(10_000);
  expect(sent()).toEqual(['d1', 'd2', 'd1']);
  expect(stateOf('d1')).toBe('delivered');
});
