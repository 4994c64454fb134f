import { Belonging } from '../../../src/desk/belonging.ts';
import type { Conversation, EndUser } from '../../../src/desk/conversation.ts';
import { DeskError } from '../../../src/desk/deskError.ts';
import type { Directory } from '../../../src/desk/directory.ts';
import { KeyedQueue } from '../../../src/desk/keyedQueue.ts';
import type { ThreadLookup } from '../../../src/desk/ports.ts';
import type { Connection } from '../../../src/desk/settings.ts';
import { Documents } from './memory.ts';
import { Time } from './time.ts';

const CONNECTION = { id: 'connection' } as Connection;
const VISITOR: EndUser = { key: 'vis', visitorId: 'vis' };
const member = (key: string, visitorId?: string): EndUser => ({ key, userId: key, visitorId });

let time: Time;
let conversations: Documents<Conversation>;
let lookups: Documents<ThreadLookup>;
beforeEach(() => {
  time = new Time();
  conversations = new Documents('id', 'createdAt');
  lookups = new Documents('id', 'id');
});

/** One process, whose calls of the store each take as long as `delay` says (ms). */
function process(delay: () => number = () => 0) {
  const next = () => ({ before: delay(), after: delay() });
  const sleep = (ms: number) => time.sleep(ms);
  const records = { conversations: conversations.seenBy(next, sleep), threads: lookups.seenBy(next, sleep) };
  const changeConversation: Directory['changeConversation'] = async (id, change) => {
    for (;;) {
      const found = await records.conversations.read(id, id);
      if (!found) throw new DeskError('conversation.unknown');
      const changed = change(found.value);
      if (changed === found.value) return found;
      const written = await records.conversations.replace(changed, found.version);
      if (written) return written;
    }
  };
  const arrivals = new KeyedQueue();
  const env = { ...time.env(), digest: (text: string) => text.replaceAll('\n', '/') };
  const belonging = new Belonging({ records, env, directory: { changeConversation } as Directory }, (id, work) =>
    arrivals.run(id, work),
  );
  /** Which conversation a message of theirs goes into; opened as the intake does it. */
  const write = (endUser: EndUser): Promise<string> =>
    arrivals.run(belonging.idOf(CONNECTION, endUser.key), async () => {
      for (;;) {
        const found = await belonging.settle(CONNECTION, endUser);
        if (found) return found.value.id;
        const id = belonging.idOf(CONNECTION, endUser.key);
        const fresh = {
          id,
          deskId: 'desk',
          connectionId: 'connection',
          endUser,
          room: 'room',
          status: 'open',
          createdAt: 0,
        };
        if (await records.conversations.insert(fresh as Conversation)) return id;
      }
    });
  return { write, find: async (key: string) => (await belonging.find(CONNECTION, key))?.value.id };
}

const whose = (key: string) => conversations.get(`connection/${key}`)?.endUser;

test('a member goes on in the conversation that they began as a visitor, and is found by either id', async () => {
  const { write, find } = process();
  await write(VISITOR);
  expect(await write(member('me', 'vis'))).toBe('connection/vis');
  expect(whose('vis')).toEqual({ key: 'me', userId: 'me', visitorId: 'vis', name: undefined });
  for (const each of [process(), { write, find }]) {
    expect(await each.find('me')).toBe('connection/vis');
    expect(await each.write(member('me'))).toBe('connection/vis');
    expect(await each.write(VISITOR)).toBe('connection/vis');
  }
});

test('without the visitor’s id nothing is guessed, and what was settled so stays so', async () => {
  const { write } = process();
  await write(VISITOR);
  expect(await write(member('me'))).toBe('connection/me');
  expect(await process().write(member('me', 'vis'))).toBe('connection/me');
  expect(whose('vis')).toEqual(VISITOR);
});

test('a visitor’s id that is somebody’s user id is nobody’s way in', async () => {
  const { write } = process();
  expect(await write(member('same', 'same'))).toBe('connection/same');
  expect(await write(member('other', 'same'))).toBe('connection/other');
});

test('what a dead process has begun is completed by whatever comes next', async () => {
  const { write } = process();
  await write(VISITOR);
  await lookups.seenBy().insert({ id: 'member/connection/me', conversationId: 'connection/vis' });
  expect(await process().find('me')).toBeUndefined();
  expect(await process().write(member('me'))).toBe('connection/vis');
  expect(whose('vis')?.key).toBe('me');
});

test('once it is known, it costs one read', async () => {
  const { write } = process();
  await write(VISITOR);
  await write(member('me', 'vis'));
  const before = { ...conversations.calls };
  const beforeLookups = { ...lookups.calls };
  await write(member('me', 'vis'));
  expect(conversations.calls).toEqual({ ...before, read: (before.read ?? 0) + 1 });
  expect(lookups.calls).toEqual(beforeLookups);
});

describe('two processes at once', () => {
  // Every order in which their calls can fall, as good as chance finds them.
  const rounds = Array.from({ length: 40 }, (_, round) => round);

  function chance(seed: number) {
    let state = seed * 2_654_435_761 + 1;
    return () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * 20);
    };
  }

  test.each(rounds)('one member, with and without the visitor’s id, has one conversation (%i)', async (round) => {
    await process().write(VISITOR);
    const delay = chance(round);
    const [a, b] = [process(delay), process(delay)];
    const writing = Promise.all([a.write(member('me', 'vis')), b.write(member('me')), b.write(member('me', 'vis'))]);
    const ids = await time.for(writing, 2_000);
    expect(new Set(ids).size).toBe(1);
    expect(whose('vis')?.userId).toBe(ids[0] === 'connection/vis' ? 'me' : undefined);
    expect(await process().write(member('me', 'vis'))).toBe(ids[0]);
  });

  test.each(rounds)('of two members on one device one goes on in the visitor’s conversation (%i)', async (round) => {
    await process().write(VISITOR);
    const delay = chance(round);
    const [a, b] = [process(delay), process(delay)];
    const ids = await time.for(Promise.all([a.write(member('one', 'vis')), b.write(member('two', 'vis'))]), 2_000);
    expect(ids.filter((id) => id === 'connection/vis')).toHaveLength(1);
    const [first, second] = ids[0] === 'connection/vis' ? ['one', 'two'] : ['two', 'one'];
    expect(whose('vis')?.userId).toBe(first);
    expect(await process().write(member(second, 'vis'))).toBe(`connection/${second}`);
    expect(await process().find(second)).toBe(`connection/${second}`);
    expect(await process().find(first)).toBe('connection/vis');
  });
});
