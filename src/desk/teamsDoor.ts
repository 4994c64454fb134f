import type { Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { MentionRule } from './mentionRule.ts';
import type { Outcome } from './outcome.ts';
import type { ThreadPost } from './ports.ts';

/** How many conversations are remembered between deliveries. */
const MOST_KNOWN = 5_000;

/** The way into Teams: finds or makes the conversation's thread, then makes exactly one POST for a delivery. */
export class TeamsDoor {
  readonly #parts: CourierParts;
  readonly #known = new Map<string, Conversation>();
  readonly #mentions: MentionRule;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#mentions = new MentionRule(parts);
  }

  know(conversation: Conversation): void {
    this.#known.delete(conversation.id);
    this.#known.set(conversation.id, conversation);
    const oldest = this.#known.keys().next();
    if (this.#known.size > MOST_KNOWN && !oldest.done) this.#known.delete(oldest.value);
  }

  async conversation(id: string): Promise<Conversation> {
    const known = this.#known.get(id);
    if (known) return known;
    const found = await this.#parts.records.conversations.read(id, id);
    if (!found) throw new DeskError('conversation.unknown');
    this.know(found.value);
    return found.value;
  }

  async send(delivery: Delivery, conversation: Conversation): Promise<Outcome> {
    const { content } = delivery;
    if (content.type === 'assignee') return this.#assign(content.assignee, conversation);
    const inThread = await this.#withThread(conversation, delivery.repeat);
    if ('outcome' in inThread) return inThread.outcome;
    const outcome = await this.#post(delivery, inThread.conversation);
    if (outcome.kind !== 'refused' || outcome.code !== 'teams.threadGone') return outcome;
    // The thread was deleted in Teams: the conversation goes on in a new one.
    const goneOn = await this.#change(conversation.id, (current) => ({
      ...current,
      thread: current.thread?.id === inThread.threadId ? undefined : current.thread,
    }));
    const again = await this.#withThread(goneOn, delivery.repeat);
    return 'outcome' in again ? again.outcome : this.#post(delivery, again.conversation);
  }

  async #post(
    { content, lane, repeat }: Delivery,
    conversation: Conversation & { thread: { id: string } },
  ): Promise<Outcome> {
    if (content.type === 'assignee') throw new DeskError('delivery.malformed');
    const { desk } = await this.#parts.directory.contextOf(conversation);
    const { teams } = this.#parts;
    if (content.type === 'failure') {
      const { failure, message, toward, delayed, source } = content;
      const mention = source?.person;
      return teams.post(desk, conversation.thread.id, {
        type: 'failure',
        delivery: { lane, id: content.deliveryId },
        failure,
        message,
        toward,
        delayed,
        mention,
        repeat,
      });
    }
    const mention =
      content.message.author.kind === 'endUser'
        ? await this.#mentions.whom(conversation, (assignee) => this.#assign(assignee, conversation))
        : undefined;
    const post: ThreadPost = { type: 'message', message: content.message, mention, repeat };
    const outcome = await teams.post(desk, conversation.thread.id, post);
    if (mention && outcome.kind !== 'refused') this.#mentions.made(conversation.id);
    return outcome;
  }

  /** The conversation with its thread, made now if there is none: a stored claim, one POST, the stored thread. */
  async #withThread(
    conversation: Conversation,
    repeat?: boolean,
  ): Promise<{ conversation: Conversation & { thread: { id: string } }; threadId: string } | { outcome: Outcome }> {
    if (conversation.thread)
      return { conversation: { ...conversation, thread: conversation.thread }, threadId: conversation.thread.id };
    const { teams, records, env, directory, insist } = this.#parts;
    const claimed = await this.#change(conversation.id, (current) =>
      current.thread ? current : { ...current, threadClaimedAt: env.now() },
    );
    if (claimed.thread) return { conversation: { ...claimed, thread: claimed.thread }, threadId: claimed.thread.id };
    const outcome = await teams.openThread(
      await directory.rootView(claimed),
      repeat && conversation.threadClaimedAt !== undefined,
    );
    if (outcome.kind !== 'delivered' || !outcome.ref) return { outcome };
    const thread = { id: outcome.ref, rootId: outcome.ref.split(';messageid=')[1] ?? '' };
    // The look-up first: a thread that is known to its conversation must always lead back to it.
    await insist.on(() => records.threads.insert({ id: env.digest(thread.id), conversationId: conversation.id }));
    const opened = await insist.on(() => this.#change(conversation.id, (current) => ({ ...current, thread })));
    return { conversation: { ...opened, thread }, threadId: thread.id };
  }

  async #assign(assignee: Conversation['assignee'], conversation: Conversation): Promise<Outcome> {
    const changed = await this.#change(conversation.id, (current) =>
      current.assignee?.id === assignee?.id ? current : { ...current, assignee },
    );
    this.#parts.cards.refresh(changed);
    return { kind: 'delivered' };
  }

  async #change(id: string, change: (conversation: Conversation) => Conversation): Promise<Conversation> {
    const { value } = await this.#parts.directory.changeConversation(id, change);
    this.know(value);
    return value;
  }
}
