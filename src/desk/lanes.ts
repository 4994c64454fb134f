import type { Conversation } from './conversation.ts';
import { Courier, type CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import type { Holds } from './holds.ts';
import { Lane } from './lane.ts';
import { renewEvery, type Terms } from './lease.ts';
import type { Versioned } from './ports.ts';

export interface LanesParts extends CourierParts {
  terms: Terms;
  /** The name of this process, new with each start. */
  process: string;
  holds: Holds;
}

/** How soon after a failed write we look whether it was made (ms). */
const SECOND_LOOK = 1_000;

/** How often a process looks for lanes whose driver seems silent by its time of day, and for those whose clock may have been ahead (ms). */
const SWEEP = 1_000;
const SWEEP_ALL = 30_000;

/** How often it looks for open deliveries that nobody has in hand, how many at once, and how old they are at least (ms). */
const STRAYS = 30_000;
const STRAYS_AT_ONCE = 500;
const STRAY_AGE = 5_000;

/** A lane as metrics show it. Ages in ms, `left` = calls that Teams still takes now. */
export interface LaneState {
  id: string;
  waiting: number;
  oldest: number;
  left: number;
  held?: string;
}

/** Every lane that this process knows: takes deliveries in, drives what nobody else drives, and takes up what a dead process left. */
export class Lanes {
  readonly #parts: LanesParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #courier: Courier;
  #draining = false;
  #cancel: (() => void)[] = [];
  /** By `elapsed`: when all lanes were last looked at that are not given back. */
  #sweptAll = 0;
  /** Open deliveries that seem too new to be strays, and since when they are known (by `elapsed`): in the last round, and in this one. */
  #new = { known: new Map<string, number>(), met: new Map<string, number>() };

  constructor(parts: LanesParts) {
    this.#parts = parts;
    this.#courier = new Courier(parts, this);
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
    return inserted.then((written) => {
      const { id: deliveryId, lane: laneId, toward, content, conversationId } = delivery;
      const line = written ? 'delivery stored' : 'a repeat of a delivery';
      this.#parts.env.log.info({ deliveryId, lane: laneId, conversationId, toward, type: content.type }, line);
      return written !== undefined;
    });
  }

  /** Sets a stored delivery on its way again, behind what waits there already. */
  again(delivery: Versioned<Delivery>): void {
    this.#lane(delivery.value.lane).add(delivery.value, Promise.resolve(delivery));
  }

  /** Takes every lane whose driver is gone, with what is open there, and goes on looking for such lanes. Resolves when all of them were looked at. */
  async start(): Promise<void> {
    const { env, terms } = this.#parts;
    await this.#sweep(true);
    for (let from: number | undefined = 0; from !== undefined; ) from = await this.#strays(from, () => true);
    if (terms.shared) this.#repeat(SWEEP, () => this.#sweep(env.elapsed() - this.#sweptAll >= SWEEP_ALL));
    let next: number | undefined;
    this.#repeat(STRAYS, async () => {
      next = await this.#strays(next ?? 0, (delivery) => this.#isOld(delivery));
      if (next === undefined) this.#new = { known: this.#new.met, met: new Map() };
    });
  }

  /** Lets sends that are under way end, gives the lanes back, and leaves the rest stored. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const cancel of this.#cancel) cancel();
    this.#courier.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.drain()));
  }

  /** Tries at once what waits for Teams in the Teams channels of a desk, in every process: the app has come back to that team. */
  async wake(deskId: string): Promise<void> {
    const rooms = await this.#parts.directory.roomsOf(deskId);
    for (const room of rooms) this.#lanes.get(room)?.wake();
    await this.#parts.holds.lift(rooms);
  }

  /** How many deliveries wait in this process, and how long the oldest has (ms). */
  depth(): { waiting: number; oldest: number } {
    let waiting = 0;
    let oldest = 0;
    for (const lane of this.#lanes.values()) {
      const state = this.#stateOf(lane);
      waiting += state.waiting;
      oldest = Math.max(oldest, state.oldest);
    }
    return { waiting, oldest };
  }

  /** The lanes that this process drives. */
  states(): LaneState[] {
    return [...this.#lanes.values()].filter(({ driven }) => driven).map((lane) => this.#stateOf(lane));
  }

  #stateOf(lane: Lane): LaneState {
    const now = this.#parts.env.now();
    const waiting = lane.waiting();
    const oldest = waiting.reduce((age, { createdAt }) => Math.max(age, now - createdAt), 0);
    const left = this.#parts.gates.of(lane.id)?.left('send') ?? 0;
    return { id: lane.id, waiting: waiting.length, oldest, left, held: lane.held?.code };
  }

  /**
   * Looks at lanes that may be taken, and at those that missed a renewal: one that is not given back has to be seen silent for a whole lease.
   * With `all`, also at those that seem to be renewed: their driver may be dead, and its clock may have been ahead.
   */
  async #sweep(all: boolean): Promise<void> {
    const { records, env, terms } = this.#parts;
    const begun = env.elapsed();
    const silent = terms.shared && !all ? env.now() + terms.length - 2 * renewEvery(terms) : undefined;
    const due = await records.lanes.find({ from: 0, to: silent });
    if (all) this.#sweptAll = begun;
    await Promise.all(due.map((found) => this.#lane(found.value.id).look(found)));
  }

  /** Finds open deliveries that nobody has in hand: their process died at once, or never learnt that they were stored. Where to go on, `undefined` at the end. */
  async #strays(from: number, isStray: (delivery: Delivery) => boolean): Promise<number | undefined> {
    const query = { where: { state: 'open' }, from, order: 'ascending', limit: STRAYS_AT_ONCE } as const;
    const begun = this.#parts.env.elapsed();
    const open = await this.#parts.records.deliveries.find(query);
    const strays = open.filter(({ value }) => isStray(value));
    const byLane = Map.groupBy(strays, ({ value }) => value.lane);
    await Promise.all([...byLane].map(([lane, found]) => this.#lane(lane).missed(found, begun)));
    // Where other processes store too, each lane looks more often than this, and forgets by itself.
    if (!this.#parts.terms.shared) for (const lane of this.#lanes.values()) lane.forgetEnded(begun);
    const last = open.at(-1);
    return open.length < STRAYS_AT_ONCE || !last ? undefined : last.value.order;
  }

  /** By its time, or, as that may come from a clock that was ahead, by having been seen a while ago. */
  #isOld({ id, order }: Delivery): boolean {
    const { env } = this.#parts;
    if (order <= (env.now() - STRAY_AGE) * 1000) return true;
    const since = this.#new.known.get(id) ?? env.elapsed();
    this.#new.met.set(id, since);
    return env.elapsed() - since >= STRAY_AGE;
  }

  #repeat(ms: number, work: () => Promise<void>): void {
    const { env } = this.#parts;
    const at = this.#cancel.length;
    const plan = () => {
      if (this.#draining) return;
      this.#cancel[at] = env.later(ms, () => {
        work()
          .catch((error: unknown) => env.log.warn({ err: error }, 'lanes without a driver could not be looked for'))
          .finally(plan);
      });
    };
    plan();
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
      lane = new Lane(id, { ...this.#parts, courier: this.#courier });
      this.#lanes.set(id, lane);
      if (this.#draining) void lane.drain();
    }
    return lane;
  }
}
