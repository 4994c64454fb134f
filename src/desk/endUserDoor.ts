import type { Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import type { Outcome } from './outcome.ts';

/** How long the channel gets to show what it may have taken before we look (ms). */
const SETTLE = 2_000;

/** The way to the end user: one send, and after an *unknown* a look instead of a second send. */
export class EndUserDoor {
  readonly #parts: CourierParts;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  async send(delivery: Delivery, conversation: Conversation): Promise<Outcome> {
    const { channel, connection, message } = await this.#way(delivery, conversation);
    const outcome = await channel.send(connection, conversation.endUser, message, message.author.id);
    if (outcome.kind !== 'unknown') return outcome;
    await new Promise<void>((resolve) => this.#parts.env.later(SETTLE, resolve));
    return this.lookUp(delivery, conversation, outcome.code);
  }

  /** What became of a send that began and whose end nobody saw: found = delivered, else a person decides. */
  async lookUp(delivery: Delivery, conversation: Conversation, code = 'channel.interrupted'): Promise<Outcome> {
    const { channel, connection, message } = await this.#way(delivery, conversation);
    const found = await channel.lookUp?.(
      connection,
      conversation.endUser,
      message,
      message.author.id,
      delivery.claimedAt ?? delivery.createdAt,
    );
    return found === 'found' ? { kind: 'delivered' } : { kind: 'unknown', code };
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

  async #way(delivery: Delivery, conversation: Conversation) {
    if (delivery.content.type !== 'message') throw new DeskError('delivery.malformed');
    return { ...(await this.#parts.directory.contextOf(conversation)), message: delivery.content.message };
  }
}
