import type { Fault, Post, Thread } from '../../simulator/state.ts';
import type { Replacements } from '../../src/assembly.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { connect, conversation, SATO, type Stand, stand, wordsOf } from '../integration/stand.ts';
import { FaultyStore } from '../integration/storeHandles.ts';
import { Clock } from './clock.ts';

/** The words of our own that these tests look for. */
export const SEND_AGAIN = 'もう一度送る';
export const WAS_SENT = '届いていた';
export const NOT_SENT = 'お客さまに送れませんでした';
export const UNCLEAR = 'お客さまに届いたか確認できません';
export const REPEAT = '再送です';
export const ROOT_REPEAT = '同じスレッドがすでに作られている可能性';
export const SEND_PATH = 'sendFromOperator$';

/** How long after its end a send is looked up for good (ms). */
export const SETTLE = 5_000;

/** A stand whose clock can be put forward and whose store can fail. */
export interface Scene extends Stand {
  clock: Clock;
  faulty: FaultyStore;
}

export async function scene(
  options: { timeout?: number; unconnected?: boolean; step?: Replacements['step'] } = {},
): Promise<Scene> {
  const clock = new Clock(() => store.ready());
  const store = await openSqlite({ path: ':memory:', now: clock.now });
  const faulty = new FaultyStore(store);
  const self = await stand({
    unconnected: options.unconnected,
    env: { SEND_TIMEOUT_MS: String(options.timeout ?? 2_000), SETTLE_MS: String(SETTLE) },
    simulator: { now: clock.now, enforceLimits: false, hookRetryMs: 40, lineRetryMs: 40, activityRetryMs: 80 },
    replace: { now: clock.now, elapsed: clock.elapsed, later: clock.later, store: faulty.store, step: options.step },
  });
  return Object.assign(self, { clock, faulty });
}

export { connect, conversation };

/** Every thread of a customer, oldest first. */
export function threadsOf({ simulator }: Stand, key: string): Thread[] {
  return simulator.teams.threads().filter(({ posts }) => posts[0]?.fromBot && wordsOf(posts[0]).includes(key));
}

/** POSTs at the connector that carry these words as a message of the customer: failure cards, which repeat them, left out. */
export function messagePosts({ simulator }: Stand, words: string) {
  return simulator.teams.calls.filter(({ method, path, body }) => {
    const text = JSON.stringify(body ?? '');
    return method === 'POST' && path.endsWith('/activities') && text.includes(words) && !text.includes('sendAgain');
  });
}

/** POSTs that make a thread. */
export function creations({ simulator }: Stand) {
  return simulator.teams.calls.filter(({ method, path }) => method === 'POST' && path === '/v3/conversations');
}

/** Calls that send to the customer. */
export function sends({ simulator }: Stand) {
  return simulator.karte.calls.filter(({ path }) => path.endsWith('/talk/message/sendFromOperator'));
}

/** The failure cards that stand in Teams now. */
export function failures({ simulator }: Stand, words = ''): Post[] {
  return simulator.teams
    .botPosts()
    .filter((post) => wordsOf(post).includes(SEND_AGAIN) && wordsOf(post).includes(words));
}

/** What a button of a card carries. */
export function buttonOf(post: Post, title: string): Record<string, unknown> {
  const { actions = [] } = (post.attachments[0]?.content ?? {}) as {
    actions?: { title: string; data: Record<string, unknown> }[];
  };
  const found = actions.find((action) => action.title === title);
  if (!found) throw new Error(`there is no button ${title}`);
  return found.data;
}

export async function press({ simulator }: Stand, who: string, post: Post, title: string): Promise<void> {
  await simulator.teams.click(who, post.id, buttonOf(post, title)).answered;
}

export function reply({ simulator }: Stand, thread: Thread, text: string, who = SATO) {
  return simulator.teams.say(who, { thread: thread.id, text, mentions: ['bot'] });
}

/** Every delivery that is stored. */
export async function stored({ faulty }: Scene) {
  return (await faulty.store.deliveries.find({ order: 'ascending' })).map(({ value }) => value);
}

/** The card of what was not delivered, once it can be acted upon: as long as the delivery is being parked, a press is told to come again. */
export function failureCard(scene: Scene, words: string, step = 500): Promise<Post> {
  const { running, clock } = scene;
  return clock.until(() => (running.desk.lanes.depth().waiting === 0 ? failures(scene, words)[0] : undefined), step);
}

/** Resolves when nothing waits in the product any more. */
export function settled({ running, clock }: Scene, step = 1_000): Promise<true> {
  return clock.until(() => running.desk.lanes.depth().waiting === 0 || undefined, step);
}

/** Every way in which a call can end without anybody knowing whether it worked; with and without its effect. */
export const UNKNOWN: [string, Partial<Fault>][] = [
  ...[500, 502, 503, 504, 408].map((status): [string, Partial<Fault>] => [`${status}`, { status }]),
  ['500 after the effect', { status: 500, effect: true }],
  ['504 after the effect', { status: 504, effect: true }],
  ['a reset before the effect', { reset: 'before' }],
  ['a reset after the effect', { reset: 'after' }],
  ['silence without the effect', { hang: 'before' }],
  ['silence after the effect', { hang: 'after' }],
];

/** Whether a fault lets the effect happen. */
export function hasEffect({ effect, reset, hang }: Partial<Fault>): boolean {
  return effect === true || reset === 'after' || hang === 'after';
}
