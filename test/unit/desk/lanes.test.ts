import type { Conversation } from '../../../src/desk/conversation.ts';
import { Gates } from '../../../src/desk/gates.ts';
import { Insist } from '../../../src/desk/insist.ts';
import { Lanes, type LanesParts } from '../../../src/desk/lanes.ts';
import { Pictures, type PicturesPort } from '../../../src/desk/pictures.ts';
import { Sequence } from '../../../src/desk/sequence.ts';
import { aDelivery } from './entries.ts';
import type { Mishap } from './memory.ts';
import { Desk, Stage, TERMS } from './stage.ts';

const MINUTE = 60_000;
const CONVERSATION = {
  id: 'conversation',
  deskId: 'desk',
  endUser: { key: 'member' },
  room: 'room',
  thread: { id: 'room;messageid=1', rootId: '1' },
} as Conversation;

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

/** All lanes of one process, and when it posted (by `elapsed`). */
function lanesOf(process: string, { wall = (): number => 0, shared = true, mishap = (): Mishap => ({}) } = {}) {
  const env = stage.time.env(wall);
  const posts: number[] = [];
  const next = () => mishap();
  const sleep = (ms: number) => stage.time.sleep(ms);
  const parts = {
    records: {
      lanes: stage.lanes.seenBy(next, sleep),
      deliveries: stage.deliveries.seenBy(next, sleep),
      conversations: { read: async () => ({ value: CONVERSATION, version: '1' }) },
    },
    env,
    teams: {
      post: async () => {
        posts.push(env.elapsed());
        return { kind: 'delivered', ref: 'room;messageid=2' };
      },
    },
    directory: {
      contextOf: async () => ({ desk: { id: 'desk', tenantId: 'tenant' }, channel: { name: 'karte' } }),
      links: async () => [],
      changeConversation: async () => ({ value: CONVERSATION, version: '1' }),
    },
    pictures: new Pictures({} as PicturesPort, env, { fetch: 1_000, retention: 60 * MINUTE }),
    waits: { note: async () => undefined },
    cards: { refresh: () => undefined, close: () => undefined },
    gates: new Gates(env, { room: [], tenant: [], reactions: [] }),
    sequence: new Sequence(env.now),
    insist: new Insist(env),
    terms: { ...TERMS, shared },
    settle: 5_000,
    retention: 60 * MINUTE,
    process,
  };
  return { lanes: new Lanes(parts as unknown as LanesParts), posts, env };
}

/** How long it takes until there is a post (s). */
async function secondsUntil(posts: number[]): Promise<number> {
  const begun = stage.time.elapsed();
  for (let second = 0; second < 900 && posts.length === 0; second += 1) await stage.time.pass(1_000);
  return ((posts[0] ?? Number.POSITIVE_INFINITY) - begun) / 1_000;
}

test.each([0, 10 * MINUTE])('what a dead driver left whose clock was %d ms ahead is taken up soon', async (ahead) => {
  const dead = new Desk(stage, 'dead', { wall: () => ahead });
  dead.script = () => new Promise(() => undefined);
  const { env } = dead;
  void dead.enter(aDelivery(new Sequence(env.now).next(), { id: 'd1', createdAt: env.now() }));
  await stage.time.pass(500);
  dead.mishap = () => ({ away: true });
  const { lanes, posts } = lanesOf('b');
  await stage.time.for(lanes.start());
  expect(await secondsUntil(posts)).toBeLessThan(60);
});

test.each([0, -10 * MINUTE])(
  'what was stored after it was given up is sent soon, also when the clock was set by %d ms',
  async (set) => {
    let [by, away] = [0, false];
    const { lanes, posts, env } = lanesOf('a', { wall: () => by, shared: false, mishap: () => ({ away }) });
    await stage.time.for(lanes.start());
    const order = new Sequence(env.now).next();
    by = set;
    away = true;
    const late = aDelivery(order, { id: 'late', createdAt: env.now() });
    await expect(lanes.enter(late)).rejects.toMatchObject({ code: 'store.unavailable' });
    await stage.time.pass(3_000);
    away = false;
    await stage.deliveries.seenBy().insert(late);
    expect(await secondsUntil(posts)).toBeLessThan(70);
  },
);

test('what has just come to another process costs nobody else a look at its lane', async () => {
  const driver = new Desk(stage, 'driver');
  // The other side takes its time with each.
  driver.script = async () => {
    await stage.time.sleep(2_000);
    return {};
  };
  const { lanes, posts } = lanesOf('b');
  await stage.time.for(lanes.start());
  const sequence = new Sequence(driver.env.now);
  for (let second = 0; second < 120; second += 1) {
    void driver.enter(aDelivery(sequence.next(), { createdAt: driver.env.now(), conversationId: `c${second % 5}` }));
    await stage.time.pass(1_000);
  }
  expect(posts).toEqual([]);
  // The one that drives, when it began.
  expect(stage.lanes.calls.read).toBe(1);
});
