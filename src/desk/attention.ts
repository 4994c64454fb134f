import { barOf } from './connections.ts';
import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { Environment, Records } from './ports.ts';

interface Parts {
  records: Pick<Records, 'deliveries'>;
  env: Environment;
  directory: Directory;
}

/** How many of a conversation’s last deliveries are looked through for what the end user said last. */
const LOOKED_THROUGH = 20;

/** How many conversations are remembered, so that nothing is marked twice. */
const MOST_MARKED = 5_000;

/** Shows end users that somebody is there, where their channel can: what they wrote was read, and an answer is being written. Best effort, and never waited for. */
export class Attention {
  readonly #parts: Parts;
  /** Up to which mark each conversation was read. */
  readonly #marked = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** They have their answer. */
  answered(conversation: Conversation): void {
    this.#show(conversation, false);
  }

  /** Somebody has taken the conversation on and is about to answer. */
  taken(conversation: Conversation): void {
    this.#show(conversation, conversation.blockedAt === undefined);
  }

  #show(conversation: Conversation, typing: boolean): void {
    const { id } = conversation;
    Promise.all([this.#markRead(conversation), typing && this.#type(conversation)]).catch((error: unknown) =>
      this.#parts.env.log.warn(
        { err: error, conversationId: id },
        'the customer could not be shown that somebody is there',
      ),
    );
  }

  async #markRead(conversation: Conversation): Promise<void> {
    const { directory, env } = this.#parts;
    const { id, endUser } = conversation;
    const { channel, connection } = await directory.contextOf(conversation);
    if (!channel.markRead || barOf(connection)) return;
    const mark = await this.#lastMark(conversation);
    if (mark === undefined || this.#marked.get(id) === mark) return;
    const outcome = await channel.markRead(connection, endUser, mark);
    if (outcome.kind !== 'delivered') {
      env.log.info({ conversationId: id, code: outcome.code }, 'a message could not be marked as read');
      return;
    }
    this.#marked.set(id, mark);
    const oldest = this.#marked.keys().next();
    if (this.#marked.size > MOST_MARKED && !oldest.done) this.#marked.delete(oldest.value);
  }

  async #type(conversation: Conversation): Promise<void> {
    const { channel, connection } = await this.#parts.directory.contextOf(conversation);
    if (!barOf(connection)) await channel.showTyping?.(connection, conversation.endUser);
  }

  async #lastMark({ id, room }: Conversation): Promise<string | undefined> {
    const query = { partition: room, where: { conversationId: id, toward: 'teams' }, limit: LOOKED_THROUGH };
    const found = await this.#parts.records.deliveries.find({ ...query, order: 'descending' });
    for (const { value } of found)
      if (value.content.type === 'message' && value.content.message.readMark !== undefined)
        return value.content.message.readMark;
    return undefined;
  }
}
