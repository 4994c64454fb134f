import type { Directory } from './directory.ts';
import type { Failure } from './outcome.ts';
import type { Environment, LaneRecord, Records, TeamsPort } from './ports.ts';

interface Parts {
  records: Pick<Records, 'lanes' | 'deliveries' | 'conversations'>;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
}

/**
 * Teams channels that can't be posted to: their messages wait, and somebody has to know. What is said here is written into the lane's
 * record; whoever drives the lane reads it there at its next renewal.
 */
export class Holds {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells the admins in General; false when that can't be done now. Never rejects. Nobody can be told of General itself: the log and the metrics say it. */
  async tell(lane: string, deskId: string, failure: Failure): Promise<boolean> {
    const { env, directory, teams } = this.#parts;
    env.log.error({ lane, deskId, code: failure.code }, 'a Teams channel can’t be posted to; its messages wait');
    const desk = await directory.desk(deskId).catch(() => undefined);
    if (!desk || lane === deskId) return false;
    const outcome = await teams.tellAdmins(desk, { room: lane, failure }).catch((error: unknown) => {
      env.log.error({ err: error, lane, deskId }, 'the notice for the admins could not be made');
      return { kind: 'refused', code: 'teams.failed', transient: false } as const;
    });
    if (outcome.kind === 'refused') env.log.warn({ lane, deskId, code: outcome.code }, 'the admins could not be told');
    // Seen twice would be no better than perhaps not seen.
    return outcome.kind !== 'refused';
  }

  /** Lets the conversations of a held Teams channel go on in General. False when it is not held (any more). */
  async goOnInGeneral(lane: string, deskId: string): Promise<boolean> {
    // General can't take its own conversations in.
    if (lane === deskId || !(await this.#belongsTo(lane, deskId))) return false;
    return this.#change(lane, (record) => (record.held ? { ...record, refuge: deskId } : undefined));
  }

  /** Something has changed in a team: what is held there may try at once, also where nothing waits now and nobody drives. */
  async lift(rooms: readonly string[]): Promise<void> {
    await Promise.all(
      rooms.map((room) =>
        this.#change(room, (record) =>
          record.held || record.refuge ? { ...record, held: undefined, refuge: undefined } : undefined,
        ),
      ),
    );
  }

  /** A lane's record names no desk, and what a button carries can be made up: what waits there tells whose it is. */
  async #belongsTo(lane: string, deskId: string): Promise<boolean> {
    const { deliveries, conversations } = this.#parts.records;
    const [waiting] = await deliveries.find({ partition: lane, where: { state: 'open', toward: 'teams' }, limit: 1 });
    if (!waiting) return false;
    const { conversationId } = waiting.value;
    return (await conversations.read(conversationId, conversationId))?.value.deskId === deskId;
  }

  async #change(lane: string, change: (record: LaneRecord) => LaneRecord | undefined): Promise<boolean> {
    const { lanes } = this.#parts.records;
    for (;;) {
      const found = await lanes.read(lane, lane);
      const changed = found && change(found.value);
      if (!found || !changed) return false;
      if (await lanes.replace(changed, found.version)) return true;
    }
  }
}
