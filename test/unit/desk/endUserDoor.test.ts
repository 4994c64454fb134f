import type { Conversation, EndUser } from '../../../src/desk/conversation.ts';
import type { CourierParts } from '../../../src/desk/courier.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { EndUserDoor } from '../../../src/desk/endUserDoor.ts';
import { Insist } from '../../../src/desk/insist.ts';
import type { Outcome } from '../../../src/desk/outcome.ts';
import type { Passage } from '../../../src/desk/passage.ts';
import type { Environment, LookedUp, Sending, Sought } from '../../../src/desk/ports.ts';
import { aDelivery } from './entries.ts';
import { Documents } from './memory.ts';
import { TERMS } from './stage.ts';
import { Time } from './time.ts';

const SETTLE = 5_000;
const PASSAGE = { mayStart: async () => undefined } as unknown as Passage;
const CONVERSATION = { id: 'conversation', endUser: { key: 'member' } } as Conversation;

/** A door whose channel answers every look so, and what it was asked. */
function doorOf(env: Environment, deliveries: Documents<Delivery>, answer: LookedUp = 'absent') {
  const asked: Sought[] = [];
  const lookUp = async (_connection: unknown, _endUser: unknown, sought: Sought) => {
    asked.push(sought);
    return answer;
  };
  const door = new EndUserDoor({
    env,
    records: { deliveries: deliveries.seenBy() },
    directory: { contextOf: async () => ({ connection: {}, channel: { lookUp, capabilities: {} } }) },
    insist: new Insist(env),
    terms: TERMS,
    settle: SETTLE,
  } as unknown as CourierParts);
  return { door, asked };
}

test('a look into one send says nothing about a later one that another process began', async () => {
  const time = new Time();
  const env = time.env();
  const { door } = doorOf(env, new Documents('lane', 'order'));
  const first = aDelivery(1, { toward: 'endUser', claimedAt: env.now() });
  expect(await door.find(first, CONVERSATION, PASSAGE)).toMatchObject({ wait: expect.any(Number) });
  // The lane is lost; whoever has it finds the reply absent, sends it anew, and gives the lane back over it.
  await time.pass(60_000);
  const second = { ...first, claimedAt: env.now() };
  expect(await door.find(second, CONVERSATION, PASSAGE)).toMatchObject({ wait: expect.any(Number) });
  await time.pass(TERMS.send + SETTLE - 1);
  expect(await door.find(second, CONVERSATION, PASSAGE)).toEqual({ wait: 1, failure: expect.anything() });
  await time.pass(1);
  expect(await door.find(second, CONVERSATION, PASSAGE)).toMatchObject({ outcome: { kind: 'refused' } });
});

test('a look is told how far the clocks are apart: what a message took to come here is delay but for the shortest', async () => {
  const time = new Time();
  const env = time.env();
  const deliveries = new Documents<Delivery>('lane', 'order');
  const { door, asked } = doorOf(env, deliveries, 'found');
  const ask = async () => {
    const reply = aDelivery(100, { toward: 'endUser', claimedAt: env.now() - 60_000 });
    await door.find(reply, CONVERSATION, PASSAGE);
    await time.pass(SETTLE);
    expect(await door.find(reply, CONVERSATION, PASSAGE)).toMatchObject({ outcome: { kind: 'delivered' } });
    return asked.at(-1)?.ahead;
  };
  expect(await ask()).toBeUndefined();
  // An end user's message whose time is its order; each came here so long after.
  const heard = (at: number, after: number) => deliveries.seenBy().insert(aDelivery(at, { createdAt: at + after }));
  await heard(1, 5);
  for (const [at, after] of [180_300, 121_000, 600_000, 130_000, 125_000].entries()) await heard(at + 2, after);
  expect(await ask()).toBe(121_000);
  await heard(50, 250);
  expect(await ask()).toBe(250);
});

test('a doubt that another process has settled is forgotten in the end', async () => {
  const time = new Time();
  const env = time.env();
  const { door } = doorOf(env, new Documents('lane', 'order'));
  const claimed = (order: number) => aDelivery(order, { toward: 'endUser', claimedAt: env.now() });
  const left = claimed(1);
  await door.find(left, CONVERSATION, PASSAGE);
  await time.pass(60_000);
  // Known well enough to be settled at once.
  const settled = { outcome: { kind: 'refused', code: 'channel.interrupted', transient: true } };
  const another = claimed(2);
  await door.find(another, CONVERSATION, PASSAGE);
  await time.pass(60_000);
  expect(await door.find(another, CONVERSATION, PASSAGE)).toEqual(settled);
  await time.pass(6 * 60 * 60_000);
  await door.find(claimed(3), CONVERSATION, PASSAGE);
  // As of an earlier driver: nothing is known about it, and everything has to settle anew.
  expect(await door.find(left, CONVERSATION, PASSAGE)).toMatchObject({ wait: expect.any(Number) });
});

describe('where sending again under one key has no second effect, a send whose end nobody saw', () => {
  const KEPT = 60 * 60_000;
  const refused = (transient: boolean): Outcome => ({ kind: 'refused', code: 'line.unauthorized', transient });
  const unknown: Outcome = { kind: 'unknown', code: 'line.timeout' };

  /** A door whose channel answers so, each answer once and the last one ever after, and under which keys it was sent to whom. */
  function idempotentDoor(env: Environment, ...answers: [Outcome, ...Outcome[]]) {
    const sends: { to: string; key: string }[] = [];
    const send = async (_connection: unknown, { key: to }: EndUser, _message: unknown, { key }: Sending) => {
      sends.push({ to, key });
      return answers[Math.min(sends.length, answers.length) - 1] as Outcome;
    };
    const door = new EndUserDoor({
      env,
      records: {},
      directory: {
        contextOf: async () => ({ connection: {}, channel: { send, capabilities: { idempotentFor: KEPT } } }),
      },
      insist: new Insist(env),
      terms: TERMS,
      settle: SETTLE,
    } as unknown as CourierParts);
    return { door, sends };
  }

  test('is made again under the same key and to the same customer, also by a process that knows nothing of it', async () => {
    const time = new Time();
    const env = time.env();
    const { door, sends } = idempotentDoor(env, { kind: 'delivered' });
    const reply = aDelivery(1, { toward: 'endUser', claimedAt: env.now() - 60_000, claimedFor: 'visitor' });
    await time.pass(SETTLE);
    expect(await door.find(reply, CONVERSATION, PASSAGE)).toMatchObject({ wait: expect.any(Number) });
    await time.pass(SETTLE);
    expect(await door.find(reply, CONVERSATION, PASSAGE)).toEqual({ outcome: { kind: 'delivered' } });
    expect(sends).toEqual([{ to: 'visitor', key: reply.id }]);
  });

  test.each([
    ['ends unknown too', unknown],
    ['comes at a bad time', refused(true)],
  ])('is made yet again when the second one %s', async (_name, second) => {
    const time = new Time();
    const env = time.env();
    const { door, sends } = idempotentDoor(env, second, { kind: 'delivered' });
    const reply = aDelivery(1, { toward: 'endUser', claimedAt: env.now() - 60_000 });
    await door.find(reply, CONVERSATION, PASSAGE);
    await time.pass(SETTLE);
    const again = await door.find(reply, CONVERSATION, PASSAGE);
    expect(again).toMatchObject({ wait: expect.any(Number) });
    await time.pass('wait' in again ? again.wait : 0);
    expect(await door.find(reply, CONVERSATION, PASSAGE)).toEqual({ outcome: { kind: 'delivered' } });
    expect(new Set(sends.map(({ key }) => key)).size).toBe(1);
  });

  test('is for a person to decide when the second one is refused: that says nothing about the first', async () => {
    const time = new Time();
    const env = time.env();
    const { door } = idempotentDoor(env, refused(false));
    const reply = aDelivery(1, { toward: 'endUser', claimedAt: env.now() - 60_000 });
    await door.find(reply, CONVERSATION, PASSAGE);
    await time.pass(SETTLE);
    expect(await door.find(reply, CONVERSATION, PASSAGE)).toMatchObject({ outcome: { kind: 'unknown' } });
  });

  test.each([
    ['no longer kept', KEPT],
    ['from a time to come', -60_000],
  ])('is not made again once its key is %s', async (_name, age) => {
    const time = new Time();
    const env = time.env();
    const { door, sends } = idempotentDoor(env, { kind: 'delivered' });
    const reply = aDelivery(1, { toward: 'endUser', claimedAt: env.now() - age });
    await door.find(reply, CONVERSATION, PASSAGE);
    await time.pass(TERMS.send + SETTLE);
    expect(await door.find(reply, CONVERSATION, PASSAGE)).toMatchObject({ outcome: { kind: 'unknown' } });
    expect(sends).toEqual([]);
  });
});
