import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { Environment, Records } from './ports.ts';

interface Parts {
  records: Pick<Records, 'conversations' | 'deliveries' | 'threads' | 'waits'>;
  env: Environment;
  directory: Directory;
}

/** How many conversations, and deliveries of one, are looked at together. */
const AT_ONCE = 200;

/**
 * Deletes what is stored here of a connection's conversations; what stands in Teams and on the channel's side stays. For a connection that was taken away:
 * nothing new comes in then. It can be done again, and then goes on where it was broken off.
 */
export class Erasure {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Gives the number of conversations that were deleted. */
  async erase(connectionId: string): Promise<number> {
    const { records } = this.#parts;
    const connection = await this.#parts.directory.connection(connectionId);
    if (!connection) return 0;
    let count = 0;
    for (let from = 0; ; ) {
      const page = await records.conversations.find({
        where: { deskId: connection.deskId },
        from,
        order: 'ascending',
        limit: AT_ONCE,
      });
      for (const { value } of page) {
        if (value.connectionId !== connectionId) continue;
        await this.#eraseOne(value);
        count += 1;
      }
      const last = page.at(-1)?.value.createdAt;
      if (page.length < AT_ONCE || last === undefined) return count;
      // Many may have begun in the same millisecond: those that are gone make room for the rest.
      from = last === from && page.every(({ value }) => value.connectionId !== connectionId) ? last + 1 : last;
    }
  }

  /** The conversation itself last: until then whoever repeats this finds the rest. */
  async #eraseOne(conversation: Conversation): Promise<void> {
    const { records, directory, env } = this.#parts;
    const { id, thread, movedFrom, unansweredSince } = conversation;
    const where = { conversationId: id };
    for (;;) {
      const found = await records.deliveries.find({ where, order: 'ascending', limit: AT_ONCE });
      for (const { value } of found) await records.deliveries.remove(value.lane, value.id);
      if (found.length < AT_ONCE) break;
    }
    if (unansweredSince !== undefined) {
      const wait = env.digest(`${id}\n${unansweredSince}`);
      await records.waits.remove(wait, wait);
    }
    for (const threadId of [thread?.id, movedFrom?.threadId]) if (threadId) await directory.forgetThread(threadId);
    await records.conversations.remove(id, id);
  }
}
