import type { Conversation } from './conversation.ts';
import { sentForm } from './delivery.ts';
import type { Directory } from './directory.ts';
import { type Message, textOf } from './message.ts';
import type { Environment, Records } from './ports.ts';
import type { Connection } from './settings.ts';

interface Parts {
  records: Pick<Records, 'deliveries' | 'turns'>;
  env: Environment;
  directory: Directory;
}

/** A message that a channel reported: by which of its events. */
interface Reported {
  connection: Connection;
  eventId: string;
}

/** How long an own message may take to come back as a hook and still be known as an echo (ms). */
const WINDOW = 2 * 60_000;

/** Knows messages again that were sent from here and come back as hooks. */
export class Echoes {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Whether an operator's message that the channel reports is one that was sent from here. Each sent one explains one
   * report, however often that report is delivered.
   */
  async isOne(conversation: Conversation, { connection, eventId }: Reported, reported: Message): Promise<boolean> {
    const { records, env, directory } = this.#parts;
    const { id, room, movedFrom } = conversation;
    const moved = movedFrom !== undefined && env.now() - movedFrom.at <= WINDOW;
    const bot = directory.channel(connection.channel).botSenderId?.(connection);
    const sent = await records.deliveries.find({
      // What was sent before it moved lies in another lane.
      partition: moved ? undefined : room,
      where: { conversationId: id, toward: 'endUser' },
      order: 'descending',
      limit: 50,
    });
    for (const { value } of sent) {
      const message = sentForm(value);
      if (!message || value.claimedAt === undefined) continue;
      // What was certainly not sent explains nothing.
      if (value.failure?.kind === 'refused') continue;
      if (env.now() - value.claimedAt > WINDOW) continue;
      const sameSender = (message.author.id ?? bot) === (reported.author.id ?? bot);
      if (!sameSender || textOf(message) !== textOf(reported)) continue;
      const mark = {
        id: env.digest(`echo\n${value.id}`),
        done: true,
        at: env.now(),
        expiresAt: env.now() + 2 * WINDOW,
        by: eventId,
      };
      if (await records.turns.insert(mark)) return true;
      if ((await records.turns.read(mark.id, mark.id))?.value.by === eventId) return true;
    }
    return false;
  }
}
