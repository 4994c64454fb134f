import type { Conversation, Thread } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { KeyedQueue } from './keyedQueue.ts';
import { MentionRule } from './mentionRule.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { ThreadPost } from './ports.ts';

/** How many conversations are remembered between deliveries. */
const MOST_KNOWN = 5_000;

/** A conversation whose thread is there; `fresh`: it was made just now, so that it can't show anything yet. */
interface InThread {
  conversation: Conversation & { thread: Thread };
  fresh: boolean;
}

/** The way into Teams: finds or makes the conversation's thread, then makes exactly one POST for a delivery. */
export class TeamsDoor {
  readonly #parts: CourierParts;
  readonly #known = new Map<string, Conversation>();
  readonly #mentions: MentionRule;
  /** Messages and notices of one conversation go side by side; only one of them may make its thread. */
  readonly #openings = new KeyedQueue();

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

  async conversation(id: string): Promise<Conversation | undefined> {
    const known = this.#known.get(id);
    if (known) return known;
    const found = await this.#parts.records.conversations.read(id, id);
    if (found) this.know(found.value);
    return found?.value;
  }

  async send(delivery: Delivery, conversation: Conversation): Promise<Outcome> {
    const { content } = delivery;
    if (content.type === 'assignee') return this.#assign(content.assignee, conversation);
    const there = await this.#withThread(conversation);
    if ('kind' in there) return there;
    const outcome = await this.#post(delivery, there);
    if (!isGone(outcome)) return outcome;
    // The thread was deleted in Teams: the conversation goes on in a new one.
    const goneOn = await this.#change(conversation.id, (current) => ({
      ...current,
      thread: current.thread?.id === there.conversation.thread.id ? undefined : current.thread,
    }));
    const again = await this.#withThread(goneOn);
    return 'kind' in again ? again : this.#post(delivery, again);
  }

  async #post({ content, lane, ...delivery }: Delivery, { conversation, fresh }: InThread): Promise<Outcome> {
    if (content.type === 'assignee') throw new DeskError('delivery.malformed');
    const repeat = delivery.repeat && !fresh;
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

  /** The conversation with its thread, made now if there is none; else why it could not be made. */
  async #withThread(conversation: Conversation): Promise<InThread | Failure> {
    const { thread } = conversation;
    if (thread) return { conversation: { ...conversation, thread }, fresh: false };
    return this.#openings.run(conversation.id, () => this.#open(conversation.id));
  }

  /** Makes the thread: a stored claim, one POST, the stored thread. A claim left by an *unknown* marks the next root. */
  async #open(id: string): Promise<InThread | Failure> {
    const { teams, records, env, directory, insist } = this.#parts;
    let doubt = false;
    const claimed = await this.#change(id, (current) => {
      doubt = current.threadClaimedAt !== undefined;
      return current.thread ? current : { ...current, threadClaimedAt: env.now() };
    });
    if (claimed.thread) return { conversation: { ...claimed, thread: claimed.thread }, fresh: false };
    const view = await directory.rootView(claimed);
    let outcome = await teams.openThread(view, doubt);
    if (isGone(outcome) && (claimed.refuge ?? claimed.room) !== view.desk.id) {
      // The Teams channel was deleted: its customers go on in General, which every team has.
      const moved = await this.#change(id, (current) => ({ ...current, refuge: view.desk.id }));
      outcome = await teams.openThread(await directory.rootView(moved), doubt);
    }
    if (outcome.kind === 'refused' && !doubt)
      await insist.on(() => this.#change(id, (current) => ({ ...current, threadClaimedAt: undefined })));
    if (outcome.kind !== 'delivered') return outcome;
    const thread = threadOf(outcome.ref ?? '');
    // The look-up first: a thread that is known to its conversation must always lead back to it.
    await insist.on(() => records.threads.insert({ id: env.digest(thread.id), conversationId: id }));
    const opened = await insist.on(() =>
      this.#change(id, (current) => ({ ...current, thread, threadClaimedAt: undefined })),
    );
    return { conversation: { ...opened, thread }, fresh: true };
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

function isGone(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.code === 'teams.threadGone';
}

function threadOf(id: string): Thread {
  return { id, rootId: id.split(';messageid=')[1] ?? '' };
}
