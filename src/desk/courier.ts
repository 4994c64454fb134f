import type { Conversation } from './conversation.ts';
import type { Content, Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { EndUserDoor } from './endUserDoor.ts';
import type { Insist } from './insist.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Environment, Records, TeamsPort, Versioned } from './ports.ts';
import { LATE, REPEAT_AFTER, waitBefore } from './retryPlan.ts';
import type { RootCards } from './rootCards.ts';
import type { Sequence } from './sequence.ts';
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

/** What became of one attempt: the delivery as it is stored now (`undefined` = somebody else has it), and a wish to pause the lane (ms). */
export interface Attempt {
  delivery?: Versioned<Delivery>;
  pause?: number;
}

/** Makes one attempt at a delivery and stores what came of it. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #teams: TeamsDoor;
  readonly #endUser: EndUserDoor;
  readonly #enter: (delivery: Delivery, conversation: Versioned<Conversation>) => Promise<boolean>;

  constructor(
    parts: CourierParts,
    enter: (delivery: Delivery, conversation: Versioned<Conversation>) => Promise<boolean>,
  ) {
    this.#parts = parts;
    this.#enter = enter;
    this.#teams = new TeamsDoor(parts);
    this.#endUser = new EndUserDoor(parts);
  }

  /** A conversation as just read, so that the first delivery after it need not read it again. */
  know(conversation: Versioned<Conversation>): void {
    this.#teams.know(conversation.value);
  }

  /** `inherited`: an earlier process died and may have made this very attempt. Rejects only when nothing was sent. */
  async attempt(stored: Versioned<Delivery>, inherited: boolean): Promise<Attempt> {
    const conversation = await this.#teams.conversation(stored.value.conversationId);
    if (stored.value.toward === 'teams') {
      const repeat = stored.value.repeat || (inherited && stored.value.content.type !== 'assignee');
      const outcome = await this.#guarded(
        () => this.#teams.send({ ...stored.value, repeat }, conversation),
        'teams.failed',
      );
      return this.#settle(stored, outcome, conversation);
    }
    const begun = stored.value.claimedAt !== undefined;
    const claimed = begun
      ? stored
      : await this.#parts.records.deliveries.replace(
          { ...stored.value, claimedAt: this.#parts.env.now() },
          stored.version,
        );
    if (!claimed) return {};
    const outcome = await this.#guarded(
      () =>
        begun ? this.#endUser.lookUp(claimed.value, conversation) : this.#endUser.send(claimed.value, conversation),
      'channel.failed',
    );
    return this.#settle(claimed, outcome, conversation);
  }

  close(): void {
    this.#parts.insist.close();
    this.#parts.cards.close();
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
    env.log.info(
      {
        deliveryId: value.id,
        lane: value.lane,
        toward: value.toward,
        type: value.content.type,
        ...outcome,
        ref: undefined,
        attempt: value.attempts + 1,
        ms: env.now() - value.createdAt,
      },
      'delivery attempted',
    );
    const code = outcome.kind === 'delivered' ? undefined : outcome.code;
    env.observe?.({ toward: value.toward, outcome: outcome.kind, code, age: env.now() - value.createdAt });
    if (outcome.kind === 'delivered') {
      const delivery = await this.#write(stored, {
        state: 'delivered',
        attempts: value.attempts + 1,
        ref: outcome.ref,
        failure: undefined,
      });
      if (value.toward === 'endUser') this.#endUser.confirm(value, conversation);
      return { delivery };
    }
    const wait = this.#waitAfter(value, outcome);
    const pause = outcome.kind === 'refused' && value.toward === 'teams' ? outcome.retryAfter : undefined;
    if (wait === undefined) return { delivery: await this.#park(stored, outcome, conversation), pause };
    if (wait >= LATE && value.toward === 'endUser') await this.#tell(value, outcome, conversation, true);
    const throttled = outcome.kind === 'refused' && outcome.retryAfter !== undefined;
    const delivery = await this.#write(stored, {
      attempts: throttled ? value.attempts : value.attempts + 1,
      nextAt: env.now() + wait,
      claimedAt: undefined,
      repeat: value.repeat || outcome.kind === 'unknown' || undefined,
      failure: outcome,
    });
    return { delivery, pause };
  }

  /** The wait before the next try (ms), `undefined` when a person must decide. */
  #waitAfter({ toward, content, attempts, repeat }: Delivery, outcome: Failure): number | undefined {
    const chance = this.#parts.env.random();
    if (outcome.kind === 'refused') return waitBefore(attempts + 1, outcome, chance);
    if (toward === 'endUser') return undefined;
    // A notice must reach somebody: seen twice is better than never.
    if (content.type === 'failure')
      return waitBefore(attempts + 1, { kind: 'refused', code: outcome.code, transient: true }, chance);
    return repeat ? undefined : REPEAT_AFTER;
  }

  async #park(
    stored: Versioned<Delivery>,
    failure: Failure,
    conversation: Conversation,
  ): Promise<Versioned<Delivery> | undefined> {
    if (stored.value.content.type === 'message') await this.#tell(stored.value, failure, conversation, false);
    this.#parts.env.log.error(
      { deliveryId: stored.value.id, lane: stored.value.lane, toward: stored.value.toward, code: failure.code },
      'delivery parked',
    );
    return this.#write(stored, { state: 'parked', attempts: stored.value.attempts + 1, failure });
  }

  /** Puts the failure into the thread, once for each round of attempts. */
  async #tell(failed: Delivery, failure: Failure, conversation: Conversation, delayed: boolean): Promise<void> {
    if (failed.content.type !== 'message') return;
    const { env, sequence, retention } = this.#parts;
    const now = env.now();
    const content: Content = {
      type: 'failure',
      deliveryId: failed.id,
      failure,
      message: failed.content.message,
      source: failed.content.source,
      toward: failed.toward,
      delayed,
    };
    const notice: Delivery = {
      id: env.digest(`failure\n${failed.id}\n${failed.order}\n${delayed}`),
      lane: failed.lane,
      conversationId: failed.conversationId,
      order: sequence.next(),
      toward: 'teams',
      content,
      state: 'open',
      attempts: 0,
      createdAt: now,
      expiresAt: now + retention,
    };
    await this.#parts.insist.on(() => this.#enter(notice, { value: conversation, version: '' }));
  }

  /** Stores an outcome, and goes on trying while the store is away. `undefined`: somebody else has changed the delivery. */
  #write(stored: Versioned<Delivery>, change: Partial<Delivery>): Promise<Versioned<Delivery> | undefined> {
    return this.#parts.insist.on(() =>
      this.#parts.records.deliveries.replace({ ...stored.value, ...change }, stored.version),
    );
  }
}
