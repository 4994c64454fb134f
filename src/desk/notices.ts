import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import type { Failure } from './outcome.ts';
import { waitForNotice } from './retryPlan.ts';

/** Puts into the thread that a delivery was not made, or is late: once for each round of attempts. */
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
    const { env, sequence, retention, insist } = this.#parts;
    const { message, source } = failed.content;
    const now = env.now();
    const notice: Delivery = {
      // A new round (somebody pressed *Send again*) has a new place in the order, and so a notice of its own.
      id: env.digest(`failure\n${failed.id}\n${failed.order}\n${delayed}`),
      lane: failed.lane,
      conversationId: failed.conversationId,
      order: sequence.next(),
      toward: 'teams',
      content: {
        type: 'failure',
        deliveryId: failed.id,
        failure,
        message,
        source,
        toward: failed.toward,
        delayed,
        since: failed.createdAt,
      },
      state: 'open',
      attempts: 0,
      nextAt: now + waitForNotice(failed.toward),
      createdAt: now,
      expiresAt: now + retention,
    };
    await insist.on(() => this.#enter(notice));
    await env.step?.('notice.stored');
  }
}
