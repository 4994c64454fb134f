import type { Assignee, Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import { inPatience } from './patience.ts';
import type { Person } from './settings.ts';

/** A burst of messages mentions the assignee once: no second mention within this time (ms). */
const QUIET = 60_000;

/** How long a channel that can't tell the assignee is not asked again (ms). */
const ASK_AGAIN = 10 * 60_000;

/** How long the way to Teams waits for the channel to tell the assignee (ms). */
const PATIENCE = 1_500;

/** Decides whom a new message of an end user mentions: the current assignee, when linked, once a burst. */
export class MentionRule {
  readonly #parts: CourierParts;
  readonly #lastAt = new Map<string, number>();
  readonly #silentUntil = new Map<string, number>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** The person to mention now, or nobody. `learned` is told when the channel names another assignee than we knew. */
  async whom(
    conversation: Conversation,
    learned: (assignee?: Assignee) => Promise<unknown>,
  ): Promise<Person | undefined> {
    const { directory, env } = this.#parts;
    const last = this.#lastAt.get(conversation.id);
    if (last !== undefined && env.elapsed() - last < QUIET) return undefined;
    const nobodyIs = !conversation.assignee?.person && (await directory.links(conversation.deskId)).length === 0;
    if (nobodyIs) return undefined;
    const told = await this.#ask(conversation);
    if (told !== undefined && told?.id !== conversation.assignee?.id) await learned(told ?? undefined);
    const assignee = told === undefined ? conversation.assignee : told;
    if (!assignee) return undefined;
    return directory.personOf(conversation.deskId, assignee);
  }

  made(conversationId: string): void {
    const now = this.#parts.env.elapsed();
    this.#lastAt.set(conversationId, now);
    if (this.#lastAt.size < 10_000) return;
    for (const [id, at] of this.#lastAt) if (now - at >= QUIET) this.#lastAt.delete(id);
  }

  /** What the channel says: an assignee, `null` for nobody, `undefined` when it does not say in time. */
  async #ask(conversation: Conversation): Promise<Assignee | null | undefined> {
    const { directory, env } = this.#parts;
    const { connection, channel } = await directory.contextOf(conversation);
    if (!channel.assignee || (this.#silentUntil.get(connection.id) ?? 0) > env.elapsed()) return undefined;
    const told = await inPatience(env, PATIENCE, channel.assignee(connection, conversation.endUser));
    if (told === undefined) this.#silentUntil.set(connection.id, env.elapsed() + ASK_AGAIN);
    return told;
  }
}
