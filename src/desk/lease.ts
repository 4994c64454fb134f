import { DeskError } from './deskError.ts';
import type { Environment, LaneRecord, Records, Versioned } from './ports.ts';

/** How long a driver may hold a lane without a word, and what it needs of that for one send (ms). */
export interface Terms {
  /** The lease. */
  length: number;
  /** The longest that one send can take. */
  send: number;
  /** Other processes may work on the same records; without them, whoever held a lane before is dead for certain. */
  shared: boolean;
}

export interface LeaseParts {
  records: Pick<Records, 'lanes'>;
  env: Environment;
  terms: Terms;
  /** The name of this process, new with each start. */
  process: string;
}

/** A renewal that failed is tried again this soon (ms). */
const AGAIN = 300;

/** How often the lease is renewed while there is work (ms): several times before sending has to stop. */
export function renewEvery({ length, send }: Terms): number {
  return Math.max(100, (length - send) / 4);
}

/**
 * The right of one process to drive one lane: a document that is only ever replaced under the version it was read with. The holder counts
 * by its own clock, from the moment before it asked, so that it stops before anybody else may begin. Whoever takes a lane over has
 * seen it unchanged for a whole lease, whatever the time of day is said to be.
 */
export class Lease {
  readonly #id: string;
  readonly #parts: LeaseParts;
  #held?: Versioned<LaneRecord>;
  /** The record as this process left it: taking the lane again then costs one write and no read. */
  #left?: Versioned<LaneRecord>;
  /** By `elapsed`: past this moment somebody else may drive. */
  #until = 0;
  #seen?: { version: string; at: number };
  #cancel?: () => void;
  /** Who waits for the next renewal, or for the end. */
  #waiting: (() => void)[] = [];
  /** The lane is about to be given back, and its lease grows no longer. */
  #leaving = false;
  /** One write at a time: each needs the version that the one before has left. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(id: string, parts: LeaseParts) {
    this.#id = id;
    this.#parts = parts;
  }

  /** Takes the lane if nobody else may be driving it; what the driver before left, or `undefined`. */
  async take(found?: Versioned<LaneRecord>): Promise<LaneRecord | undefined> {
    const { records, env, process } = this.#parts;
    for (let known = found ?? this.#left; ; known = undefined) {
      const at = env.elapsed();
      const current = known ?? (await records.lanes.read(this.#id, this.#id));
      if (current && !this.#isFree(current)) return undefined;
      const before = current?.value ?? { id: this.#id, clean: true };
      const mine = { ...before, driver: process, due: this.#end(), clean: false };
      const written = current ? await records.lanes.replace(mine, current.version) : await records.lanes.insert(mine);
      this.#left = undefined;
      if (!written) continue;
      this.#leaving = false;
      this.#hold(written, at);
      env.leased?.('taken');
      return before;
    }
  }

  get held(): boolean {
    return this.#held !== undefined;
  }

  get record(): LaneRecord | undefined {
    return this.#held?.value;
  }

  /** Resolves when a send that begins now ends before the lease does. Rejects with `lane.left` when the lane is somebody else's. */
  async outlastsSend(): Promise<void> {
    const { env, terms } = this.#parts;
    for (;;) {
      if (this.#held && env.elapsed() + terms.send < this.#until) return;
      if (!this.#held || this.#leaving) throw new DeskError('lane.left');
      if (this.#waiting.length === 0) env.leased?.('late');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** From now on nobody waits for a renewal: the lane is about to be given back. What the lease still lasts for may start. */
  turnAway(): void {
    this.#leaving = true;
    this.#wake();
  }

  /** Writes the lane's record anew, which renews the lease; false when the lane is somebody else's by now. Rejects when the store is away. */
  write(change: (record: LaneRecord) => LaneRecord): Promise<boolean> {
    return this.#inTurn((record) => ({ ...change(record), due: this.#end() }));
  }

  /**
   * Renews the lease while it is `needed`, and stores what `change` adds, until the lane is given back; calls `lost` once when it is gone, and `renewed`
   * after each renewal.
   */
  keep(
    needed: () => boolean,
    change: (record: LaneRecord) => LaneRecord,
    lost: () => void,
    renewed: () => void = () => undefined,
  ): void {
    const { env, terms } = this.#parts;
    const plan = (wait: number) => {
      this.#cancel = env.later(wait, () => void renew());
    };
    const renew = async () => {
      if (!needed()) return plan(renewEvery(terms));
      const kept = await this.write(change).catch((error: unknown) => {
        env.log.warn({ lane: this.#id, err: error }, 'a lease could not be renewed yet');
        return undefined;
      });
      if (!this.#cancel) return;
      if (kept === false) {
        env.leased?.('lost');
        lost();
        return;
      }
      plan(kept ? renewEvery(terms) : AGAIN);
      if (kept) renewed();
    };
    plan(renewEvery(terms));
  }

  /** Gives the lane back: whoever comes next takes it at once. `open`: something is left to do there. */
  async giveBack(change: (record: LaneRecord) => LaneRecord, open: boolean): Promise<void> {
    this.#stop();
    this.#until = 0;
    this.turnAway();
    const due = open ? this.#parts.env.now() : undefined;
    await this.#inTurn((record) => ({ ...change(record), driver: undefined, due }));
    this.#left = this.#held;
    this.#parts.env.leased?.('given_back');
    this.drop();
  }

  /** Forgets a lane that is somebody else's. */
  drop(): void {
    this.#stop();
    this.#held = undefined;
    this.#wake();
  }

  /** Whether nobody can be driving: given back, the holder is certainly dead, or it has been silent for a whole lease. */
  #isFree({ value, version }: Versioned<LaneRecord>): boolean {
    const { env, terms, process } = this.#parts;
    if (value.driver === undefined || value.driver === process || !terms.shared) return true;
    const now = env.elapsed();
    if (this.#seen?.version !== version) this.#seen = { version, at: now };
    return now - this.#seen.at >= terms.length;
  }

  #end(): number {
    return this.#parts.env.now() + this.#parts.terms.length;
  }

  #hold(written: Versioned<LaneRecord>, at: number): void {
    this.#held = written;
    if (!this.#leaving) this.#until = at + this.#parts.terms.length;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #inTurn(change: (record: LaneRecord) => LaneRecord): Promise<boolean> {
    const written = this.#writing.then(() => this.#write(change));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(change: (record: LaneRecord) => LaneRecord): Promise<boolean> {
    const { records, env, process } = this.#parts;
    for (let current = this.#held; current; ) {
      const at = env.elapsed();
      const written = await records.lanes.replace(change(current.value), current.version);
      if (written) {
        if (this.#held) this.#hold(written, at);
        return true;
      }
      const found = await records.lanes.read(this.#id, this.#id);
      // An own write whose answer was lost, or an admin's word to the driver: still ours.
      current = found?.value.driver === process ? found : undefined;
    }
    return false;
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
