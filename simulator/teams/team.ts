import { makeChannel, makePerson } from '../defaultWorld.ts';
import type { Stage } from '../stage.ts';
import { BadInput } from '../stage.ts';
import type { Person, Post, TeamsChannel, Thread, World } from '../state.ts';

/** What a new post needs; the rest has defaults. */
export type NewPost = Pick<Post, 'from' | 'fromName' | 'fromBot'> & Partial<Post>;

/** The team: who is in it, its Teams channels, and what stands in their threads. */
export class Team {
  readonly #stage: Stage;
  readonly #threads = new Map<string, Thread>();
  readonly #posts = new Map<string, { post: Post; thread: Thread }>();
  /** What posts held before people deleted them, for as long as this process lives. */
  readonly #removed = new Map<string, Partial<Post>>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#index();
    stage.onReset(() => this.#index());
  }

  get world(): World {
    return this.#stage.world;
  }

  get members(): Person[] {
    return this.world.people.filter((person) => person.member);
  }

  /** Somebody by `29:` id, Entra object id, user principal name or display name (spaces do not count). */
  findPerson(who: string): Person | undefined {
    const name = who.replaceAll(/\s/g, '');
    return this.world.people.find(
      (person) =>
        [person.id, person.aadObjectId, person.userPrincipalName].includes(who) ||
        person.name.replaceAll(/\s/g, '') === name,
    );
  }

  /** As {@link Team.findPerson}. Throws {@link BadInput} when there is nobody. */
  person(who: string | Person): Person {
    return need(typeof who === 'string' ? this.findPerson(who) : who, `There is no person ${who}.`);
  }

  /** A Teams channel by id or name. Throws {@link BadInput} when there is none. */
  channel(which: string | TeamsChannel): TeamsChannel {
    const find = (name: string) => this.world.channels.find((each) => each.id === name || each.name === name);
    return need(typeof which === 'string' ? find(which) : which, `There is no Teams channel ${which}.`);
  }

  get general(): TeamsChannel {
    return this.channel(this.world.team.id);
  }

  findThread(id: string): Thread | undefined {
    return this.#threads.get(id);
  }

  /** A thread by its conversation id. Throws {@link BadInput} when there is none. */
  thread(id: string): Thread {
    return need(this.findThread(id), `There is no thread ${id}.`);
  }

  /** The threads of one Teams channel, oldest root first. */
  threadsIn(channel: string | TeamsChannel): Thread[] {
    const { id } = this.channel(channel);
    return this.world.threads.filter((thread) => thread.channelId === id);
  }

  findPost(id: string): { post: Post; thread: Thread } | undefined {
    return this.#posts.get(id);
  }

  /** A post with its thread. Throws {@link BadInput} when there is none. */
  post(id: string): { post: Post; thread: Thread } {
    return need(this.findPost(id), `There is no post ${id}.`);
  }

  /** Starts a thread with its root. */
  startThread(channel: TeamsChannel, content: NewPost): { post: Post; thread: Thread } {
    const post = this.#makePost(content);
    const id = `${channel.id};messageid=${post.id}`;
    const thread: Thread = { id, rootId: post.id, channelId: channel.id, posts: [], deleted: false };
    this.world.threads.push(thread);
    this.#threads.set(id, thread);
    return this.#add(post, thread);
  }

  reply(thread: Thread, content: NewPost): { post: Post; thread: Thread } {
    return this.#add(this.#makePost(content), thread);
  }

  /** Replaces content; the id and the place stay. */
  edit(post: Post, content: Partial<Post>): void {
    Object.assign(post, content, { editedAt: this.#stage.timestamp() });
    this.#stage.changed();
  }

  /** Takes the content away. Deleting a root ends the thread for the bot when a person did it. */
  remove(post: Post, thread: Thread, byPerson: boolean): void {
    const gone: Partial<Post> = { text: undefined, attachments: [], mentions: [], droppedMentions: [], reactions: [] };
    if (byPerson) this.#removed.set(post.id, { ...post });
    Object.assign(post, gone, { deletedAt: this.#stage.timestamp() });
    if (byPerson && post.id === thread.rootId) thread.deleted = true;
    this.#stage.changed();
  }

  /** Undoes a person's deletion. Throws {@link BadInput} when the content is not known any more. */
  restore(post: Post, thread: Thread): void {
    Object.assign(post, need(this.#removed.get(post.id), 'The post can’t be brought back.'), { deletedAt: undefined });
    this.#removed.delete(post.id);
    if (post.id === thread.rootId) thread.deleted = false;
    this.#stage.changed();
  }

  /** Sets or takes back a reaction; setting one twice changes nothing. */
  react(post: Post, who: string, type: string, on: boolean): void {
    const others = post.reactions.filter((each) => each.type !== type);
    const same = post.reactions.find((each) => each.type === type)?.by.filter((id) => id !== who) ?? [];
    const by = on ? [...same, who] : same;
    post.reactions = by.length ? [...others, { type, by }] : others;
    this.#stage.changed();
  }

  /** One more person, in the team unless `member: false`. */
  addPerson(mailName: string, surname: string, givenName: string, more: Partial<Person> = {}): Person {
    const person = makePerson(mailName, surname, givenName, more);
    this.world.people.push(person);
    this.#stage.changed();
    return person;
  }

  addChannel(name: string): TeamsChannel {
    if (this.world.channels.some((each) => each.name === name)) throw new BadInput(`The Teams channel ${name} exists.`);
    const channel = makeChannel(name);
    this.world.channels.push(channel);
    this.#stage.changed();
    return channel;
  }

  #makePost(content: NewPost): Post {
    const empty = { attachments: [], mentions: [], droppedMentions: [], reactions: [] };
    return { ...empty, ...content, id: this.#stage.nextId(), at: this.#stage.timestamp() };
  }

  #add(post: Post, thread: Thread) {
    thread.posts.push(post);
    const entry = { post, thread };
    this.#posts.set(post.id, entry);
    this.#stage.changed();
    return entry;
  }

  #index(): void {
    this.#threads.clear();
    this.#posts.clear();
    this.#removed.clear();
    for (const thread of this.world.threads) {
      this.#threads.set(thread.id, thread);
      for (const post of thread.posts) this.#posts.set(post.id, { post, thread });
    }
  }
}

function need<T>(found: T | undefined, sentence: string): T {
  if (found === undefined) throw new BadInput(sentence);
  return found;
}
