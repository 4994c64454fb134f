import type { Conversation } from '../../../src/desk/conversation.ts';
import type { CourierParts } from '../../../src/desk/courier.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { EndUserDoor } from '../../../src/desk/endUserDoor.ts';
import { Insist } from '../../../src/desk/insist.ts';
import type { Environment, LookedUp, Sought } from '../../../src/desk/ports.ts';
import { aDelivery } from './entries.ts';
import { Documents } from './memory.ts';
import { TERMS } from './stage.ts';
import { Time } from './time.ts';

const SETTLE = 5_000;
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
    directory: { contextOf: async () => ({ channel: { lookUp } }) },
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
  expect(await door.find(first, CONVERSATION)).toMatchObject({ wait: expect.any(Number) });
  // The lane is lost; whoever has it finds the reply absent, sends it anew, and gives the lane back over it.
  await time.pass(60_000);
  const second = { ...first, claimedAt: env.now() };
  expect(await door.find(second, CONVERSATION)).toMatchObject({ wait: expect.any(Number) });
  await time.pass(TERMS.send + SETTLE - 1);
  expect(await door.find(second, CONVERSATION)).toEqual({ wait: 1, failure: expect.anything() });
  await time.pass(1);
  expect(await door.find(second, CONVERSATION)).toMatchObject({ outcome: { kind: 'refused' } });
});

test('a look is told how far the clocks are apart: what a message took to come here is delay but for the shortest', async () => {
  const time = new Time();
  const env = time.env();
  const deliveries = new Documents<Delivery>('lane', 'order');
  const { door, asked } = doorOf(env, deliveries, 'found');
  const ask = async () => {
    const reply = aDelivery(100, { toward: 'endUser', claimedAt: env.now() - 60_000 });
    await door.find(reply, CONVERSATION);
    await time.pass(SETTLE);
    expect(await door.find(reply, CONVERSATION)).toMatchObject({ outcome: { kind: 'delivered' } });
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
  await door.find(left, CONVERSATION);
  await time.pass(60_000);
  // Known well enough to be settled at once.
  const settled = { outcome: { kind: 'refused', code: 'channel.interrupted', transient: true } };
  const another = claimed(2);
  await door.find(another, CONVERSATION);
  await time.pass(60_000);
  expect(await door.find(another, CONVERSATION)).toEqual(settled);
  await time.pass(6 * 60 * 60_000);
  await door.find(claimed(3), CONVERSATION);
  // As of an earlier driver: nothing is known about it, and everything has to settle anew.
  expect(await door.find(left, CONVERSATION)).toMatchObject({ wait: expect.any(Number) });
});
