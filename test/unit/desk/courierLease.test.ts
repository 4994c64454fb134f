import type { Conversation } from '../../../src/desk/conversation.ts';
import { Courier, type CourierParts } from '../../../src/desk/courier.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { DeskError } from '../../../src/desk/deskError.ts';
import { Insist } from '../../../src/desk/insist.ts';
import type { Outcome } from '../../../src/desk/outcome.ts';
import type { Passage } from '../../../src/desk/passage.ts';
import { Pictures, type PicturesPort } from '../../../src/desk/pictures.ts';
import type { Versioned } from '../../../src/desk/ports.ts';
import { Sequence } from '../../../src/desk/sequence.ts';
import { aDelivery } from './entries.ts';
import { Documents } from './memory.ts';
import { TERMS } from './stage.ts';
import { rest, Time } from './time.ts';

const CONVERSATION: Conversation = {
  id: 'conversation',
  deskId: 'desk',
  connectionId: 'connection',
  endUser: { key: 'member' },
  room: 'room',
  thread: { id: 'room;messageid=1', rootId: '1' },
  status: 'open',
  createdAt: 0,
};

const time = new Time();
const outside = jest.fn(async (): Promise<Outcome> => ({ kind: 'delivered', ref: 'room;messageid=2' }));
/** Whether the store is away from the claim on. */
let storeAway = false;
let held = true;
let deliveries: Documents<Delivery>;
let conversations: Documents<Conversation>;

beforeEach(() => {
  outside.mockClear();
  [storeAway, held] = [false, true];
  deliveries = new Documents('lane', 'order');
  conversations = new Documents('id', 'createdAt');
});

async function courier(conversation = CONVERSATION): Promise<Courier> {
  const env = time.env();
  const all = conversations.seenBy();
  await all.insert(conversation);
  const threads = new Documents<{ id: string; conversationId: string }>('id', 'id').seenBy();
  const answer = () => {
    if (storeAway && deliveries.get('d1')?.claimedAt !== undefined) throw new DeskError('store.unavailable');
    const channel = { name: 'karte', send: outside };
    return { desk: { id: 'desk', tenantId: 'tenant' }, connection: { id: 'connection' }, channel };
  };
  const parts = {
    records: { deliveries: deliveries.seenBy(), conversations: all, threads },
    env,
    teams: { post: outside, openThread: outside, confirm: async () => undefined },
    directory: {
      contextOf: async () => answer(),
      rootView: async () => {
        // It took so long to find out that the lease was over.
        held = false;
        return answer();
      },
      desk: async () => undefined,
      links: async () => [],
      changeConversation: async (id: string, change: (value: Conversation) => Conversation) => {
        const found = await all.read(id, id);
        if (!found) throw new DeskError('conversation.unknown');
        return all.replace(change(found.value), found.version);
      },
    },
    cards: { refresh: () => undefined },
    // Words alone ask nobody for a picture.
    pictures: new Pictures({} as PicturesPort, env, { fetch: 1_000, retention: 1_000_000 }),
    sequence: new Sequence(env.now),
    insist: new Insist(env),
    terms: TERMS,
    settle: 5_000,
    retention: 1_000_000,
  };
  return new Courier(parts as unknown as CourierParts, { enter: async () => true, again: () => undefined });
}

/** The way out as long as `held`; what shares a post are `others` too. */
function passage(first: Versioned<Delivery>, others: Versioned<Delivery>[] = []): Passage {
  return {
    turn: async () => () => undefined,
    mayStart: async () => {
      if (!held) throw new DeskError('lane.left');
    },
    group: () => [first, ...others],
    probing: false,
    callBack: () => undefined,
    stir: () => undefined,
    others: () => 0,
    gather: async () => undefined,
    refuge: () => undefined,
  };
}

async function stored(delivery: Delivery): Promise<Versioned<Delivery>> {
  const kept = await deliveries.seenBy().insert(delivery);
  if (!kept) throw new Error('it is new');
  return kept;
}

test('a reply goes out under a lease that lasts, claimed first', async () => {
  const reply = await stored(aDelivery(1, { toward: 'endUser' }));
  const { after } = await (await courier()).attempt(reply, false, passage(reply));
  expect(after.get('d1')?.value).toMatchObject({ state: 'delivered', claimedAt: expect.any(Number) });
  expect(outside).toHaveBeenCalledTimes(1);
});

test('a reply whose way was found too late is not sent: another process may be at it', async () => {
  const reply = await stored(aDelivery(1, { toward: 'endUser' }));
  storeAway = true;
  const attempt = (await courier()).attempt(reply, false, passage(reply));
  await rest();
  expect(deliveries.get('d1')?.claimedAt).toEqual(expect.any(Number));
  [storeAway, held] = [false, false];
  await expect(time.for(attempt)).rejects.toMatchObject({ code: 'lane.left' });
  expect(outside).not.toHaveBeenCalled();
});

test('messages that share a post are not posted when noting that took too long', async () => {
  const [first, second] = [await stored(aDelivery(1)), await stored(aDelivery(2))];
  const way = passage(first, [second]);
  const attempt = (await courier()).attempt(first, false, {
    ...way,
    group: () => {
      held = false;
      return way.group();
    },
  });
  await expect(attempt).rejects.toMatchObject({ code: 'lane.left' });
  expect(deliveries.get('d1')?.together).toEqual(['d1', 'd2']);
  expect(outside).not.toHaveBeenCalled();
});

test('a thread is not made when claiming it took too long', async () => {
  const first = await stored(aDelivery(1));
  const attempt = (await courier({ ...CONVERSATION, thread: undefined })).attempt(first, false, passage(first));
  await expect(attempt).rejects.toMatchObject({ code: 'lane.left' });
  expect(outside).not.toHaveBeenCalled();
});

test('messages that share a post go out together under a lease that lasts', async () => {
  const [first, second] = [await stored(aDelivery(1)), await stored(aDelivery(2))];
  await (await courier()).attempt(first, false, passage(first, [second]));
  expect(outside).toHaveBeenCalledTimes(1);
  expect(['d1', 'd2'].map((id) => deliveries.get(id)?.state)).toEqual(['delivered', 'delivered']);
});

test.each([
  ['under a lease that lasts', true],
  ['not by who has lost the lane', false],
])('whom a customer is assigned to is written down %s', async (_name, lasts) => {
  const assigned = await stored(
    aDelivery(1, { content: { type: 'assignee', assignee: { id: 'op-1', isBot: false } } }),
  );
  held = lasts;
  const attempt = (await courier()).attempt(assigned, false, passage(assigned));
  if (lasts) await attempt;
  else await expect(attempt).rejects.toMatchObject({ code: 'lane.left' });
  expect(conversations.get('conversation')?.assignee?.id).toBe(lasts ? 'op-1' : undefined);
});

test('a post of which nothing could be noted is not made', async () => {
  const first = await stored(aDelivery(1));
  const attempt = (await courier()).attempt(first, false, { ...passage(first), group: () => [] });
  await expect(attempt).rejects.toMatchObject({ code: 'lane.left' });
  expect(outside).not.toHaveBeenCalled();
});

test.each([true, false])(
  'messages that share a refused post go apart, each marked if an earlier driver may have made it (%s)',
  async (inherited) => {
    const together = inherited ? ['d1', 'd2', 'd3'] : undefined;
    const group = [await stored(aDelivery(1, { together })), await stored(aDelivery(2)), await stored(aDelivery(3))];
    const [first] = group as [Versioned<Delivery>];
    const desk = await courier();
    outside.mockResolvedValueOnce({ kind: 'refused', code: 'teams.badRequest', transient: false });
    expect(await desk.attempt(first, inherited, passage(first, group.slice(1)))).toMatchObject({ apart: true });
    const all = await deliveries.seenBy().find({ order: 'ascending' });
    expect(all.map(({ value }) => value.together)).toEqual([undefined, undefined, undefined]);
    for (const each of all) await desk.attempt(each, false, passage(each));
    const posts = outside.mock.calls.map((call: unknown[]) => call[2] as { repeat?: boolean });
    expect(posts.map(({ repeat }) => repeat === true)).toEqual(Array(4).fill(inherited));
  },
);
