import type { Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { type Message, textOf } from './message.ts';
import type { Outcome } from './outcome.ts';
import type { ChannelPort } from './ports.ts';
import type { Connection } from './settings.ts';

/** How long the channel gets to show what it may have taken before we look (ms). */
const SETTLE = 2_000;

/** The same words sent within this time before can't be told apart by a look (ms); well past the clocks' difference. */
const ALIKE = 5 * 60_000;

interface Way {
  channel: ChannelPort;
  connection: Connection;
  message: Message;
}

/** The way to the end user: one send, and after an *unknown* a look instead of a second send. */
export class EndUserDoor {
  readonly #parts: CourierParts;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  async send(delivery: Delivery, conversation: Conversation): Promise<Outcome> {
    const way = await this.#way(delivery, conversation);
    const { channel, connection, message } = way;
    const outcome = await channel.send(connection, conversation.endUser, message, message.author.id);
    if (outcome.kind !== 'unknown') return outcome;
    await new Promise<void>((resolve) => this.#parts.env.later(SETTLE, resolve));
    return this.#look(delivery, conversation, async () => way, outcome.code);
  }

  /** What became of a send that began and whose end nobody saw: found = delivered, else a person decides. */
  lookUp(delivery: Delivery, conversation: Conversation): Promise<Outcome> {
    return this.#look(delivery, conversation, () => this.#way(delivery, conversation), 'channel.interrupted');
  }

  /** The quiet sign at the operator's own message. */
  confirm(delivery: Delivery, conversation: Conversation): void {
    if (delivery.content.type !== 'message' || !delivery.content.source) return;
    const { threadId, activityId } = delivery.content.source;
    const { directory, teams, env } = this.#parts;
    directory
      .desk(conversation.deskId)
      .then((desk) => desk && teams.confirm(desk, threadId, activityId))
      .catch((error: unknown) =>
        env.log.warn({ err: error, deliveryId: delivery.id }, 'the sign of success could not be shown'),
      );
  }

  /** Whatever goes wrong while looking, it stays *unknown* whether the message was sent. */
  async #look(delivery: Delivery, { endUser }: Conversation, find: () => Promise<Way>, code: string): Promise<Outcome> {
    const unknown: Outcome = { kind: 'unknown', code };
    try {
      const { channel, connection, message } = await find();
      const since = delivery.claimedAt ?? delivery.createdAt;
      if (!channel.lookUp || (await this.#saidBefore(delivery, message, since))) return unknown;
      const found = await channel.lookUp(connection, endUser, message, message.author.id, since);
      return found === 'found' ? { kind: 'delivered' } : unknown;
    } catch (error) {
      this.#parts.env.log.warn(
        { err: error, deliveryId: delivery.id, code },
        'what became of a send was not found out',
      );
      return unknown;
    }
  }

  /** Whether the same words went, or may have gone, to this end user shortly before: a look would find those. */
  async #saidBefore({ id, lane, conversationId }: Delivery, message: Message, since: number): Promise<boolean> {
    const { insist, records } = this.#parts;
    const where = { conversationId, toward: 'endUser' };
    const sent = await insist.on(() =>
      records.deliveries.find({ partition: lane, where, order: 'descending', limit: 50 }),
    );
    return sent.some(({ value: { content, ...other } }) => {
      if (other.id === id || content.type !== 'message' || other.claimedAt === undefined) return false;
      const sameSender = content.message.author.id === message.author.id;
      return other.claimedAt >= since - ALIKE && sameSender && textOf(content.message) === textOf(message);
    });
  }

  /** Insists: the claim is stored by now, and a send that is given up here would look like one that was begun. */
  async #way({ content }: Delivery, conversation: Conversation): Promise<Way> {
    if (content.type !== 'message') throw new DeskError('delivery.malformed');
    const context = await this.#parts.insist.on(() => this.#parts.directory.contextOf(conversation));
    return { ...context, message: content.message };
  }
}
