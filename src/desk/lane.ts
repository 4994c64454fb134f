import type { Delivery } from './delivery.ts';
import { Hold, type HoldParts } from './hold.ts';
import { Lease, type LeaseParts, renewEvery } from './lease.ts';
import { Lookout } from './lookout.ts';
import type { LaneRecord, Records, Versioned } from './ports.ts';
import type { Sequence } from './sequence.ts';
import { type Entry, Stream } from './stream.ts';
import { Traffic, type TrafficParts } from './traffic.ts';

export interface LaneParts extends LeaseParts, TrafficParts, HoldParts {
  records: Pick<Records, 'lanes' | 'deliveries'>;
  sequence: Sequence;
}

/** A lane with nothing to do is given back after this time (ms). */
const IDLE = 5_000;

/** How far behind the newest the driver looks for what other processes have stored (ms): their clocks may be behind. */
const OVERLAP = 60_000;

/** A process that stored something for another one's lane makes sure for so long, this often, that somebody drives it (ms). */
const WATCH = 5_000;
const WATCH_EVERY = 1_000;

/** For so long before it died a driver may have spent its budget without storing that, on top of one renewal (ms). */
const UNSTORED = 2_000;

/** How long to wait before the store is asked again after it failed (ms). */
const STORE_PAUSE = 1_000;

/**
 * `free`: nobody is known to drive it. `taking`: this process finds out whether it may. `driven`: by this process; `elsewhere`: by
 * another. `leaving`: this process is giving it back.
 */
type State = 'free' | 'taking' | 'driven' | 'elsewhere' | 'leaving';

/** All deliveries of one Teams channel, driven by one process at a time. */
export class Lane {
  readonly id: string;
  readonly #parts: LaneParts;
  readonly #lease: Lease;
  readonly #traffic: Traffic;
  readonly #lookout: Lookout;
  readonly #hold: Hold;
  readonly #timers = new Map<string, () => void>();
  #state: State = 'free';
  #draining = false;
  #taking: Promise<void> = Promise.resolve();
  /** By `elapsed`: when another driver was last seen, and until when it is to be made sure that there is one. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #watchUntil = 0;
  /** What the driver before has left, until it is read what is open. */
  #unread?: LaneRecord;
  /** The last taking: one that was lost while it waited for the store has nothing to say any more. */
  #lastTaking?: symbol;

  constructor(id: string, parts: LaneParts) {
    this.id = id;
    this.#parts = parts;
    this.#lease = new Lease(id, parts);
    const stored = (record: LaneRecord) => this.#stored(record);
    this.#hold = new Hold({ id, lease: this.#lease, stored, wake: () => this.wake() }, parts);
    this.#lookout = new Lookout(parts.env, (all, begun) => this.#bringIn(all, begun));
    this.#traffic = new Traffic(
      {
        id,
        driving: () => this.#state === 'driven',
        mayStart: () => this.#lease.outlastsSend(),
        record: () => this.#lease.record,
        hasSeen: (since) => this.#lookout.hasSeen(since),
        caughtUp: (since) => this.#lookout.caughtUp(since),
        hold: (failure, deskId) => void (failure ? this.#hold.begin(failure, deskId ?? '') : this.#hold.end()),
        rest: () => this.#rest(),
        gather: (conversationId) => this.#gather(conversationId),
      },
      parts,
    );
  }

  get driven(): boolean {
    return this.#state === 'driven';
  }

  /** Why nothing can be posted here now, as far as this process drives the lane. */
  get held(): LaneRecord['held'] {
    return this.#lease.record?.held;
  }

  /** Takes in what is being stored. Where another process drives, it is that one's to find. */
  add(delivery: Delivery, stored: Entry['stored']): void {
    const seenLately = this.#parts.env.elapsed() - this.#seenAt < WATCH_EVERY;
    if (this.#state === 'elsewhere' && seenLately) {
      void stored.then(
        () => this.watch(),
        () => undefined,
      );
      return;
    }
    this.#traffic.add(delivery, stored);
    if (this.#state === 'free' || this.#state === 'elsewhere') void this.look();
  }

  /** Whether a delivery of the same id has a place here beside this one. */
  holdsAnother(delivery: Delivery): boolean {
    return this.#traffic.holdsAnother(delivery);
  }

  waiting(): Delivery[] {
    return this.#traffic.waiting();
  }

  /** Drives the lane from now on if nobody else does. `found`: its record as it was just read. */
  async look(found?: Versioned<LaneRecord>): Promise<void> {
    if (this.#draining || (this.#state !== 'free' && this.#state !== 'elsewhere')) return;
    this.#state = 'taking';
    this.#cancel('take');
    this.#taking = this.#take(found);
    await this.#taking;
  }

  async #take(found?: Versioned<LaneRecord>): Promise<void> {
    const taking = Symbol();
    this.#lastTaking = taking;
    try {
      const before = await this.#lease.take(found);
      if (before) await this.#begin(before, taking);
      else this.#leaveToOthers();
    } catch (error) {
      const { env } = this.#parts;
      env.log.error({ lane: this.id, err: error }, 'a lane could not be taken; it is tried again in a moment');
      if (this.#lastTaking !== taking) return;
      this.#state = 'free';
      if (this.#traffic.size > 0 && !this.#draining) this.#later('take', STORE_PAUSE, () => this.look());
    }
  }

  /** Takes in what a look that began then (by `elapsed`) found open in the store, or sees to it that somebody drives it. */
  async missed(found: Versioned<Delivery>[], begun: number): Promise<void> {
    if (this.#state === 'driven') for (const kept of found) this.#traffic.adopt(kept, false, begun);
    else await this.look();
  }

  /** Forgets what ended before a look into the store that is over now (by `elapsed`). */
  forgetEnded(before: number): void {
    this.#traffic.forgetEnded(before);
  }

  /** Makes sure that somebody drives what was just stored for another process's lane. */
  watch(): void {
    this.#watchUntil = this.#parts.env.elapsed() + WATCH;
    this.#planWatch();
  }

  #planWatch(): void {
    if (this.#state !== 'elsewhere' || this.#draining || this.#timers.has('watch')) return;
    this.#later('watch', WATCH_EVERY, () => this.#watchOn());
  }

  /** Lets what is under way end, and gives the lane back. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#parts.gates.close(this.id);
    this.#lease.turnAway();
    this.#lookout.stop();
    await this.#traffic.stop();
    await this.#taking;
    if (!this.#lease.held) return;
    // What an earlier driver may have posted stays in doubt until it was tried again here.
    const clean = !this.#traffic.unclean && this.#unread?.clean !== false;
    await this.#giveBack(clean, this.#traffic.size > 0 || this.#unread !== undefined);
  }

  /** Tries at once what waits for Teams: the app has come back to the team. */
  wake(): void {
    this.#parts.gates.of(this.id)?.resume();
    this.#traffic.wake('teams');
  }

  /** Loads what is open, and begins to drive. */
  async #begin(before: LaneRecord, taking: symbol): Promise<void> {
    const { gates, sequence, terms, env } = this.#parts;
    const isOver = () => this.#lastTaking !== taking || this.#draining || !this.#lease.held;
    this.#unread = before;
    await env.step?.('lane.taken');
    if (isOver()) return;
    sequence.resume(before.newest ?? 0);
    const gap = before.clean ? 0 : renewEvery(terms) + UNSTORED;
    gates.open(this.id).continue(before.budget ?? {}, gap);
    this.#hold.goOn(before);
    this.#lease.keep(
      () => this.#traffic.size > 0 || this.#unread !== undefined,
      (record) => this.#stored(this.#hold.heard(record)),
      () => this.#lose(),
      () => this.#hold.written(),
    );
    let begun = env.elapsed();
    while (!(await this.#recover(before.clean, begun, taking))) {
      if (isOver()) return;
      await new Promise<void>((resolve) => env.later(STORE_PAUSE, resolve));
      if (isOver()) return;
      begun = env.elapsed();
    }
    if (this.#lastTaking !== taking) return;
    this.#unread = undefined;
    if (isOver()) return;
    this.#state = 'driven';
    if (terms.shared) this.#lookout.start(begun);
    this.#traffic.start();
    this.#rest();
  }

  /** What the driver before has left. The first of each stream may have been sent when that driver did not end in order. False: the store is away. */
  async #recover(clean: boolean, begun: number, taking: symbol): Promise<boolean> {
    try {
      const open = await this.#open();
      if (this.#lastTaking !== taking || !this.#lease.held) return true;
      const seen = new Set<string>();
      // A look of an earlier time here, still on its way, knows nothing of what another driver did meanwhile.
      this.#traffic.forgetEnded(begun);
      for (const kept of open) {
        const stream = Stream.of(kept.value);
        if (!this.#traffic.adopt(kept, !clean && !seen.has(stream), begun)) continue;
        seen.add(stream);
        this.#parts.courier.forget(kept.value.conversationId);
      }
      return true;
    } catch (error) {
      this.#parts.env.log.error({ lane: this.id, err: error }, 'what is open in a lane could not be read yet');
      return false;
    }
  }

  #open(from?: number): Promise<Versioned<Delivery>[]> {
    const { deliveries } = this.#parts.records;
    return deliveries.find({ partition: this.id, where: { state: 'open' }, from, order: 'ascending' });
  }

  /** Brings in what has come from another lane with its conversation, in the order that it had there. */
  async #gather(conversationId: string): Promise<void> {
    const begun = this.#parts.env.elapsed();
    const where = { conversationId, state: 'open' };
    const found = await this.#parts.records.deliveries.find({ partition: this.id, where, order: 'ascending' });
    for (const kept of found) this.#traffic.adopt(kept, false, begun);
  }

  /** Brings in what other processes have stored for this lane. */
  async #bringIn(all: boolean, begun: number): Promise<void> {
    const found = await this.#open(all ? undefined : Math.max(0, this.#traffic.newest - OVERLAP * 1000));
    if (this.#state !== 'driven' || this.#draining) return;
    for (const kept of found) this.#traffic.adopt(kept, false, begun);
    this.#traffic.forgetEnded(begun);
  }

  /** Nothing waits: the lane is given back if it stays so for a while. */
  #rest(): void {
    if (this.#state !== 'driven' || this.#traffic.size > 0 || this.#draining) return;
    this.#later('rest', IDLE, async () => {
      if (this.#state !== 'driven' || this.#traffic.size > 0) return;
      this.#state = 'leaving';
      this.#lookout.stop();
      await this.#giveBack(true, false);
      this.#state = 'free';
      if (this.#traffic.size > 0) await this.look();
    });
  }

  async #giveBack(clean: boolean, open: boolean): Promise<void> {
    const { env, gates } = this.#parts;
    await this.#lease
      .giveBack((record) => ({ ...this.#stored(record), clean }), open)
      .catch((error: unknown) => {
        // The lease runs out by itself.
        this.#lease.drop();
        env.log.warn({ lane: this.id, err: error }, 'a lane could not be given back in order');
      });
    gates.close(this.id);
    await env.step?.('lane.left');
  }

  #lose(): void {
    this.#parts.env.log.warn({ lane: this.id }, 'another process has taken a lane over');
    this.#leaveToOthers();
    this.watch();
  }

  /** Forgets everything: it is stored, and its driver goes on with it. */
  #leaveToOthers(): void {
    this.#state = 'elsewhere';
    this.#seenAt = this.#parts.env.elapsed();
    this.#lease.drop();
    this.#parts.gates.close(this.id);
    this.#lookout.stop();
    // The one that drives may be leaving, and may have looked for the last time before what came here was stored.
    if (this.#traffic.size > 0) this.watch();
    else if (this.#parts.env.elapsed() < this.#watchUntil) this.#planWatch();
    for (const stored of this.#traffic.clear()) {
      void stored.then(
        () => this.watch(),
        () => undefined,
      );
    }
  }

  async #watchOn(): Promise<void> {
    if (this.#state !== 'elsewhere' || this.#parts.env.elapsed() > this.#watchUntil) return;
    await this.look();
    this.#planWatch();
  }

  #stored(record: LaneRecord): LaneRecord {
    const newest = Math.max(this.#traffic.newest, record.newest ?? 0);
    return { ...record, newest, budget: this.#parts.gates.of(this.id)?.state() ?? record.budget };
  }

  #later(name: string, ms: number, work: () => Promise<void>): void {
    this.#cancel(name);
    const cancel = this.#parts.env.later(ms, () => {
      this.#timers.delete(name);
      void work();
    });
    this.#timers.set(name, cancel);
  }

  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
