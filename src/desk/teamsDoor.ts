import { answered, type Conversation, heard, type Thread } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Content, Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { earlierIn } from './earlier.ts';
import type { HandOut } from './handOut.ts';
import { KeyedQueue } from './keyedQueue.ts';
import { MentionRule } from './mentionRule.ts';
import { merged } from './merge.ts';
import type { Message } from './message.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Passage } from './passage.ts';
import { inPatience } from './patience.ts';
import type { Capabilities, ThreadPost } from './ports.ts';
import { rulesOf } from './rules.ts';
import type { DeskSettings } from './settings.ts';

/** How long a new thread waits for the channel to tell what was said earlier (ms). */
const PATIENCE = 3_000;

/** How long a hook may take, overtaken by one that came after it (ms). */
const STILL_COMING = 2 * 60_000;

/** How many conversations are remembered between deliveries. */
const MOST_KNOWN = 5_000;

/** A conversation whose thread is there; `fresh`: it was made just now, so that it can't show anything yet. */
interface InThread {
  conversation: Conversation & { thread: Thread };
  fresh: boolean;
}

/** Decides what goes into one post, and notes it; asked when the post can go out. */
type Take = () => Promise<Delivery[]>;

/** The way into Teams: finds or makes the conversation's thread, then makes exactly one POST. */
export class TeamsDoor {
  readonly #parts: CourierParts;
  readonly #handOut: Pick<HandOut, 'offer'>;
  readonly #known = new Map<string, Conversation>();
  /** The last message of each end user. */
  readonly #heard = new Map<string, { order: number; at: number }>();
  readonly #mentions: MentionRule;
  /** Messages and notices of one conversation go side by side; only one of them may make its thread. */
  readonly #openings = new KeyedQueue();

  constructor(parts: CourierParts, handOut: Pick<HandOut, 'offer'>) {
    this.#parts = parts;
    this.#handOut = handOut;
    this.#mentions = new MentionRule(parts);
  }

  /** What was read before the conversation changed its place or its end user says nothing new. */
  know(conversation: Conversation): void {
    const known = this.#known.get(conversation.id);
    if ((known?.edition ?? 0) > (conversation.edition ?? 0)) return;
    remember(this.#known, conversation.id, conversation);
  }

  /** Another process may have changed it. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** A conversation as it is stored now. */
  async refresh(id: string): Promise<Conversation | undefined> {
    const found = await this.#parts.records.conversations.read(id, id);
    if (found) this.know(found.value);
    return found?.value;
  }

  /** A conversation in this edition at least. */
  async conversation(id: string, edition = 0): Promise<Conversation | undefined> {
    const known = this.#known.get(id);
    return known && (known.edition ?? 0) >= edition ? known : this.refresh(id);
  }

  /** `repeat`: Teams may show it already. Rejects with `lane.left` and `store.unavailable` when nothing was posted. */
  async send(
    delivery: Delivery,
    repeat: boolean,
    conversation: Conversation,
    passage: Passage,
    take: Take,
  ): Promise<Outcome> {
    const { content } = delivery;
    if (content.type === 'assignee') return this.#assign(content.assignee, conversation, passage);
    if (content.type === 'notice' && content.threadId)
      return this.#sayIn(content.threadId, delivery, repeat, conversation, passage, take);
    const before = content.type === 'message' ? content.message.at : undefined;
    const there = await this.#withThread(conversation, passage, before);
    if ('kind' in there) return there;
    const outcome = await this.#post(delivery, repeat, there, passage, take);
    // An admin let the conversations go on elsewhere while this one waited for its turn.
    if (!outcome) return this.send(delivery, repeat, there.conversation, passage, take);
    if (!isGone(outcome)) return outcome;
    // The thread was deleted in Teams: the conversation goes on in a new one.
    const goneOn = await this.#change(conversation.id, (current) => ({
      ...current,
      thread: current.thread?.id === there.conversation.thread.id ? undefined : current.thread,
    }));
    const again = await this.#withThread(goneOn, passage, before);
    if ('kind' in again) return again;
    const second = await this.#post(delivery, repeat, again, passage, take);
    return second ?? this.send(delivery, repeat, again.conversation, passage, take);
  }

  /** The conversation's thread, made now if there is none; it begins with what was said before that time (Unix ms). Else why it could not be made. */
  async thread(conversation: Conversation, passage: Passage, before: number): Promise<Thread | Failure> {
    const there = await this.#withThread(conversation, passage, before);
    return 'kind' in there ? there : there.conversation.thread;
  }

  /** Changes where a conversation is, never while its thread is being made. */
  move(id: string, change: (conversation: Conversation) => Conversation): Promise<Conversation> {
    return this.#openings.run(id, () => this.#change(id, change));
  }

  /** Says something in a thread that its conversation has left. Nobody waits for it: where it can't be said, nothing is held up. */
  async #sayIn(
    threadId: string,
    delivery: Delivery,
    repeat: boolean,
    conversation: Conversation,
    passage: Passage,
    take: Take,
  ): Promise<Outcome> {
    const there = { conversation: { ...conversation, thread: threadOf(threadId) }, fresh: false };
    const outcome = await this.#post(delivery, repeat, there, passage, take);
    // The whole Teams channel is left meanwhile.
    if (!outcome) return { kind: 'refused', code: 'teams.threadGone', transient: false };
    return outcome.kind === 'refused' ? { ...outcome, holds: undefined } : outcome;
  }

  /** `undefined`: nothing was posted, as the conversation has to move first. */
  async #post(
    delivery: Delivery,
    repeat: boolean,
    { conversation, fresh }: InThread,
    passage: Passage,
    take: Take,
  ): Promise<Outcome | undefined> {
    const { teams, env, directory, pictures } = this.#parts;
    const { desk, channel } = await directory.contextOf(conversation);
    // Asked before the turn comes: it may take a while, and a turn is dear.
    const mention = await this.#mentionFor(delivery, conversation, passage);
    const shown = await pictures.inward(delivery, desk, channel.name);
    const done = await passage.turn('send', desk.tenantId);
    let group: Delivery[] = [];
    try {
      if (!stays(conversation, passage.refuge())) return undefined;
      group = await take();
      const post = postOf(shown, group, channel.capabilities);
      await env.step?.('post.begins');
      // Before it moved, it may have been shown in the old thread.
      const shownBefore = repeat && !(fresh && conversation.movedFrom === undefined);
      const outcome = await teams.post(desk, conversation.thread.id, { ...post, mention, repeat: shownBefore });
      await env.step?.('post.made');
      const spoken = post.type === 'message' && mention && outcome.kind !== 'refused';
      if (spoken) this.#mentions.made(conversation.id);
      return outcome;
    } finally {
      done();
      await this.#said(conversation.id, group);
    }
  }

  /** A reply has reached the end user: nobody waits for it any more, unless the end user has said more since. */
  async answered({ conversationId: id, order, content }: Delivery): Promise<void> {
    if (content.type !== 'message' || content.message.author.kind !== 'operator') return;
    const heardLast = this.#heard.get(id);
    const later = heardLast && heardLast.order > order ? heardLast.at : undefined;
    await this.#noteTurn(id, this.#known.get(id)?.unansweredSince !== later && ((current) => answered(current, later)));
  }

  /** What was shown may begin a wait for an answer, or be the answer (given on the channel's own screen). */
  async #said(id: string, group: Delivery[]): Promise<void> {
    const { content, order, createdAt } = group.at(-1) ?? {};
    if (content?.type !== 'message' || order === undefined || createdAt === undefined) return;
    const turns = group.flatMap((one) => (one.content.type === 'message' ? (one.content.turn ?? []) : []));
    if (content.message.author.kind !== 'endUser') return this.#noteTurn(id, turns.length > 0 && answered);
    remember(this.#heard, id, { order, at: createdAt });
    const times = group.map((one) => one.createdAt);
    const closings = turns.flatMap(({ closedAt }) => closedAt ?? []);
    const begins = turns.length > 0 || this.#known.get(id)?.unansweredSince === undefined;
    await this.#noteTurn(id, begins && ((current) => heard(current, times, closings)), (now) =>
      this.#handOut.offer(now),
    );
  }

  /** Notes whose turn it is, and has the card drawn. Something was posted or sent by now, and nothing that goes wrong here may hide that. */
  async #noteTurn(
    id: string,
    change: false | ((conversation: Conversation) => Conversation),
    then?: (conversation: Conversation) => Promise<void>,
  ): Promise<void> {
    const { insist, env, cards, waits } = this.#parts;
    try {
      const conversation = change ? await insist.on(() => this.#change(id, change)) : this.#known.get(id);
      if (!conversation) return;
      cards.refresh(conversation, change ? 'soon' : 'later');
      await insist.on(() => waits.note(conversation));
      await then?.(conversation);
    } catch (error) {
      env.log.warn({ err: error, conversationId: id }, 'whose turn it is could not be noted');
    }
  }

  async #mentionFor(
    { content }: Delivery,
    conversation: Conversation,
    passage: Passage,
  ): Promise<ThreadPost['mention']> {
    if (content.type === 'failure') return content.source?.person;
    if (content.type === 'edited') return isQuiet(content) ? undefined : content.source?.person;
    if (content.type === 'notice') return content.mention;
    if (content.type !== 'message' || content.message.author.kind !== 'endUser') return undefined;
    return this.#mentions.whom(conversation, (assignee) => this.#assign(assignee, conversation, passage));
  }

  /** The conversation with its thread, made now if there is none; else why it could not be made. */
  async #withThread(conversation: Conversation, passage: Passage, before?: number): Promise<InThread | Failure> {
    const { thread } = conversation;
    if (thread && stays(conversation, passage.refuge()))
      return { conversation: { ...conversation, thread }, fresh: false };
    return this.#openings.run(conversation.id, () => this.#open(conversation, passage, before));
  }

  /** Makes the thread: a stored claim, one POST, the stored thread. A claim left by an *unknown* marks the next root. */
  async #open({ id, room }: Conversation, passage: Passage, before?: number): Promise<InThread | Failure> {
    const { env, directory, records, insist } = this.#parts;
    const isHere = (conversation: Conversation) => conversation.room === room;
    const current = await this.#change(id, (conversation) =>
      isHere(conversation) ? movedTo(passage.refuge(), conversation) : conversation,
    );
    if (!isHere(current)) throw new DeskError('lane.left');
    if (current.thread) return { conversation: { ...current, thread: current.thread }, fresh: false };
    const { desk } = await directory.contextOf(current);
    const done = await passage.turn('create', desk.tenantId);
    let outcome: Outcome;
    try {
      outcome = await this.#create(current, desk, passage);
    } finally {
      done();
    }
    if (outcome.kind !== 'delivered') return outcome;
    const thread = threadOf(outcome.ref ?? '');
    // The look-up first: a thread that is known to its conversation must always lead back to it.
    await insist.on(() => records.threads.insert({ id: env.digest(thread.id), conversationId: id }));
    await env.step?.('thread.noted');
    const opened = await insist.on(() =>
      this.#change(id, (conversation) =>
        isHere(conversation) ? { ...conversation, thread, threadClaimedAt: undefined } : conversation,
      ),
    );
    // It has moved meanwhile, and what was to be posted here goes after it.
    if (!isHere(opened)) throw new DeskError('lane.left');
    await env.step?.('thread.stored');
    if (before !== undefined) await this.#showEarlier({ ...opened, thread }, desk, before, passage);
    return { conversation: { ...opened, thread }, fresh: true };
  }

  /** A new thread begins with what the channel still knows. Once, and never in the way of the message that is to follow. */
  async #showEarlier(
    conversation: InThread['conversation'],
    desk: DeskSettings,
    before: number,
    passage: Passage,
  ): Promise<void> {
    const { teams, env, directory } = this.#parts;
    const { history } = rulesOf(desk);
    if (history === 0) return;
    // The message that opens the thread is the channel's newest.
    const asked = earlierIn(conversation, directory, history + 1);
    const earlier = await inPatience(env, PATIENCE, asked).catch((error: unknown) => {
      env.log.warn({ err: error, conversationId: conversation.id }, 'what was said earlier could not be asked for');
      return undefined;
    });
    if (!earlier || 'kind' in earlier) return;
    // Of a customer who has just begun to write, the channel may know words whose hooks are still to come.
    const isNew = env.now() - conversation.createdAt < STILL_COMING;
    const comes = ({ author, at }: Message) => isNew && author.kind === 'endUser' && at >= before - STILL_COMING;
    const messages = earlier.messages.filter(({ message }) => message.at < before && !comes(message)).slice(-history);
    if (messages.length === 0) return;
    const done = await passage.turn('send', desk.tenantId);
    try {
      await passage.mayStart();
      await teams.post(desk, conversation.thread.id, { type: 'earlier', earlier: { ...earlier, messages } });
    } finally {
      done();
    }
  }

  async #create({ id }: Conversation, desk: DeskSettings, passage: Passage): Promise<Outcome> {
    const { teams, env, directory, insist } = this.#parts;
    let doubt = false;
    const claimed = await this.#change(id, (conversation) => {
      doubt = conversation.threadClaimedAt !== undefined;
      return { ...conversation, threadClaimedAt: env.now() };
    });
    await env.step?.('thread.claimed');
    const view = await directory.rootView(claimed);
    await passage.mayStart();
    let outcome = await teams.openThread(view, doubt);
    await env.step?.('thread.made');
    if (isGone(outcome) && (claimed.refuge ?? claimed.room) !== desk.id) {
      // The Teams channel was deleted: its customers go on in General, which every team has.
      const moved = await this.#change(id, (conversation) => ({ ...conversation, refuge: desk.id }));
      const movedView = await directory.rootView(moved);
      await passage.mayStart();
      outcome = await teams.openThread(movedView, doubt);
    }
    if (outcome.kind === 'refused' && !doubt)
      await insist.on(() => this.#change(id, (conversation) => ({ ...conversation, threadClaimedAt: undefined })));
    return outcome;
  }

  /** Whoever has lost the lane knows an old assignee: the one that drives it may have written a newer one. */
  async #assign(assignee: Conversation['assignee'], conversation: Conversation, passage: Passage): Promise<Outcome> {
    await passage.mayStart();
    const changed = await this.#change(conversation.id, (current) =>
      current.assignee?.id === assignee?.id ? current : { ...current, assignee },
    );
    this.#parts.cards.refresh(changed, 'soon');
    return { kind: 'delivered' };
  }

  async #change(id: string, change: (conversation: Conversation) => Conversation): Promise<Conversation> {
    const { value } = await this.#parts.directory.changeConversation(id, change);
    this.know(value);
    return value;
  }
}

/** Remembers under a key, the newest last, and forgets the oldest when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MOST_KNOWN && !oldest.done) map.delete(oldest.value);
}

/** What a delivery, with those that go along with it, looks like in its thread. */
function postOf({ content, lane }: Delivery, group: Delivery[], can: Capabilities): ThreadPost {
  if (content.type === 'assignee' || content.type === 'handOut' || content.type === 'unsent')
    throw new DeskError('delivery.malformed');
  if (content.type === 'move' || content.type === 'arrival') throw new DeskError('delivery.malformed');
  if (content.type === 'edited') return saidIn(content, can);
  if (content.type === 'notice') return { type: 'notice', notice: content.notice };
  if (content.type === 'failure') {
    const { deliveryId: id, failure, message, toward, delayed, since } = content;
    return { type: 'failure', delivery: { lane: content.lane ?? lane, id }, failure, message, toward, delayed, since };
  }
  const others = group.slice(1).flatMap((other) => (other.content.type === 'message' ? [other.content.message] : []));
  return { type: 'message', message: merged([content.message, ...others]) };
}

type EditedContent = Extract<Content, { type: 'edited' }>;

function saidIn({ said }: EditedContent, { edits, deletes }: Capabilities): ThreadPost {
  if (!said) throw new DeskError('delivery.malformed');
  return said.type === 'edited' ? { ...said, final: said.edited.gone === 'deleted' ? !deletes : !edits } : said;
}

/** Nothing has reached the end user: whoever edited it wanted just that, and need not be called. */
function isQuiet({ said }: EditedContent): boolean {
  return said?.type === 'edited' && said.edited.has === 'nothing' && said.edited.gone === 'deleted';
}

/** A conversation whose Teams channel can't be posted to goes on in another one, with a thread of its own there. */
function movedTo(refuge: string | undefined, conversation: Conversation): Conversation {
  if (stays(conversation, refuge)) return conversation;
  return { ...conversation, refuge, thread: undefined };
}

function stays(conversation: Conversation, refuge: string | undefined): boolean {
  return refuge === undefined || conversation.refuge === refuge;
}

function isGone(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.code === 'teams.threadGone';
}

function threadOf(id: string): Thread {
  return { id, rootId: id.split(';messageid=')[1] ?? '' };
}
