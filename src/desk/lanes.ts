import type { Conversation } from './conversation.ts';
import { Courier, type CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { Lane } from './lane.ts';
import type { Versioned } from './ports.ts';

/** Every lane of this process: takes deliveries in, drives each lane, and takes up what an earlier process left. */
export class Lanes {
  readonly #parts: CourierParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #courier: Courier;
  #draining = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#courier = new Courier(parts, (delivery, conversation) => this.enter(delivery, conversation));
  }

  /** Gives a new delivery its place and stores it; false when one of this id was stored before. */
  enter(delivery: Delivery, conversation: Versioned<Conversation>): Promise<boolean> {
    const stored = this.#parts.records.deliveries.insert(delivery);
    this.#courier.know(conversation);
    this.#lane(delivery.lane).add(delivery, stored);
    return stored.then((written) => written !== undefined);
  }

  /** Sets a stored delivery on its way again, behind what waits there already. */
  again(delivery: Versioned<Delivery>): void {
    this.#lane(delivery.value.lane).add(delivery.value, Promise.resolve(delivery));
  }

  /** Finds every open delivery and goes on with it; what a process that died may have sent is treated as *unknown*. */
  async recover(): Promise<void> {
    const open = await this.#parts.records.deliveries.find({ where: { state: 'open' }, order: 'ascending' });
    const newest = await this.#parts.records.deliveries.find({ order: 'descending', limit: 1 });
    if (newest[0]) this.#parts.sequence.resume(newest[0].value.order);
    const seen = new Set<string>();
    for (const delivery of open) {
      const stream = `${delivery.value.conversationId}\n${delivery.value.toward}`;
      const first = !seen.has(stream);
      seen.add(stream);
      this.#lane(delivery.value.lane).add(delivery.value, Promise.resolve(delivery), first);
    }
  }

  /** Lets sends that are under way end, and leaves the rest stored. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#courier.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.drain()));
  }

  /** How many deliveries wait in this process, and how long the oldest has (ms). */
  depth(): { waiting: number; oldest: number } {
    const now = this.#parts.env.now();
    let waiting = 0;
    let oldest = 0;
    for (const lane of this.#lanes.values()) {
      for (const delivery of lane.waiting()) {
        waiting += 1;
        oldest = Math.max(oldest, now - delivery.createdAt);
      }
    }
    return { waiting, oldest };
  }

  #lane(id: string): Lane {
    let lane = this.#lanes.get(id);
    if (!lane) {
      lane = new Lane(id, this.#courier, this.#parts);
      this.#lanes.set(id, lane);
      if (this.#draining) void lane.drain();
    }
    return lane;
  }
}
