import type { Delivery } from './delivery.ts';
import type { Insist } from './insist.ts';
import type { Records, Versioned } from './ports.ts';
import { applied } from './revision.ts';

/** By id, each delivery that was written, as it is stored now; `undefined` = it is gone. */
export type Written = Map<string, Versioned<Delivery> | undefined>;

/** Writes down what became of deliveries. */
export class Writing {
  readonly #parts: { records: Pick<Records, 'deliveries'>; insist: Insist };

  constructor(parts: { records: Pick<Records, 'deliveries'>; insist: Insist }) {
    this.#parts = parts;
  }

  /** The first one names who shares its post. It is written last: until all is stored, the next driver has to know them. */
  async all(
    [first, ...others]: Versioned<Delivery>[],
    change: (value: Delivery) => Partial<Delivery>,
  ): Promise<Written> {
    const write = async (stored: Versioned<Delivery>) =>
      [stored.value.id, await this.one(stored, change(stored.value))] as const;
    const written = await Promise.all(others.map(write));
    return new Map(first ? [await write(first), ...written] : written);
  }

  /**
   * Stores an outcome, and goes on trying while the store is away. A write whose answer got lost may have been made: as
   * long as the delivery is open, what has happened is written onto it. An edit that came in meanwhile takes effect now, where nothing was
   * sent. `undefined`: it is gone.
   */
  async one(stored: Versioned<Delivery>, change: Partial<Delivery>): Promise<Versioned<Delivery> | undefined> {
    const { deliveries } = this.#parts.records;
    return this.#parts.insist.on(async () => {
      for (let current: Versioned<Delivery> | undefined = stored; ; ) {
        const written = await deliveries.replace(applied({ ...current.value, ...change }), current.version);
        if (written) return written;
        current = await deliveries.read(stored.value.lane, stored.value.id);
        if (current?.value.state !== 'open') return current;
        // Another driver has begun to send it meanwhile: only what is certain to have arrived is more than that.
        if (current.value.claimedAt !== stored.value.claimedAt && change.state !== 'delivered') return current;
      }
    });
  }
}
