import type { Delivery } from '../../../src/desk/delivery.ts';
import type { Entry } from '../../../src/desk/stream.ts';

/** A delivery of an end user's words into a thread; `order` is its id too, unless another is given. */
export function aDelivery(order: number, changes: Partial<Delivery> = {}, text = `words ${order}`): Delivery {
  return {
    id: `d${order}`,
    lane: 'room',
    conversationId: 'conversation',
    order,
    toward: 'teams',
    content: {
      type: 'message',
      message: { author: { kind: 'endUser' }, parts: [{ kind: 'text', text }], at: order },
    },
    state: 'open',
    attempts: 0,
    createdAt: 0,
    ...changes,
  };
}

/** One that is stored and may go out. */
export function anEntry(delivery: Delivery, changes: Partial<Entry> = {}): Entry {
  const kept = { value: delivery, version: '1' };
  return { delivery, stored: Promise.resolve(kept), kept, inherited: false, dueAt: 0, keptAt: 0, ...changes };
}
