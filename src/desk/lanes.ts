import type { Conversation } from './conversation.ts';
import { Courier, type CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { Lane, streamOf } from './lane.ts';
import type { Versioned } from './ports.ts';

/** How soon after a failed write we look whether it was made (ms). */
const SECOND_LOOK = 1_000;

/** Every lane of this process: takes deliveries in, drives each lane, and takes up what an earlier process left. */
export class Lanes {
  readonly #parts: CourierParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #courier: Courier;
  #draining = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#courier = new Courier(parts, (notice) => this.enter(notice));
  }

  /** Gives a new delivery its place and stores it; false when one of this id was stored before. Rejects when the store is away. */
  enter(delivery: Delivery, conversation?: Versioned<Conversation>): Promise<boolean> {
    const inserted = this.#parts.records.deliveries.insert(delivery);
    if (conversation) this.#courier.know(conversation);
    const lane = this.#lane(delivery.lane);
    lane.add(
      delivery,
      inserted.catch(() => this.#storedAfterAll(delivery, lane)),
    );
    return inserted.then((written) => written !== undefined);
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
      const stream = streamOf(delivery.value);
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

  /** Tries at once what waits for Teams: the app has come back to a team. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake('teams');
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

  /** A write may have been made although its answer got lost; nobody would send what is stored then, as its repeats vanish. */
  async #storedAfterAll(delivery: Delivery, lane: Lane): Promise<Versioned<Delivery> | undefined> {
    await new Promise<void>((resolve) => this.#parts.env.later(SECOND_LOOK, resolve));
    const found = await this.#parts.records.deliveries.read(delivery.lane, delivery.id);
    const ours = found?.value.state === 'open' && found.value.order === delivery.order;
    return ours && !lane.holdsAnother(delivery) ? found : undefined;
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
