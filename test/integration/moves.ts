import { startSimulator } from '../../simulator/simulator.ts';
import type { Post } from '../../simulator/state.ts';
import type { Say } from '../../simulator/teams/inbound.ts';
import { conversation, SATO, type Stand, type StandOptions, stand, wordsOf, YAMADA } from './stand.ts';

/** A stand whose Teams counts no calls: many conversations in a second are wanted here, and budgets are tested elsewhere. */
export function roomyStand(options: StandOptions = {}): Promise<Stand> {
  return stand({ ...options, simulator: { enforceLimits: false, ...options.simulator } });
}

/** Waits for something that no simulator announces. Rejects after twenty seconds. */
export async function until<T>(probe: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const found = await probe();
    if (found) return found as NonNullable<T>;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited in vain for ${probe}`);
}

/** Waits until every delivery that is stored has ended, one way or the other. */
export async function idle({ store }: Stand): Promise<void> {
  await until(async () => (await store.deliveries.find({ where: { state: 'open' } })).length === 0);
}

/** What became of a message: the bot's posts in the thread while its turn lasted. */
export interface Answer {
  threadId: string;
  postId: string;
  activityId: string;
  status?: number;
  posts: Post[];
  words: string;
}

/** Somebody writes to the bot; resolves when the bot has taken the message. */
export async function tell(
  { simulator }: Stand,
  who: string,
  say: Omit<Say, 'mentions'> & Partial<Pick<Say, 'mentions'>>,
): Promise<Answer> {
  const said = simulator.teams.say(who, { mentions: ['bot'], ...say });
  const answered = await said.answered;
  const posts = (simulator.teams.threads().find(({ id }) => id === said.thread.id)?.posts ?? []).filter(
    (post) => post.fromBot && BigInt(post.id) > BigInt(said.post.id),
  );
  return {
    threadId: said.thread.id,
    postId: said.post.id,
    activityId: said.activity?.id ?? '',
    status: answered?.attempts[0]?.status,
    posts,
    words: posts.map(wordsOf).join('\n'),
  };
}

/** How many messages were ever stored on their way to an end user. */
export async function repliesStored({ store }: Stand): Promise<number> {
  return (await store.deliveries.find({ where: { toward: 'endUser' } })).length;
}

/** Everything the product keeps, logs, and shows in Teams, as one text to search in. */
export async function everythingKept({ store, log, simulator }: Stand): Promise<string> {
  const { desks, connections, conversations, deliveries, threads, operators, turns, dialogs, lanes, waits, canned } =
    store;
  const stored: unknown[] = [];
  const all = [desks, connections, conversations, deliveries, threads, operators, turns, dialogs, lanes, waits, canned];
  for (const collection of all) stored.push(await collection.find({}));
  return JSON.stringify([stored, log.lines, simulator.teams.botPosts(), simulator.teams.calls]);
}

/** The parts of the card that a post shows. */
export function bodyOf(post: Post | undefined): CardPart[] {
  const card = post?.attachments[0]?.content as { body?: CardPart[] } | undefined;
  return card?.body ?? [];
}

/** What the tests look at in a part of a card. */
export interface CardPart {
  type: string;
  text?: string;
  facts?: { title: string; value: string }[];
}

/** The titles and data of a card's buttons. */
export function buttonsOf(post: Post | undefined): { title: string; data: Record<string, unknown> }[] {
  const card = post?.attachments[0]?.content as
    | { actions?: { title: string; data: Record<string, unknown> }[] }
    | undefined;
  return card?.actions ?? [];
}

/** The data of the one button whose title contains these words. */
export function button(post: Post | undefined, words: string): Record<string, unknown> {
  const found = buttonsOf(post).filter(({ title }) => title.includes(words));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} buttons are called ${words}`);
  return found[0].data;
}

/** The post as it stands now. */
export function nowOf({ simulator }: Stand, post: Post | undefined): Post {
  const found = simulator.teams
    .threads()
    .flatMap(({ posts }) => posts)
    .find(({ id }) => id === post?.id);
  if (!found) throw new Error('there is no such post');
  return found;
}

/** A person presses a button; resolves when the bot has taken it, with the words the bot then added to the thread. */
export async function press(s: Stand, who: string, post: Post | undefined, data: Record<string, unknown>) {
  const thread = s.simulator.teams.threads().find(({ posts }) => posts.some(({ id }) => id === post?.id));
  const before = new Set(thread?.posts.map(({ id }) => id));
  const click = s.simulator.teams.click(who, post?.id ?? '', data);
  await click.answered;
  const added = (thread?.posts ?? []).filter(({ id }) => !before.has(id));
  return { activityId: click.activity.id, words: added.map(wordsOf).join('\n'), added };
}

/** The customer receives something new, or never mind: the texts they have so far once everything has ended. */
export async function receivedBy(s: Stand, key: string) {
  await idle(s);
  return s.simulator.karte.customer(key).received;
}

/** What KARTE was asked at a path. */
export function asked({ simulator }: Stand, path: string): Record<string, unknown>[] {
  return simulator.karte.calls
    .filter((call) => call.path.endsWith(path))
    .map(({ body }) => body as Record<string, unknown>);
}

/** The credentials of the simulated KARTE project in the order of the command. */
export function credentials({ simulator }: Stand): string[] {
  const { apiKey, accessToken, botId, clientSecret } = simulator.karte.project;
  return [apiKey, accessToken, botId, clientSecret];
}

/** Another team that has the app too, with people of its own and the same product behind it. */
export async function secondTeam(s: Stand) {
  const { simulator, close } = await startSimulator({ botUrl: s.running.url, enforceLimits: false });
  const { team, channels } = simulator.state();
  team.id = '19:another-team@thread.tacv2';
  for (const channel of channels)
    channel.id = channel.general ? team.id : `19:another-${channels.indexOf(channel)}@thread.tacv2`;
  await Promise.all(simulator.teams.install().map(({ settled }) => settled));
  return { simulator, team, close };
}

/** The facts on a root card, by their names, however the card lays them out. */
export function factsOf(root: Post | undefined): Record<string, string> {
  const runs: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, text } = value as { type?: unknown; text?: unknown };
    if (type === 'TextRun') runs.push(String(text).replace(/[:\s]+$/, ''));
    else Object.values(value).forEach(walk);
  };
  walk(root?.attachments[0]?.content);
  const names = ['状態', '担当', 'ページ'];
  return Object.fromEntries(runs.flatMap((run, at) => (names.includes(run) ? [[run, runs[at + 1] ?? '']] : [])));
}

/** A stand where 山田 and 佐藤 are linked to their operators. */
export async function linkedStand(): Promise<Stand> {
  const s = await roomyStand();
  const channel = s.simulator.state().team.id;
  await tell(s, YAMADA, { channel, text: 'operator link op-yamada-0001' });
  await tell(s, SATO, { channel, text: 'operator link op-sato-0002' });
  return s;
}

/** Somebody mistypes in a new customer's thread; `card` is the question that follows. */
export async function slip(s: Stand, key: string, text: string, who = SATO) {
  const { customer, thread } = await conversation(s.simulator, key);
  const answer = await tell(s, who, { thread: thread.id, text });
  if (answer.posts.length !== 1) throw new Error(`${answer.posts.length} answers to ${text}`);
  return { customer, thread, card: answer.posts[0], ...answer };
}
