import { answered, type Conversation, heard, type Thread } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Content, Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import type { HandOut } from './handOut.ts';
import { MentionRule } from './mentionRule.ts';
import { merged } from './merge.ts';
import { isSaid } from './message.ts';
import { type InThread, isGone, Openings, stays, threadOf } from './openings.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Passage } from './passage.ts';
import type { Capabilities, ChannelPort, ThreadPost } from './ports.ts';
import { Recent } from './recent.ts';

/** Decides what goes into one post, and notes it; asked when the post can go out. */
type Take = () => Promise<Delivery[]>;

/** The way into Teams: finds or makes the conversation's thread, then makes exactly one POST. */
export class TeamsDoor {
  readonly #parts: CourierParts;
  readonly #handOut: Pick<HandOut, 'offer'>;
  readonly #known = new Recent<Conversation>();
  /** The last message of each end user. */
  readonly #heard = new Recent<{ order: number; at: number }>();
  readonly #mentions: MentionRule;
  readonly #openings: Openings;

  constructor(parts: CourierParts, handOut: Pick<HandOut, 'offer'>) {
    this.#parts = parts;
    this.#handOut = handOut;
    this.#mentions = new MentionRule(parts);
    this.#openings = new Openings(parts, (id, change) => this.#change(id, change));
  }

  /** What was read before the conversation changed its place or its end user says nothing new. */
  know(conversation: Conversation): void {
    const known = this.#known.get(conversation.id);
    // One that was deleted may have begun anew, and counts from the beginning.
    const isSame = known?.createdAt === conversation.createdAt;
    if (isSame && (known?.edition ?? 0) > (conversation.edition ?? 0)) return;
    this.#known.set(conversation.id, conversation);
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
    const there = await this.#openings.withThread(conversation, passage, before);
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
    const again = await this.#openings.withThread(goneOn, passage, before);
    if ('kind' in again) return again;
    const second = await this.#post(delivery, repeat, again, passage, take);
    return second ?? this.send(delivery, repeat, again.conversation, passage, take);
  }

  /** The conversation's thread, made now if there is none; it begins with what was said before that time (Unix ms). Else why it could not be made. */
  async thread(conversation: Conversation, passage: Passage, before: number): Promise<Thread | Failure> {
    const there = await this.#openings.withThread(conversation, passage, before);
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
    const { desk, channel, connection } = await directory.contextOf(conversation);
    // Asked before the turn comes: it may take a while, and a turn is dear.
    const mention = await this.#mentionFor(delivery, conversation, passage);
    const shown = await pictures.inward(delivery, desk, channel, connection);
    const done = await passage.turn('send', desk.tenantId);
    let group: Delivery[] = [];
    try {
      if (!stays(conversation, passage.refuge())) return undefined;
      group = await take();
      const post = postOf(shown, group, channel);
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
    if (!isSaid(content.message)) return this.#noteTurn(id, false);
    const turns = group.flatMap((one) => (one.content.type === 'message' ? (one.content.turn ?? []) : []));
    if (content.message.author.kind !== 'endUser') return this.#noteTurn(id, turns.length > 0 && answered);
    this.#heard.set(id, { order, at: createdAt });
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

/** What a delivery, with those that go along with it, looks like in its thread. */
function postOf({ content, lane }: Delivery, group: Delivery[], channel: ChannelPort): ThreadPost {
  if (content.type === 'assignee' || content.type === 'handOut' || content.type === 'unsent')
    throw new DeskError('delivery.malformed');
  if (content.type === 'move' || content.type === 'arrival') throw new DeskError('delivery.malformed');
  if (content.type === 'edited') return saidIn(content, channel.capabilities);
  if (content.type === 'notice') return { type: 'notice', notice: content.notice };
  if (content.type === 'failure') {
    const { deliveryId: id, failure, message, toward, delayed, since } = content;
    return { type: 'failure', delivery: { lane: content.lane ?? lane, id }, failure, message, toward, delayed, since };
  }
  const others = group.slice(1).flatMap((other) => (other.content.type === 'message' ? [other.content.message] : []));
  return { type: 'message', message: merged([content.message, ...others]), channel: channel.name };
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
