import { barOf } from './connections.ts';
import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { ChannelPort, Environment, Records } from './ports.ts';
import { Recent } from './recent.ts';
import type { Connection } from './settings.ts';

interface Parts {
  records: Pick<Records, 'deliveries'>;
  env: Environment;
  directory: Directory;
}

/** How many of a conversation’s last deliveries are looked through for what the end user said last. */
const LOOKED_THROUGH = 20;

/** Shows end users that somebody is there, where their channel can: what they wrote was read, and an answer is being written. Best effort, and never waited for. */
export class Attention {
  readonly #parts: Parts;
  /** Up to which mark each conversation was read, so that nothing is marked twice. */
  readonly #marked = new Recent<string>();

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
    this.#tell(conversation, typing).catch((error: unknown) =>
      this.#parts.env.log.warn(
        { err: error, conversationId: conversation.id },
        'the customer could not be shown that somebody is there',
      ),
    );
  }

  async #tell(conversation: Conversation, typing: boolean): Promise<void> {
    const { channel, connection } = await this.#parts.directory.contextOf(conversation);
    if (barOf(connection)) return;
    await Promise.all([
      this.#markRead(conversation, channel, connection),
      typing && channel.showTyping?.(connection, conversation.endUser),
    ]);
  }

  async #markRead(conversation: Conversation, channel: ChannelPort, connection: Connection): Promise<void> {
    if (!channel.markRead) return;
    const { env } = this.#parts;
    const { id, endUser } = conversation;
    const mark = await this.#lastMark(conversation);
    if (mark === undefined || this.#marked.get(id) === mark) return;
    const outcome = await channel.markRead(connection, endUser, mark);
    if (outcome.kind !== 'delivered') {
      env.log.info({ conversationId: id, code: outcome.code }, 'a message could not be marked as read');
      return;
    }
    this.#marked.set(id, mark);
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
