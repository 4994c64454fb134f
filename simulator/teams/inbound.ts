import { randomUUID } from 'node:crypto';
import type { UnderWay } from '../delivery.ts';
import type { ChosenFile } from '../files.ts';
import type { Stage } from '../stage.ts';
import { BadInput } from '../stage.ts';
import type { Attachment, Client, Delivery, InvokeAnswer, Person, Post, TeamsChannel, Thread } from '../state.ts';
import type { Activity } from './activities.ts';
import { baseActivity, clientInfo, timesOf } from './activities.ts';
import type { Composed } from './compose.ts';
import { besideHtml, compose } from './compose.ts';
import type { Courier } from './courier.ts';
import type { Team } from './team.ts';

type Who = string | Person;

export interface Say {
  /** A new thread there (id or name), or … */
  channel?: string | TeamsChannel;
  /** … a reply in this thread (conversation id). Exactly one of the two. */
  thread?: string | Thread;
  /** As typed; `@Name` where a mention stands. */
  text: string;
  /** `'bot'`, people (id, name or person). */
  mentions?: Who[];
  /** Replaces the html copy, for clients that send something else. */
  html?: string;
  /** Pasted into the text. */
  pictures?: ChosenFile[];
  /** Names of files: what the bot gets of them is a mark in the html copy. */
  files?: string[];
  /** Pictures stand only in the html copy, as some clients have it. */
  picturesInHtmlOnly?: boolean;
  client?: Client;
  /** Does the conversation id of a root post carry `;messageid=`? Teams does both; default: not from mobile. */
  rootSuffix?: boolean;
  /** `text` has its line breaks as spaces; only the html copy keeps them. */
  loseLineBreaks?: boolean;
}

/** What became of a person's deed. Without an activity (the bot was not mentioned, or is not installed) nothing is delivered. */
export interface Done {
  activity?: Activity;
  delivery?: Delivery;
  /** The first attempt has ended, however. */
  answered: Promise<Delivery | undefined>;
  /** No attempt will follow. */
  settled: Promise<Delivery | undefined>;
}

export interface Said extends Done {
  post: Post;
  thread: Thread;
}

/** What people do in Teams, and the activities the bot gets for it. */
export class Inbound {
  readonly #stage: Stage;
  readonly #team: Team;
  readonly #courier: Courier;

  constructor(stage: Stage, team: Team, courier: Courier) {
    this.#stage = stage;
    this.#team = team;
    this.#courier = courier;
  }

  /** A person writes. The bot hears it only when it is mentioned. */
  say(who: Who, say: Say): Said {
    const person = this.#team.person(who);
    const thread = say.thread === undefined ? undefined : this.#threadOf(say.thread);
    if ((thread === undefined) === (say.channel === undefined))
      throw new BadInput('Either a channel or a thread is needed.');
    if (thread?.deleted) throw new BadInput('The thread was deleted.');
    const beside = (say.pictures?.length ?? 0) + (say.files?.length ?? 0);
    if (say.text.trim() === '' && !say.mentions?.length && beside === 0) throw new BadInput('The text is empty.');
    const client = say.client ?? 'desktop';
    const enclosed = this.#enclose(say);
    const composed = this.#compose(say, client, enclosed.html);
    const content = {
      from: person.id,
      fromName: person.name,
      fromBot: false,
      text: composed.shown,
      client,
      attachments: enclosed.shown,
    };
    const fresh = { ...content, mentions: composed.mentions };
    const said = thread
      ? this.#team.reply(thread, fresh)
      : this.#team.startThread(this.#team.channel(say.channel ?? ''), fresh);
    const isRoot = said.post.id === said.thread.rootId;
    const bare = isRoot && !(say.rootSuffix ?? client !== 'mobile');
    const activity = this.#message(person, said.thread, said.post.id, bare, composed, client, enclosed.attachments);
    return { ...said, ...this.#tell(activity, composed) };
  }

  /**
   * A person changes a post; the bot hears it under the old id when the post mentions it, or did. Without `mentions` they stay. Whether an edit brings
   * pictures along is not documented: without `pictures` the bot hears nothing of them; else of those that are `kept`, or of others in their place.
   */
  edit(who: Who, postId: string, text: string, mentions?: Who[], pictures?: 'kept' | ChosenFile[]): Said {
    const person = this.#team.person(who);
    const { post, thread } = this.#ownPost(person, postId);
    const before = post.mentions;
    const attachments = Array.isArray(pictures)
      ? [...this.#enclose({ text, pictures }).shown, ...post.attachments.filter((one) => !isPicture(one))]
      : post.attachments;
    const composed = this.#compose(
      { text, mentions: mentions ?? before.map(({ id }) => id) },
      post.client ?? 'desktop',
    );
    this.#team.edit(post, { text: composed.shown, mentions: composed.mentions, attachments });
    const beside = this.#besideOf(pictures ? post.attachments.filter(isPicture) : []);
    return this.#changed(person, post, thread, 'editMessage', composed, before, beside);
  }

  /** A person brings a post back that they deleted; the bot hears it with its text when the post mentions it. */
  undelete(who: Who, postId: string): Said {
    const person = this.#team.person(who);
    const { post, thread } = this.#team.post(postId);
    if (post.from !== person.id || !post.deletedAt)
      throw new BadInput('People bring back what they deleted themselves.');
    this.#team.restore(post, thread);
    const mentions = post.mentions.map(({ id }) => id);
    const composed = this.#compose({ text: post.text ?? '', mentions }, post.client ?? 'desktop');
    return this.#changed(person, post, thread, 'undeleteMessage', composed);
  }

  /** A person deletes a post; the bot hears it when the post mentioned it. A root takes its thread along. */
  delete(who: Who, postId: string): Said {
    const person = this.#team.person(who);
    const { post, thread } = this.#ownPost(person, postId);
    const { mentions } = post;
    this.#team.remove(post, thread, true);
    const base = this.#base(person, thread);
    const data = { ...base.channelData, eventType: 'softDeleteMessage' };
    const activity = { type: 'messageDelete', id: post.id, ...this.#times(), ...base, channelData: data };
    return { post, thread, ...this.#tell(activity, { mentions }) };
  }

  /** A person reacts; the bot hears it for its own posts. */
  react(who: Who, postId: string, type: string, remove = false): Said {
    const person = this.#team.person(who);
    const { post, thread } = this.#team.post(postId);
    this.#team.react(post, person.id, type, !remove);
    const change = remove ? { reactionsRemoved: [{ type }] } : { reactionsAdded: [{ type }] };
    const activity = { type: 'messageReaction', ...this.#about(person, thread, postId), ...change };
    return { post, thread, ...(post.fromBot ? this.deliver(activity) : nothing) };
  }

  /** A person presses an Action.Submit of a card: a message with `value` and no text. */
  click(who: Who, postId: string, data: Record<string, unknown>): Done & { activity: Activity } {
    const { person, thread } = this.#cardOf(who, postId);
    const activity = { type: 'message', ...this.#about(person, thread, postId), value: data };
    return { ...this.deliver(activity), activity };
  }

  /** A person presses an Action.Submit with `msteams.type` `task/fetch`: the bot answers with a dialog. */
  fetchTask(who: Who, postId: string, data: Record<string, unknown>): Promise<InvokeAnswer> {
    const marked = { msteams: { type: 'task/fetch' }, ...data };
    return this.#invoke(who, postId, 'task/fetch', { data: marked, context: { theme: 'default' } });
  }

  /** A person sends the dialog off. */
  submitTask(who: Who, postId: string, data: Record<string, unknown>): Promise<InvokeAnswer> {
    return this.#invoke(who, postId, 'task/submit', { data, context: { theme: 'default' } });
  }

  /** A person presses an Action.Execute. */
  execute(who: Who, postId: string, verb: string, data: Record<string, unknown>): Promise<InvokeAnswer> {
    const action = { type: 'Action.Execute', id: verb, verb, data };
    return this.#invoke(who, postId, 'adaptiveCard/action', { action, trigger: 'manual' });
  }

  /** Carries any activity to the bot as it is: for what a decent Teams would never send. */
  deliver(activity: Activity): Done & { activity: Activity; delivery: Delivery } {
    const { delivery, answered, settled }: UnderWay = this.#courier.deliver(activity);
    return { activity, delivery, answered, settled };
  }

  async #invoke(who: Who, postId: string, name: string, value: unknown): Promise<InvokeAnswer> {
    const { person, thread } = this.#cardOf(who, postId);
    return this.#courier.invoke({ type: 'invoke', name, ...this.#about(person, thread, postId), value });
  }

  /** What is put beside the words: what people see of it, what the bot gets of it, and its marks in the html copy. */
  #enclose({ pictures = [], files = [], picturesInHtmlOnly }: Say) {
    const kept = pictures.map((picture) => ({ ...picture, id: this.#stage.files.add(picture) }));
    const url = (id: string) => `${this.#courier.serviceUrl}v3/attachments/${id}/views/original`;
    const attachments: Attachment[] = picturesInHtmlOnly
      ? []
      : kept.map(({ type, name, id }) => ({ contentType: type, contentUrl: url(id), name }));
    const shown: Attachment[] = [
      ...kept.map(({ type, name, id }) => ({ contentType: type, contentUrl: `api/files/${id}`, name })),
      ...files.map((name) => ({ contentType: 'reference', name })),
    ];
    const html = besideHtml({ pictures: kept.map(({ id }) => url(id)), files: files.map(() => randomUUID()) });
    return { attachments, shown, html };
  }

  /** What the bot gets of the pictures that people see. */
  #besideOf(shown: Attachment[]) {
    const url = ({ contentUrl = '' }: Attachment) =>
      `${this.#courier.serviceUrl}v3/attachments/${contentUrl.split('/').at(-1)}/views/original`;
    const attachments = shown.map((one) => ({ ...one, contentUrl: url(one) }));
    return { attachments, html: besideHtml({ pictures: shown.map(url), files: [] }) };
  }

  #changed(
    person: Person,
    post: Post,
    thread: Thread,
    eventType: 'editMessage' | 'undeleteMessage',
    composed: Composed,
    before = composed.mentions,
    beside = this.#besideOf([]),
  ): Said {
    const whole = { ...composed, html: `${composed.html}${beside.html}` };
    const client = post.client ?? 'desktop';
    const activity = this.#message(person, thread, post.id, false, whole, client, beside.attachments);
    const channelData = { ...(activity.channelData as object), eventType };
    const mentions = [...composed.mentions, ...before];
    return { post, thread, ...this.#tell({ ...activity, type: 'messageUpdate', channelData }, { mentions }), activity };
  }

  #message(
    person: Person,
    thread: Thread,
    id: string,
    bare: boolean,
    composed: Composed,
    client: Client,
    attachments: Attachment[] = [],
  ): Activity {
    const { text, html, mentions } = composed;
    const entities = mentions.map((mention) => {
      const { id: mentionedId, name, text: marker } = mention;
      return { type: 'mention', mentioned: { id: mentionedId, name }, text: marker };
    });
    return {
      type: 'message',
      id,
      ...this.#times(),
      ...this.#base(person, thread, bare ? thread.channelId : thread.id),
      textFormat: 'plain',
      text,
      attachments: [...attachments, { contentType: 'text/html', content: html }],
      entities: [...entities, clientInfo(this.#stage.world, client)],
    };
  }

  #compose(say: Pick<Say, 'text' | 'mentions' | 'html' | 'loseLineBreaks'>, client: Client, beside = ''): Composed {
    const { bot } = this.#stage.world;
    const mentioned = (say.mentions ?? []).map((who) => {
      if (who === 'bot' || who === bot.id) return { id: bot.id, name: bot.name, bot: true };
      const { id, name } = this.#team.person(who);
      return { id, name, bot: false };
    });
    const composed = compose({ text: say.text, mentioned, client, loseLineBreaks: say.loseLineBreaks });
    return { ...composed, html: say.html ?? `${composed.html}${beside}` };
  }

  #tell(activity: Activity, { mentions }: Pick<Composed, 'mentions'>): Done {
    const { bot } = this.#stage.world;
    const heard = bot.installed && mentions.some(({ id }) => id === bot.id);
    return heard ? this.deliver(activity) : nothing;
  }

  /** Fields of an activity about a post of the thread. */
  #about(person: Person, thread: Thread, postId: string) {
    const entities = [clientInfo(this.#stage.world, 'desktop')];
    return { id: this.#stage.nextId(), ...this.#times(), ...this.#base(person, thread), replyToId: postId, entities };
  }

  #base(person: Person, { channelId, id }: Thread, conversationId = id) {
    return baseActivity(this.#stage.world, this.#courier.serviceUrl, person, channelId, conversationId);
  }

  #times() {
    return timesOf(this.#stage.world, this.#stage.now());
  }

  #threadOf(thread: string | Thread): Thread {
    return typeof thread === 'string' ? this.#team.thread(thread) : thread;
  }

  #cardOf(who: Who, postId: string) {
    const { post, thread } = this.#team.post(postId);
    if (!post.fromBot || !post.attachments.length) throw new BadInput('The post holds no card of the bot.');
    if (!this.#stage.world.bot.installed) throw new BadInput('The app is not installed.');
    return { person: this.#team.person(who), thread };
  }

  #ownPost(person: Person, postId: string) {
    const found = this.#team.post(postId);
    if (found.post.from !== person.id) throw new BadInput('People change their own posts only.');
    if (found.post.deletedAt) throw new BadInput('The post was deleted.');
    return found;
  }
}

function isPicture({ contentType }: Attachment): boolean {
  return contentType.startsWith('image/');
}

const nothing: Done = { answered: Promise.resolve(undefined), settled: Promise.resolve(undefined) };
