import type { CourierParts } from './courier.ts';
import type { Content, Delivery } from './delivery.ts';
import { textOf } from './message.ts';
import type { Notice } from './notice.ts';
import type { Failure } from './outcome.ts';
import { waitForNotice } from './retryPlan.ts';

/** What the notice about a failed, or late, delivery is known by. */
export function failureOf(deliveryId: string, order: number, delayed: boolean): string {
  return `failure\n${deliveryId}\n${order}\n${delayed}`;
}

/** Puts into the thread that a delivery was not made, or is late (once for each round of attempts), and what the desk itself has said. */
export class Notices {
  readonly #parts: CourierParts;
  readonly #enter: (notice: Delivery) => Promise<boolean>;

  constructor(parts: CourierParts, enter: (notice: Delivery) => Promise<boolean>) {
    this.#parts = parts;
    this.#enter = enter;
  }

  /** Resolves when the notice is stored; it then finds its own way. What is no message has nobody to be told. */
  async tell(failed: Delivery, failure: Failure, delayed: boolean): Promise<void> {
    if (failed.content.type !== 'message') return;
    const { message, source } = failed.content;
    const { id: deliveryId, order, toward } = failed;
    await this.#store(
      failed,
      // A new round (somebody pressed *Send again*) has a new place in the order, and so a notice of its own.
      failureOf(deliveryId, order, delayed),
      { type: 'failure', deliveryId, failure, message, source, toward, delayed, since: failed.createdAt },
      waitForNotice(toward),
    );
  }

  /** Shows in the thread what the desk itself has told its customer; what people wrote stands there already. Resolves when that is stored. */
  async said(delivery: Delivery): Promise<void> {
    const { content, id } = delivery;
    if (content.type !== 'message' || content.message.author.kind !== 'bot') return;
    const notice: Notice = { kind: 'away', text: textOf(content.message) };
    await this.#store(delivery, `said\n${id}`, { type: 'notice', notice });
  }

  async #store({ lane, conversationId, edition }: Delivery, name: string, content: Content, wait = 0): Promise<void> {
    const { env, sequence, retention, insist } = this.#parts;
    const now = env.now();
    const notice: Delivery = {
      id: env.digest(name),
      lane,
      conversationId,
      edition,
      order: sequence.next(),
      toward: 'teams',
      content,
      state: 'open',
      attempts: 0,
      nextAt: now + wait,
      createdAt: now,
      expiresAt: now + retention,
    };
    await insist.on(() => this.#enter(notice));
    await env.step?.('notice.stored');
  }
}
