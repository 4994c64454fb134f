import type { Content, Delivery } from './delivery.ts';
import type { Lanes } from './lanes.ts';
import type { Records } from './ports.ts';
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

  /**
   * Sends it again, behind what waits already; `wordsOnly`: without its pictures. False when it is no longer parked (the click came late or twice), or
   * there is nothing left to send.
   */
  async sendAgain(lane: string, id: string, wordsOnly = false): Promise<boolean> {
    const written = await this.#change(lane, id, ({ content }) => {
      const left = wordsOnly ? wordsOf(content) : content;
      if (!left) return undefined;
      return {
        content: left,
        state: 'open',
        attempts: 0,
        nextAt: undefined,
        claimedAt: undefined,
        order: this.#sequence.next(),
      };
    });
    if (written) this.#lanes.again(written);
    return written !== undefined;
  }

  /** The person has seen that it did arrive. */
  async markDelivered(lane: string, id: string): Promise<boolean> {
    return (await this.#change(lane, id, () => ({ state: 'delivered' }))) !== undefined;
  }

  async #change(lane: string, id: string, change: (parked: Delivery) => Partial<Delivery> | undefined) {
    const found = await this.#records.deliveries.read(lane, id);
    if (found?.value.state !== 'parked') return undefined;
    const changed = change(found.value);
    return changed && this.#records.deliveries.replace({ ...found.value, ...changed }, found.version);
  }
}

function wordsOf(content: Content): Content | undefined {
  if (content.type !== 'message') return undefined;
  const parts = content.message.parts.filter(({ kind }) => kind === 'text');
  return parts.length === 0 ? undefined : { ...content, message: { ...content.message, parts }, as: undefined };
}
