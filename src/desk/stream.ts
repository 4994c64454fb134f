import { type Delivery, isAside, staysBehind } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { fitting } from './merge.ts';
import type { Versioned } from './ports.ts';

/** A delivery with its place in a stream. */
export interface Entry {
  delivery: Delivery;
  /** Resolves when it may be sent, to `undefined` when it must not. */
  stored: Promise<Versioned<Delivery> | undefined>;
  /** As it is stored, once that is known. */
  kept?: Versioned<Delivery>;
  /** It stood first in its stream when an earlier driver ended, and may have been sent. */
  inherited: boolean;
  /** By `elapsed`: not to be tried before. */
  dueAt: number;
  /** A look found it in the store while it was still being stored, and what was found has its place instead. */
  found?: boolean;
  /** Its post with others was refused: it goes by itself. */
  alone?: boolean;
  /** By `elapsed`: when it was known to be stored. What another process stored before then comes first. */
  keptAt: number;
  /** The other side is back: its wait ends early, unless that side asked for it. */
  hurried?: boolean;
  /** It only finds out whether the other side is back: a failure changes nothing about its plan. */
  probing?: boolean;
}

/** A queue is late when its first message has waited for this long (ms); the rest then goes along in the same post. */
const LATE = 2_000;

/** One conversation in one direction. What waits here goes strictly one after the other. */
export class Stream {
  entries: Entry[] = [];
  /** How many of the first ones are being sent. */
  busy = 0;
  running?: Promise<void>;
  /** It was told to come back from the gate without a turn. */
  wasCalledBack = false;
  #callBack?: () => void;
  cancelWait?: () => void;
  /** By `elapsed`: when it was last tried. */
  triedAt?: number;

  /**
   * The name of the stream that a delivery belongs to. Notices have their own, and so has the search for an assignee: what can't be done yet holds no
   * message up. Each end of a move has one for itself: it goes on where nothing else does, and one move may overtake another.
   */
  static of(delivery: Delivery): string {
    const { conversationId, toward, content } = delivery;
    return `${conversationId}\n${ownStream(delivery) ?? (isAside(content) ? 'notice' : toward)}`;
  }

  /** Puts an entry in its place by the order of arrival, never before what is being sent. */
  place(entry: Entry): void {
    const { entries, busy } = this;
    let at = entries.length;
    while (at > busy && (entries[at - 1] as Entry).delivery.order > entry.delivery.order) at -= 1;
    entries.splice(at, 0, entry);
  }

  /** What waits for its turn at the gate comes back without one: there is something else to do with it. */
  callBack(): void {
    this.wasCalledBack = this.running !== undefined;
    this.#callBack?.();
  }

  /** A turn at the gate, unless the stream is called back first: nothing was begun then. Rejects with `lane.left`. */
  async unlessCalledBack(turn: Promise<() => void>): Promise<() => void> {
    const called = Promise.withResolvers<undefined>();
    this.#callBack = () => called.resolve(undefined);
    // It may have been on its way to the gate.
    if (this.wasCalledBack) called.resolve(undefined);
    const done = await Promise.race([called.promise, turn]);
    this.#callBack = undefined;
    if (done) return done;
    // It may be given all the same, later; nobody wants it any more.
    turn.then(
      (late) => late(),
      () => undefined,
    );
    throw new DeskError('lane.left');
  }

  remove(entry: Entry): void {
    const at = this.entries.indexOf(entry);
    if (at === -1) return;
    this.entries.splice(at, 1);
    if (at < this.busy) this.busy -= 1;
  }

  /**
   * The first ones that go into one post; `ready`: it may go now, and nothing stands before it unseen. More than one only when the queue
   * is late. What may have been posted before goes again with just what was in that post, so that the mark of a repeat stands on nothing
   * else.
   */
  group(ready: (entry: Entry) => boolean, late: (delivery: Delivery) => boolean): Entry[] {
    const [first] = this.entries;
    if (!first?.kept || first.alone) return this.entries.slice(0, 1);
    const { repeat, together } = first.kept.value;
    if (first.inherited || repeat)
      return this.#leading((entry) => entry === first || together?.includes(entry.delivery.id) === true);
    if (!late(first.delivery)) return [first];
    // The first one goes in any case: its own wait may have ended early. What may be shown already needs a mark that a new post has not.
    const candidates = this.#leading((entry) => entry === first || (!entry.alone && isNew(entry) && ready(entry)));
    return candidates.slice(0, fitting(candidates.map(({ delivery }) => delivery)));
  }

  #leading(wanted: (entry: Entry) => boolean): Entry[] {
    const end = this.entries.findIndex((entry) => !wanted(entry));
    return this.entries.slice(0, end === -1 ? undefined : end);
  }
}

/** Whether it is stored, and was certainly never posted. */
function isNew({ kept, inherited }: Entry): boolean {
  return kept !== undefined && !inherited && kept.value.repeat !== true;
}

/** Whether a delivery has waited so long that its neighbours go with it; `now` in Unix ms. */
export function isLate({ createdAt }: Delivery, now: number): boolean {
  return now - createdAt >= LATE;
}

function ownStream(delivery: Delivery): string | undefined {
  const { id, content } = delivery;
  if (content.type === 'move' || content.type === 'arrival') return id;
  if (content.type === 'handOut') return 'handOut';
  // What became of an edit may take a while to be known.
  if (content.type === 'edited') return 'edited';
  return staysBehind(delivery) ? 'thread' : undefined;
}
