import type { CustomerMessage, Post, Thread } from '../../simulator/state.ts';
import type { Outside } from './outside.ts';
import { isAbout, isFailure, isMarked, runsOf } from './posts.ts';

export type Toward = 'teams' | 'customer';

/** A message that somebody wrote: the `index`-th in its conversation and direction. */
interface Said {
  key: string;
  toward: Toward;
  index: number;
  accepted: boolean;
}

/** That a message, or the root of a thread (then without a text), was seen where it belongs, and whose call put it there. */
export interface Seen {
  key: string;
  text?: string;
  marked: boolean;
  place: string;
  by: string;
}

/**
 * What was said on either side, and what was seen on the other, in the order of its appearance. It looks at every change of the
 * simulator, so that it knows which process's call made it.
 */
export class Ledger {
  readonly said = new Map<string, Said>();
  readonly inTeams: Seen[] = [];
  readonly roots: Seen[] = [];
  readonly atCustomers: Seen[] = [];
  readonly #outside: Outside;
  readonly #messages = new Map<string, CustomerMessage[]>();
  readonly #counts = new Map<string, number>();
  readonly #read = new Map<Thread | CustomerMessage[], number>();
  readonly #found = new Set<string>();
  readonly #threads = new Map<string, PromiseWithResolvers<Thread>>();
  #progress = 0;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.close = outside.simulator.on('change', () => this.#look());
  }

  /** Notes the next message of a conversation; its words name it, and are nobody else's. */
  say(key: string, toward: Toward): string {
    const { karte } = this.#outside.simulator;
    if (!this.#messages.has(key)) this.#messages.set(key, karte.customer({ user_id: key }).messages);
    const counted = `${toward} ${key}`;
    const index = this.#counts.get(counted) ?? 0;
    this.#counts.set(counted, index + 1);
    const text = `${toward === 'teams' ? '問い' : '答え'} ${key} その${index}。`;
    this.said.set(text, { key, toward, index, accepted: false });
    return text;
  }

  /** The product has said that it keeps this message. */
  accept(text: string): void {
    const said = this.said.get(text);
    if (said) said.accepted = true;
    this.#progress += 1;
  }

  /** Grows by one whenever a message is accepted, and whenever one is seen for the first time. */
  get progress(): number {
    return this.#progress;
  }

  /** How many messages have not been seen where they belong. */
  get missing(): number {
    return this.said.size - this.#found.size;
  }

  isSeen(text: string): boolean {
    return this.#found.has(text);
  }

  /** The thread that shows a message of this customer, once there is one. */
  threadOf(key: string): Promise<Thread> {
    return this.#threadOf(key).promise;
  }

  /** Cards that ask a person about one of these messages. */
  get failures(): Post[] {
    const cards = this.#outside.simulator.teams.botPosts().filter(isFailure);
    return cards.filter((post) => runsOf(post).some((run) => this.said.has(run)));
  }

  /** Looks no longer. */
  readonly close: () => void;

  #look(): void {
    const { teams } = this.#outside.simulator;
    for (const thread of teams.threads())
      for (const post of this.#fresh(thread, thread.posts)) this.#post(thread, post);
    for (const [key, messages] of this.#messages)
      for (const message of this.#fresh(messages, messages)) this.#message(key, message);
  }

  #fresh<T>(holder: Thread | CustomerMessage[], all: T[]): T[] {
    const read = this.#read.get(holder) ?? 0;
    if (read === all.length) return [];
    this.#read.set(holder, all.length);
    return all.slice(read);
  }

  #post(thread: Thread, post: Post): void {
    if (!post.fromBot || isFailure(post)) return;
    const seen = { marked: isMarked(post), place: post.id, by: this.#outside.caller ?? '' };
    if (post.id === thread.rootId) {
      const key = [...this.#messages.keys()].find((each) => isAbout(post, each));
      if (key) this.roots.push({ key, ...seen });
      return;
    }
    for (const text of runsOf(post)) {
      const said = this.said.get(text);
      if (said?.toward !== 'teams') continue;
      this.inTeams.push({ key: said.key, text, ...seen });
      this.#count(text);
      this.#threadOf(said.key).resolve(thread);
    }
  }

  #message(key: string, { from, text, id }: CustomerMessage): void {
    if (from !== 'operator' && from !== 'bot') return;
    this.atCustomers.push({ key, text, marked: false, place: id, by: this.#outside.caller ?? '' });
    const said = this.said.get(text);
    if (said?.toward === 'customer' && said.key === key) this.#count(text);
  }

  #count(text: string): void {
    if (this.#found.has(text)) return;
    this.#found.add(text);
    this.#progress += 1;
  }

  #threadOf(key: string): PromiseWithResolvers<Thread> {
    const known = this.#threads.get(key) ?? Promise.withResolvers<Thread>();
    this.#threads.set(key, known);
    return known;
  }
}
