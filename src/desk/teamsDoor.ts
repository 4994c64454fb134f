import type { Conversation, Thread } from './conversation.ts';
import type { CourierParts, Passage } from './courier.ts';
import type { Content, Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { KeyedQueue } from './keyedQueue.ts';
import { MentionRule } from './mentionRule.ts';
import { merged } from './merge.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Capabilities, ThreadPost } from './ports.ts';
import type { DeskSettings } from './settings.ts';

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

  /** `repeat`: Teams may show it already. Rejects with `lane.left` and `store.unavailable` when nothing was posted. */
  async send(
    delivery: Delivery,
    repeat: boolean,
    conversation: Conversation,
    passage: Passage,
    take: Take,
  ): Promise<Outcome> {
    const { content } = delivery;
    if (content.type === 'assignee') return this.#assign(content.assignee, conversation);
    const there = await this.#withThread(conversation, passage);
    if ('kind' in there) return there;
    const outcome = await this.#post(delivery, repeat, there, passage, take);
    if (!isGone(outcome)) return outcome;
    // The thread was deleted in Teams: the conversation goes on in a new one.
    const goneOn = await this.#change(conversation.id, (current) => ({
      ...current,
      thread: current.thread?.id === there.conversation.thread.id ? undefined : current.thread,
    }));
    const again = await this.#withThread(goneOn, passage);
    return 'kind' in again ? again : this.#post(delivery, repeat, again, passage, take);
  }

  async #post(
    delivery: Delivery,
    repeat: boolean,
    { conversation, fresh }: InThread,
    passage: Passage,
    take: Take,
  ): Promise<Outcome> {
    const { teams, env, directory } = this.#parts;
    const { desk, channel } = await directory.contextOf(conversation);
    // Asked before the turn comes: it may take a while, and a turn is dear.
    const mention = await this.#mentionFor(delivery, conversation);
    const done = await passage.turn('send', desk.tenantId);
    try {
      const group = await take();
      await this.#reopen(conversation.id, group, passage);
      const post = postOf(delivery, group, channel.capabilities);
      await env.step?.('post.begins');
      const outcome = await teams.post(desk, conversation.thread.id, { ...post, mention, repeat: repeat && !fresh });
      await env.step?.('post.made');
      const spoken = post.type === 'message' && mention && outcome.kind !== 'refused';
      if (spoken) this.#mentions.made(conversation.id);
      return outcome;
    } finally {
      done();
    }
  }

  /** What an end user says opens a closed conversation again, without an assignee: as KARTE does it on its side. */
  async #reopen(id: string, group: Delivery[], passage: Passage): Promise<void> {
    const said = group.filter(({ content }) => content.type === 'message' && content.reopens);
    if (said.length === 0) return;
    const latest = Math.max(...said.map(({ createdAt }) => createdAt));
    const changed = await this.#change(id, (current) =>
      // Somebody may have closed it again since.
      current.status === 'closed' && (current.statusAt ?? 0) < latest
        ? { ...current, status: 'open', statusAt: latest, assignee: undefined }
        : current,
    );
    this.#parts.cards.refresh(changed);
    await passage.mayStart();
  }

  async #mentionFor({ content }: Delivery, conversation: Conversation): Promise<ThreadPost['mention']> {
    if (content.type === 'failure') return content.source?.person;
    if (content.type === 'edited') return isQuiet(content) ? undefined : content.source?.person;
    if (content.type === 'notice') return content.mention;
    if (content.type !== 'message' || content.message.author.kind !== 'endUser') return undefined;
    return this.#mentions.whom(conversation, (assignee) => this.#assign(assignee, conversation));
  }

  /** The conversation with its thread, made now if there is none; else why it could not be made. */
  async #withThread(conversation: Conversation, passage: Passage): Promise<InThread | Failure> {
    const { thread } = conversation;
    const refuge = passage.refuge();
    const stays = refuge === undefined || conversation.refuge === refuge;
    if (thread && stays) return { conversation: { ...conversation, thread }, fresh: false };
    return this.#openings.run(conversation.id, () => this.#open(conversation.id, passage));
  }

  /** Makes the thread: a stored claim, one POST, the stored thread. A claim left by an *unknown* marks the next root. */
  async #open(id: string, passage: Passage): Promise<InThread | Failure> {
    const { env, directory, records, insist } = this.#parts;
    const current = await this.#change(id, (conversation) => movedTo(passage.refuge(), conversation));
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
      this.#change(id, (conversation) => ({ ...conversation, thread, threadClaimedAt: undefined })),
    );
    await env.step?.('thread.stored');
    return { conversation: { ...opened, thread }, fresh: true };
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

/** What a delivery, with those that go along with it, looks like in its thread. */
function postOf({ content, lane }: Delivery, group: Delivery[], can: Capabilities): ThreadPost {
  if (content.type === 'assignee') throw new DeskError('delivery.malformed');
  if (content.type === 'edited') return saidIn(content, can);
  if (content.type === 'notice') return { type: 'notice', notice: content.notice };
  if (content.type === 'failure') {
    const { deliveryId: id, failure, message, toward, delayed, since } = content;
    return { type: 'failure', delivery: { lane, id }, failure, message, toward, delayed, since };
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
  if (refuge === undefined || conversation.refuge === refuge) return conversation;
  return { ...conversation, refuge, thread: undefined };
}

function isGone(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.code === 'teams.threadGone';
}

function threadOf(id: string): Thread {
  return { id, rootId: id.split(';messageid=')[1] ?? '' };
}
