import type { Conversation, Thread } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import { DeskError } from './deskError.ts';
import { earlierIn } from './earlier.ts';
import { KeyedQueue } from './keyedQueue.ts';
import { lastSaid } from './lastSaid.ts';
import type { Message } from './message.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Passage } from './passage.ts';
import { inPatience } from './patience.ts';
import type { Profile } from './ports.ts';
import { rulesOf } from './rules.ts';
import type { DeskSettings } from './settings.ts';

/** How long a new thread waits for the channel to tell who the end user is, and again for what was said earlier (ms). */
const PATIENCE = 3_000;

/** How long a hook may take, overtaken by one that came after it (ms). */
const STILL_COMING = 2 * 60_000;

/** A conversation whose thread is there; `fresh`: it was made just now, so that it can't show anything yet. */
export interface InThread {
  conversation: Conversation & { thread: Thread };
  fresh: boolean;
}

/** Changes a conversation as it is stored, and remembers it. */
type ChangeConversation = (id: string, change: (conversation: Conversation) => Conversation) => Promise<Conversation>;

/** Makes the threads of conversations: one each, with the card at its root and what the channel still knows below it. */
export class Openings {
  readonly #parts: CourierParts;
  readonly #change: ChangeConversation;
  /** Messages and notices of one conversation go side by side; only one of them may make its thread. */
  readonly #queue = new KeyedQueue();

  constructor(parts: CourierParts, change: ChangeConversation) {
    this.#parts = parts;
    this.#change = change;
  }

  /** Runs work while no thread of the conversation is being made. */
  run<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#queue.run(id, work);
  }

  /** The conversation with its thread, made now if there is none; else why it could not be made. */
  async withThread(conversation: Conversation, passage: Passage, before?: number): Promise<InThread | Failure> {
    const { thread } = conversation;
    if (thread && stays(conversation, passage.refuge()))
      return { conversation: { ...conversation, thread }, fresh: false };
    return this.#queue.run(conversation.id, () => this.#open(conversation, passage, before));
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
    // Asked before the turn comes: it may take a while, and a turn is dear.
    const profile = await this.#profileOf(current);
    const done = await passage.turn('create', desk.tenantId);
    let outcome: Outcome;
    try {
      outcome = await this.#create(current, desk, passage, profile);
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

  async #create(
    { id }: Conversation,
    desk: DeskSettings,
    passage: Passage,
    profile: Profile | undefined,
  ): Promise<Outcome> {
    const { teams, env, directory, insist, records } = this.#parts;
    let doubt = false;
    const claimed = await this.#change(id, (conversation) => {
      doubt = conversation.threadClaimedAt !== undefined;
      const endUser = { ...conversation.endUser, ...profile };
      return { ...conversation, endUser, threadClaimedAt: env.now() };
    });
    await env.step?.('thread.claimed');
    // What was said before it moved is known here; a new customer’s first words are still to be shown.
    const last = claimed.movedFrom && (await lastSaid(records, claimed))?.message;
    const view = { ...(await directory.rootView(claimed)), last };
    await passage.mayStart();
    let outcome = await teams.openThread(view, doubt);
    await env.step?.('thread.made');
    if (isGone(outcome) && (claimed.refuge ?? claimed.room) !== desk.id) {
      // The Teams channel was deleted: its customers go on in General, which every team has.
      const moved = await this.#change(id, (conversation) => ({ ...conversation, refuge: desk.id }));
      const movedView = { ...(await directory.rootView(moved)), last };
      await passage.mayStart();
      outcome = await teams.openThread(movedView, doubt);
    }
    if (outcome.kind === 'refused' && !doubt)
      await insist.on(() => this.#change(id, (conversation) => ({ ...conversation, threadClaimedAt: undefined })));
    return outcome;
  }

  /** Who the end user is, where the channel says so in time and the hook did not. Nothing waits for it any longer. */
  async #profileOf(conversation: Conversation): Promise<Profile | undefined> {
    const { env, directory } = this.#parts;
    if (conversation.endUser.name !== undefined) return undefined;
    try {
      const { channel, connection } = await directory.contextOf(conversation);
      const asked = channel.profile?.(connection, conversation.endUser);
      return asked && (await inPatience(env, PATIENCE, asked));
    } catch (error) {
      env.log.warn({ err: error, conversationId: conversation.id }, 'who the end user is could not be asked for');
      return undefined;
    }
  }
}

/** A conversation whose Teams channel can't be posted to goes on in another one, with a thread of its own there. */
function movedTo(refuge: string | undefined, conversation: Conversation): Conversation {
  if (stays(conversation, refuge)) return conversation;
  return { ...conversation, refuge, thread: undefined };
}

/** Whether a conversation is where this lane’s go on. */
export function stays(conversation: Conversation, refuge: string | undefined): boolean {
  return refuge === undefined || conversation.refuge === refuge;
}

/** Whether Teams says that the thread, or its Teams channel, is no longer there. */
export function isGone(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.code === 'teams.threadGone';
}

/** A thread by its id. */
export function threadOf(id: string): Thread {
  return { id, rootId: id.split(';messageid=')[1] ?? '' };
}
