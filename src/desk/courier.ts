import type { Conversation } from './conversation.ts';
import type { Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { EndUserDoor } from './endUserDoor.ts';
import type { Insist } from './insist.ts';
import { Notices } from './notices.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Environment, Records, TeamsPort, Versioned } from './ports.ts';
import { LATE, REPEAT_AFTER, waitBefore, waitBeforeNotice } from './retryPlan.ts';
import type { RootCards } from './rootCards.ts';
import { arrivalOf, type Sequence } from './sequence.ts';
import { TeamsDoor } from './teamsDoor.ts';

export interface CourierParts {
  records: Records;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  cards: RootCards;
  sequence: Sequence;
  insist: Insist;
  retention: number;
}

/** What became of one attempt: the delivery as it is stored now (`undefined` = it is gone), and a wish to pause the lane (ms). */
export interface Attempt {
  delivery?: Versioned<Delivery>;
  pause?: number;
}

/** Makes one attempt at a delivery and stores what came of it. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #teams: TeamsDoor;
  readonly #endUser: EndUserDoor;
  readonly #notices: Notices;

  constructor(parts: CourierParts, enter: (notice: Delivery) => Promise<boolean>) {
    this.#parts = parts;
    this.#teams = new TeamsDoor(parts);
    this.#endUser = new EndUserDoor(parts);
    this.#notices = new Notices(parts, enter);
  }

  /** A conversation as just read, so that the first delivery after it need not read it again. */
  know(conversation: Versioned<Conversation>): void {
    this.#teams.know(conversation.value);
  }

  /** `inherited`: an earlier process died and may have made this very attempt. Rejects only when nothing was sent. */
  async attempt(stored: Versioned<Delivery>, inherited: boolean): Promise<Attempt> {
    const conversation = await this.#teams.conversation(stored.value.conversationId);
    // Without its record there is neither a way nor a thread to say so in.
    if (!conversation) return this.#park(stored, { kind: 'refused', code: 'conversation.unknown', transient: false });
    return stored.value.toward === 'teams'
      ? this.#towardTeams(stored, inherited, conversation)
      : this.#towardEndUser(stored, conversation);
  }

  close(): void {
    this.#parts.insist.close();
    this.#parts.cards.close();
  }

  async #towardTeams(stored: Versioned<Delivery>, inherited: boolean, conversation: Conversation): Promise<Attempt> {
    // What the earlier process may have sent counts as the one time that an *unknown* is repeated.
    const repeat = stored.value.repeat || (inherited && stored.value.content.type !== 'assignee') || undefined;
    const marked = { ...stored, value: { ...stored.value, repeat } };
    const outcome = await this.#guarded(() => this.#teams.send(marked.value, conversation), 'teams.failed');
    return this.#settle(marked, outcome, conversation);
  }

  async #towardEndUser(stored: Versioned<Delivery>, conversation: Conversation): Promise<Attempt> {
    const { records, env } = this.#parts;
    const begun = stored.value.claimedAt !== undefined;
    const claimed = begun
      ? stored
      : await records.deliveries.replace({ ...stored.value, claimedAt: env.now() }, stored.version);
    // Perhaps our own claim, whose answer got lost: as it is stored, it counts as begun.
    if (!claimed) return { delivery: await records.deliveries.read(stored.value.lane, stored.value.id) };
    const outcome = await this.#guarded(
      () =>
        begun ? this.#endUser.lookUp(claimed.value, conversation) : this.#endUser.send(claimed.value, conversation),
      'channel.failed',
    );
    return this.#settle(claimed, outcome, conversation);
  }

  /** A bug or a missing setting on the way to a send is a certain refusal; nothing may fall through in silence. */
  async #guarded(send: () => Promise<Outcome>, code: string): Promise<Outcome> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof DeskError && error.code === 'store.unavailable') throw error;
      this.#parts.env.log.error({ err: error, code }, 'a delivery could not be attempted');
      return { kind: 'refused', code: error instanceof DeskError ? error.code : code, transient: false };
    }
  }

  async #settle(stored: Versioned<Delivery>, outcome: Outcome, conversation: Conversation): Promise<Attempt> {
    const { env } = this.#parts;
    const { value } = stored;
    this.#report(value, outcome);
    if (outcome.kind === 'delivered') {
      const attempts = value.attempts + 1;
      const delivery = await this.#write(stored, {
        state: 'delivered',
        attempts,
        ref: outcome.ref,
        failure: undefined,
      });
      if (value.toward === 'endUser') this.#endUser.confirm(value, conversation);
      return { delivery };
    }
    const wait = this.#waitAfter(value, outcome);
    const retryAfter = outcome.kind === 'refused' ? outcome.retryAfter : undefined;
    const pause = value.toward === 'teams' ? retryAfter : undefined;
    if (wait === undefined) return { ...(await this.#park(stored, outcome)), pause };
    // Many short waits are as late as one long one.
    const late = env.now() + wait - arrivalOf(value.order) >= LATE;
    if (late && value.toward === 'endUser') await this.#notices.tell(value, outcome, true);
    const delivery = await this.#write(stored, {
      attempts: retryAfter === undefined ? value.attempts + 1 : value.attempts,
      nextAt: env.now() + wait,
      claimedAt: undefined,
      repeat: value.repeat || outcome.kind === 'unknown' || undefined,
      failure: outcome,
    });
    return { delivery, pause };
  }

  #report(value: Delivery, outcome: Outcome): void {
    const { env } = this.#parts;
    const { id: deliveryId, lane, toward, content, attempts } = value;
    const age = env.now() - value.createdAt;
    env.log.info(
      { deliveryId, lane, toward, type: content.type, ...outcome, ref: undefined, attempt: attempts + 1, ms: age },
      'delivery attempted',
    );
    const code = outcome.kind === 'delivered' ? undefined : outcome.code;
    env.observe?.({ toward, outcome: outcome.kind, code, age });
  }

  /** The wait before the next try (ms), `undefined` when a person must decide. */
  #waitAfter({ toward, content, attempts, repeat }: Delivery, outcome: Failure): number | undefined {
    const chance = this.#parts.env.random();
    if (content.type === 'failure') return waitBeforeNotice(attempts + 1, outcome, chance);
    if (outcome.kind === 'refused') return waitBefore(attempts + 1, outcome, chance);
    return toward === 'endUser' || repeat ? undefined : REPEAT_AFTER;
  }

  /** The thread is told before the delivery rests: a crash in between tells it again, under the same id. */
  async #park(stored: Versioned<Delivery>, failure: Failure): Promise<Attempt> {
    const { id: deliveryId, lane, toward, attempts, createdAt } = stored.value;
    const { env } = this.#parts;
    if (failure.code !== 'conversation.unknown') await this.#notices.tell(stored.value, failure, false);
    env.log.error({ deliveryId, lane, toward, code: failure.code }, 'delivery parked');
    env.observe?.({ toward, outcome: 'parked', code: failure.code, age: env.now() - createdAt });
    return { delivery: await this.#write(stored, { state: 'parked', attempts: attempts + 1, failure }) };
  }

  /**
   * Stores an outcome, and goes on trying while the store is away. A write whose answer got lost may have been made: as
   * long as the delivery is open, what has happened is written onto it. `undefined`: it is gone.
   */
  async #write(stored: Versioned<Delivery>, change: Partial<Delivery>): Promise<Versioned<Delivery> | undefined> {
    const { deliveries } = this.#parts.records;
    return this.#parts.insist.on(async () => {
      for (let current: Versioned<Delivery> | undefined = stored; ; ) {
        const written = await deliveries.replace({ ...current.value, ...change }, current.version);
        if (written) return written;
        current = await deliveries.read(stored.value.lane, stored.value.id);
        if (current?.value.state !== 'open') return current;
      }
    });
  }
}
