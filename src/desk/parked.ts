import type { Conversation } from './conversation.ts';
import type { Delivery } from './delivery.ts';
import type { Lanes } from './lanes.ts';
import type { Records, Versioned } from './ports.ts';
import type { Sequence } from './sequence.ts';

/** What a person can do with a parked delivery: send it again, or say that it has arrived after all. */
export class Parked {
  readonly #records: Records;
  readonly #lanes: Lanes;
  readonly #sequence: Sequence;

  constructor(parts: { records: Records; lanes: Lanes; sequence: Sequence }) {
    this.#records = parts.records;
    this.#lanes = parts.lanes;
    this.#sequence = parts.sequence;
  }

  async read(lane: string, id: string): Promise<Delivery | undefined> {
    return (await this.#records.deliveries.read(lane, id))?.value;
  }

  /** Sends it again, behind what waits already, in whatever lane its `conversation` (as just read) is now. False when it is no longer parked: the click came late or twice. */
  async sendAgain(lane: string, id: string, conversation?: Versioned<Conversation>): Promise<boolean> {
    const written = await this.#change(lane, id, {
      state: 'open',
      attempts: 0,
      nextAt: undefined,
      claimedAt: undefined,
      order: this.#sequence.next(),
    });
    if (written) this.#lanes.again(written, conversation);
    return written !== undefined;
  }

  /** The person has seen that it did arrive. */
  async markDelivered(lane: string, id: string): Promise<boolean> {
    return (await this.#change(lane, id, { state: 'delivered' })) !== undefined;
  }

  async #change(lane: string, id: string, change: Partial<Delivery>) {
    const found = await this.#records.deliveries.read(lane, id);
    if (found?.value.state !== 'parked') return undefined;
    return this.#records.deliveries.replace({ ...found.value, ...change }, found.version);
  }
}
