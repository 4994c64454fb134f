import type { Simulator } from '../../../simulator/simulator.ts';
import type { Post } from '../../../simulator/state.ts';

/** The numbered text of one end user: findable in any post, also beside others. */
export function textOf(user: number, number: number): string {
  return `m${user}-${number}.`;
}

const TEXT = /\bm(\d+)-(\d+)\./g;

interface Said {
  user: number;
  number: number;
}

/** Whoever waits asks again and again; an edit of a post replaces its attachments. */
const read = new WeakMap<Post['attachments'], Said[]>();

/** The numbered texts that a post of the bot shows as messages, in its order. Failure cards quote; their buttons tell them. */
export function saidIn(post: Post): Said[] {
  if (!post.fromBot) return [];
  const said = read.get(post.attachments) ?? saidBy(post.attachments);
  read.set(post.attachments, said);
  return said;
}

function saidBy(attachments: Post['attachments']): Said[] {
  const runs: string[] = [];
  let quotes = false;
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, text } = value as { type?: unknown; text?: unknown };
    if (type === 'TextRun') runs.push(String(text));
    if (type === 'Action.Submit') quotes = true;
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(attachments);
  if (quotes) return [];
  return runs.flatMap((run) =>
    [...run.matchAll(TEXT)].map(([, user, number]) => ({ user: Number(user), number: Number(number) })),
  );
}

/** Everything shown: each end user's numbers in the order of the posts, and when each text was posted (Unix ms). */
export interface Shown {
  of(user: number): number[];
  at: Map<string, number>;
  posts: number;
  total: number;
}

/** Reads the threads. `from` leaves out what stood there before (seating). */
export function shownIn(simulator: Simulator, from = 1): Shown {
  const numbers = new Map<number, number[]>();
  const at = new Map<string, number>();
  let posts = 0;
  let total = 0;
  for (const post of simulator.teams.botPosts()) {
    const said = saidIn(post).filter(({ number }) => number >= from);
    if (said.length > 0) posts += 1;
    for (const { user, number } of said) {
      total += 1;
      const list = numbers.get(user) ?? [];
      list.push(number);
      numbers.set(user, list);
      at.set(textOf(user, number), Date.parse(post.at));
    }
  }
  return { of: (user) => numbers.get(user) ?? [], at, posts, total };
}

/** 1, 2, ... up to `count`: how a user's numbers have to stand. */
export function inOrder(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}

/** The users among these whose numbers do not stand as 1 to `count`, with how they stand. */
export function disordered(
  users: number[],
  count: number,
  numbersOf: (user: number) => number[],
): Record<number, string> {
  const wanted = inOrder(count).join(' ');
  const wrong = users.flatMap((user) => {
    const found = numbersOf(user).join(' ');
    return found === wanted ? [] : [[user, found] as const];
  });
  return Object.fromEntries(wrong);
}
