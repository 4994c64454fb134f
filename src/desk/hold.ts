import { TEAMS } from './gate.ts';
import type { Gates } from './gates.ts';
import type { Holds } from './holds.ts';
import type { Lease } from './lease.ts';
import type { Failure } from './outcome.ts';
import type { Environment, LaneRecord } from './ports.ts';
import { PROBE_EVERY } from './retryPlan.ts';

export interface HoldParts {
  env: Environment;
  gates: Gates;
  holds: Pick<Holds, 'tell'>;
}

/** The lane as its hold sees it. */
export interface HeldLane {
  id: string;
  lease: Pick<Lease, 'record' | 'write'>;
  /** What else of the lane is stored whenever its record is. */
  stored(record: LaneRecord): LaneRecord;
  /** Tries at once what waits for Teams. */
  wake(): void;
}

/** Whether a Teams channel can be posted to at all. It stands in the lane's record, where the next driver finds it and an admin's choice arrives. */
export class Hold {
  readonly #lane: HeldLane;
  readonly #parts: HoldParts;
  /** What is known to stand in the record about posting. */
  #word = '';
  #telling = false;
  /** Somebody else's word was heard, and is acted on once the lane's own record holds it. */
  #news = false;

  constructor(lane: HeldLane, parts: HoldParts) {
    this.#lane = lane;
    this.#parts = parts;
  }

  /** Goes on where the driver before has left it. */
  goOn(before: LaneRecord): void {
    this.#word = wordIn(before);
    if (before.held && !before.refuge) this.#parts.gates.of(this.#lane.id)?.pause(TEAMS, PROBE_EVERY);
  }

  /** Nothing can be posted into this Teams channel: everything waits, one message tries now and then, and the admins are told. */
  async begin(failure: Failure, deskId: string): Promise<void> {
    const { env, gates, holds } = this.#parts;
    const { id, lease } = this.#lane;
    gates.of(id)?.pause(TEAMS, PROBE_EVERY);
    const known = lease.record?.held;
    const state = known?.code === failure.code ? known : { code: failure.code, since: env.now() };
    await this.#say({ held: state });
    if (state.told || this.#telling) return;
    this.#telling = true;
    const told = await holds.tell(id, deskId, failure);
    this.#telling = false;
    if (told && lease.record?.held) await this.#say({ held: { ...state, told } });
  }

  /** It can be posted to again. */
  async end(): Promise<void> {
    this.#parts.gates.of(this.#lane.id)?.resume();
    this.#parts.env.log.info({ lane: this.#lane.id }, 'a Teams channel can be posted to again');
    await this.#say({ held: undefined, refuge: undefined });
  }

  /** What somebody else wrote into the record: an admin chose where to go on, or the app was added again. */
  heard(record: LaneRecord): LaneRecord {
    if (wordIn(record) !== this.#word) this.#news = true;
    this.#word = wordIn(record);
    return record;
  }

  /** The record was written: what goes out from now on goes by what was heard. */
  written(): void {
    if (this.#news) this.#lane.wake();
    this.#news = false;
  }

  async #say(word: Pick<LaneRecord, 'held' | 'refuge'>): Promise<void> {
    const { id, lease, stored } = this.#lane;
    const said = lease.write((record) => {
      const changed = { ...stored(this.heard(record)), ...word };
      this.#word = wordIn(changed);
      return changed;
    });
    await said.then(
      () => this.written(),
      (error: unknown) => this.#parts.env.log.warn({ lane: id, err: error }, 'the state of a lane could not be stored'),
    );
  }
}

/** What a lane's record says about posting into its Teams channel. */
function wordIn({ held, refuge }: Pick<LaneRecord, 'held' | 'refuge'>): string {
  return `${held?.code} ${refuge}`;
}
