import { Lease, renewEvery, type Terms } from '../../../src/desk/lease.ts';
import type { LaneRecord } from '../../../src/desk/ports.ts';
import { Documents, type Mishap } from './memory.ts';
import { Time } from './time.ts';

const TERMS: Terms = { length: 12_000, send: 4_000, shared: true };
const same = (record: LaneRecord) => record;

let time: Time;
let documents: Documents<LaneRecord>;
let mishap: (method: string) => Mishap;
beforeEach(() => {
  time = new Time();
  documents = new Documents('id', 'due');
  mishap = () => ({});
});

function leaseOf(process: string, terms = TERMS, wall = 0): Lease {
  const lanes = documents.seenBy(
    (method) => mishap(method),
    (ms) => time.sleep(ms),
  );
  return new Lease('room', { records: { lanes }, env: time.env(() => wall), terms, process });
}

/** Takes the lane, trying once a second; how long that took (ms). */
async function takes(lease: Lease, most = 60_000): Promise<number> {
  const began = time.elapsed();
  while (!(await time.for(lease.take()))) {
    if (time.elapsed() - began > most) throw new Error('it was not to be had');
    await time.pass(1_000);
  }
  return time.elapsed() - began;
}

test('who takes a new lane finds it in order, and holds it', async () => {
  const lease = leaseOf('a');
  expect(await lease.take()).toEqual({ id: 'room', clean: true });
  expect(lease.held).toBe(true);
  expect(documents.get('room')).toMatchObject({ driver: 'a', clean: false });
});

test('nobody else takes it as long as it is renewed', async () => {
  const a = leaseOf('a');
  await a.take();
  a.keep(
    () => true,
    same,
    () => undefined,
  );
  await expect(takes(leaseOf('b'), 300_000)).rejects.toThrow('it was not to be had');
  expect(a.held).toBe(true);
  a.drop();
});

test('who died is followed when the lease is over and it was silent, and not before', async () => {
  await leaseOf('a').take();
  const b = leaseOf('b');
  const waited = await takes(b);
  expect(waited).toBeGreaterThanOrEqual(TERMS.length);
  expect(waited).toBeLessThanOrEqual(TERMS.length + 2 * renewEvery(TERMS) + 2_000);
  expect(b.record).toMatchObject({ driver: 'b', clean: false });
});

test.each([-7_200_000, -3_000, 7_200_000])('no time of day makes a lease shorter (%d ms off)', async (wall) => {
  await leaseOf('a', TERMS, wall).take();
  await time.pass(TERMS.length - TERMS.send - 100);
  expect(await takes(leaseOf('b'))).toBeGreaterThanOrEqual(TERMS.length);
});

test('a store of one process knows that whoever drove before is dead', async () => {
  await leaseOf('a', { ...TERMS, shared: false }).take();
  expect(await takes(leaseOf('b', { ...TERMS, shared: false }))).toBe(0);
});

test('a lane that was given back is taken at once, with what was left in it', async () => {
  const a = leaseOf('a');
  await a.take();
  await a.giveBack((record) => ({ ...record, newest: 7, clean: true }), true);
  expect(documents.get('room')?.due).toBeLessThanOrEqual(time.env().now());
  const b = leaseOf('b');
  expect(await b.take()).toMatchObject({ newest: 7, clean: true, driver: undefined });
  expect(a.held).toBe(false);
});

test('who takes its own lane again needs no read, and finds out when it is not its own any more', async () => {
  const a = leaseOf('a');
  await a.take();
  await a.giveBack(same, false);
  const reads = documents.calls.read;
  await a.take();
  expect(documents.calls.read).toBe(reads);
  await a.giveBack(same, false);
  await leaseOf('b').take();
  expect(await a.take()).toBeUndefined();
});

test('of two who find the same free lane one takes it', async () => {
  const found = [leaseOf('a'), leaseOf('b'), leaseOf('c')];
  const taken = await Promise.all(found.map((lease) => lease.take()));
  expect(taken.filter((record) => record !== undefined)).toHaveLength(1);
  expect(found.filter(({ held }) => held)).toHaveLength(1);
});

test('a lane whose taking got no answer is taken by the next try', async () => {
  const a = leaseOf('a');
  mishap = (method) => ({ lost: method === 'insert' });
  await expect(a.take()).rejects.toMatchObject({ code: 'store.unavailable' });
  mishap = () => ({});
  expect(await a.take()).toBeDefined();
  expect(a.held).toBe(true);
});

test('an own write whose answer was lost is adopted by the next', async () => {
  const a = leaseOf('a');
  await a.take();
  mishap = (method) => ({ lost: method === 'replace' });
  await expect(a.write((record) => ({ ...record, newest: 1 }))).rejects.toMatchObject({ code: 'store.unavailable' });
  mishap = () => ({});
  expect(await a.write((record) => ({ ...record, refuge: 'general' }))).toBe(true);
  expect(documents.get('room')).toMatchObject({ newest: 1, refuge: 'general', driver: 'a' });
});

test('who lost the lane is told so by the next write, once', async () => {
  const a = leaseOf('a');
  await a.take();
  const lost = jest.fn();
  a.keep(() => true, same, lost);
  mishap = () => ({ away: true });
  await time.pass(9_000);
  mishap = () => ({});
  // Somebody else has it by now, whatever the reason.
  const lanes = documents.seenBy();
  const found = await lanes.read('room', 'room');
  if (!found) throw new Error('the lane is stored');
  await lanes.replace({ ...found.value, driver: 'b' }, found.version);
  await time.pass(60_000);
  expect(lost).toHaveBeenCalledTimes(1);
  expect(time.timers).toBe(0);
});

test('a send may start as long as it ends within the lease, and waits for a renewal after that', async () => {
  const a = leaseOf('a');
  await a.take();
  await time.pass(TERMS.length - TERMS.send - 1);
  await a.outlastsSend();
  await time.pass(1);
  let started = false;
  const waiting = a.outlastsSend().then(() => {
    started = true;
  });
  await time.pass(60_000);
  expect(started).toBe(false);
  await a.write(same);
  await waiting;
  expect(started).toBe(true);
});

test('a renewal that took too long lets nothing start', async () => {
  const a = leaseOf('a');
  await a.take();
  await time.pass(TERMS.length - TERMS.send);
  let started = false;
  const waiting = a.outlastsSend().then(() => {
    started = true;
  });
  mishap = () => ({ after: TERMS.length - TERMS.send + 1 });
  await time.for(a.write(same));
  await time.pass(0);
  expect(started).toBe(false);
  mishap = () => ({});
  await a.write(same);
  await waiting;
  expect(started).toBe(true);
});

test.each<[string, (lease: Lease) => Promise<void>]>([
  ['dropped', async (lease) => lease.drop()],
  ['given back', (lease) => lease.giveBack(same, false)],
])('who waits for a lane that is %s is turned away, and no timer is left', async (_name, end) => {
  const a = leaseOf('a');
  await a.take();
  a.keep(
    () => true,
    same,
    () => undefined,
  );
  mishap = () => ({ away: true });
  await time.pass(TERMS.length);
  const waiting = a.outlastsSend();
  mishap = () => ({});
  await end(a);
  await expect(waiting).rejects.toMatchObject({ code: 'lane.left' });
  await expect(a.outlastsSend()).rejects.toMatchObject({ code: 'lane.left' });
  expect(time.timers).toBe(0);
  await time.pass(60_000);
  expect(time.timers).toBe(0);
});

test('before a lane is given back nobody waits for a renewal, and what the lease lasts for may start', async () => {
  const a = leaseOf('a');
  await a.take();
  a.turnAway();
  await a.outlastsSend();
  await time.pass(TERMS.length - TERMS.send);
  await expect(a.outlastsSend()).rejects.toMatchObject({ code: 'lane.left' });
  await a.giveBack(same, false);
  await a.take();
  await a.outlastsSend();
});

test('a renewal that is under way while the lane is given back plans no other', async () => {
  const a = leaseOf('a');
  await a.take();
  const lost = jest.fn();
  a.keep(() => true, same, lost);
  mishap = () => ({ before: 300, after: 300 });
  await time.pass(renewEvery(TERMS) + 100);
  await time.for(a.giveBack(same, false));
  expect(documents.get('room')?.driver).toBeUndefined();
  expect([time.timers, lost.mock.calls.length]).toEqual([0, 0]);
});

test('nothing is written for a lane in which there is nothing to do', async () => {
  const a = leaseOf('a');
  await a.take();
  let needed = false;
  a.keep(
    () => needed,
    same,
    () => undefined,
  );
  await time.pass(renewEvery(TERMS) * 3);
  expect(documents.calls.replace).toBeUndefined();
  needed = true;
  await time.pass(renewEvery(TERMS));
  expect(documents.calls.replace).toBe(1);
  a.drop();
});
