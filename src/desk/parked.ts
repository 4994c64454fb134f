import type { Delivery } from './delivery.ts';
import type { Edits } from './edits.ts';
import type { Lanes } from './lanes.ts';
import { textOf } from './message.ts';
import { failureOf } from './notices.ts';
import type { Environment, Records } from './ports.ts';
import { applied } from './revision.ts';
import type { Sequence } from './sequence.ts';

interface Parts {
  records: Records;
  env: Pick<Environment, 'digest'>;
  lanes: Lanes;
  sequence: Sequence;
  edits: Edits;
}

/** As many as one look gives for each Teams channel. */
const MOST = 1_000;

/**
 * What a person can do with a parked delivery: send it again, let it be, or say that it has arrived after all. Each answers with the
 * delivery as it is now, or `undefined` when it is no longer parked: the click came late or twice.
 */
export class Parked {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async read(lane: string, id: string): Promise<Delivery | undefined> {
    return (await this.#parts.records.deliveries.read(lane, id))?.value;
  }

  /** What waits for a person in these Teams channels, the oldest first in each. */
  async of(rooms: readonly string[]): Promise<Delivery[]> {
    const where = { state: 'parked' };
    const found = await Promise.all(
      rooms.map((partition) =>
        this.#parts.records.deliveries.find({ partition, where, order: 'ascending', limit: MOST }),
      ),
    );
    return found.flat().flatMap(({ value }) => (value.content.type === 'message' ? [value] : []));
  }

  /** Sends it again, behind what waits already, in the words that its message has now; `wordsOnly`: without its pictures, if there are words. */
  async sendAgain(lane: string, id: string, wordsOnly = false): Promise<Delivery | undefined> {
    const order = this.#parts.sequence.next();
    const written = await this.#change(lane, id, (parked) => {
      const left = wordsOnly ? withoutPictures(parked) : parked;
      return (
        left &&
        applied({ ...insisted(left), state: 'open', attempts: 0, nextAt: undefined, claimedAt: undefined, order })
      );
    });
    if (written) this.#parts.lanes.again(written);
    return written?.value;
  }

  /** Whether its card is there already while it is still being put to rest: a moment later its buttons work. */
  async isBeingParked({ lane, id, order, state }: Delivery): Promise<boolean> {
    const { records, env } = this.#parts;
    if (state !== 'open') return false;
    const card = await records.deliveries.read(lane, env.digest(failureOf(id, order, false)));
    return card !== undefined;
  }

  /** It is not sent. Its words stay as they are. */
  async discard(lane: string, id: string): Promise<Delivery | undefined> {
    return (await this.#change(lane, id, (parked) => ({ ...parked, state: 'discarded' })))?.value;
  }

  /** The person has seen that it did arrive, or has brought it there in another way. */
  async markDelivered(lane: string, id: string): Promise<Delivery | undefined> {
    const marked = await this.#change(lane, id, (parked) => ({ ...parked, state: 'delivered' }));
    if (marked) await this.#parts.edits.settled(marked.value);
    return marked?.value;
  }

  async #change(lane: string, id: string, change: (parked: Delivery) => Delivery | undefined) {
    const { deliveries } = this.#parts.records;
    for (;;) {
      const found = await deliveries.read(lane, id);
      if (found?.value.state !== 'parked') return undefined;
      const changed = change(found.value);
      if (!changed) return undefined;
      const written = await deliveries.replace(changed, found.version);
      if (written) return written;
    }
  }
}

function withoutPictures(parked: Delivery): Delivery | undefined {
  const { content } = parked;
  if (content.type !== 'message') return undefined;
  const parts = content.message.parts.filter(({ kind }) => kind === 'text');
  if (parts.length === 0) return undefined;
  // An edit may have brought them along.
  const revision = parked.revision && { ...parked.revision, pictures: undefined };
  const message = { ...content.message, parts };
  return { ...parked, revision, content: { ...content, message, as: undefined, wordsOnly: true } };
}

/** Who sends again what was deleted wants just the words that the card shows. */
function insisted(parked: Delivery): Delivery {
  const { revision, content } = parked;
  if (!revision || revision.text !== undefined || content.type !== 'message') return parked;
  return { ...parked, revision: { ...revision, text: textOf(content.message), gone: undefined } };
}
