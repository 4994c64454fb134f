import type { Conversation } from '../../../src/desk/conversation.ts';
import type { CourierParts } from '../../../src/desk/courier.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { EndUserDoor } from '../../../src/desk/endUserDoor.ts';
import { Insist } from '../../../src/desk/insist.ts';
import type { LookedUp } from '../../../src/desk/ports.ts';
import { aDelivery } from './entries.ts';
import { Documents } from './memory.ts';
import { TERMS } from './stage.ts';
import { Time } from './time.ts';

const SETTLE = 5_000;
const CONVERSATION = { id: 'conversation', endUser: { key: 'member' } } as Conversation;

test('a look into one send says nothing about a later one that another process began', async () => {
  const time = new Time();
  const env = time.env();
  const door = new EndUserDoor({
    env,
    records: { deliveries: new Documents<Delivery>('lane', 'order').seenBy() },
    directory: { contextOf: async () => ({ channel: { lookUp: async (): Promise<LookedUp> => 'absent' } }) },
    insist: new Insist(env),
    terms: TERMS,
    settle: SETTLE,
  } as unknown as CourierParts);
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
