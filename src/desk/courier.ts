import type { Alarms } from './alarms.ts';
import type { Attention } from './attention.ts';
import type { Conversation } from './conversation.ts';
import { type Content, type Delivery, isTelling, staysBehind } from './delivery.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { tellingOf } from './edited.ts';
import { EndUserDoor } from './endUserDoor.ts';
import type { Gates } from './gates.ts';
import { HandOut } from './handOut.ts';
import type { Insist } from './insist.ts';
import type { Terms } from './lease.ts';
import type { Message } from './message.ts';
import { Mover, type OtherLanes } from './mover.ts';
import { Notices } from './notices.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Attempt, Passage } from './passage.ts';
import type { Pictures } from './pictures.ts';
import type { Environment, Records, TeamsPort, Versioned } from './ports.ts';
import type { PrivateNotices } from './privateNotices.ts';
import { LATE, REPEAT_AFTER, waitBefore, waitBeforeNotice } from './retryPlan.ts';
import type { RootCards } from './rootCards.ts';
import type { Sequence } from './sequence.ts';
import { TeamsDoor } from './teamsDoor.ts';
import type { Waits } from './waits.ts';
import { Withdrawals } from './withdrawals.ts';
import { Writing } from './writing.ts';

export interface CourierParts {
  records: Records;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  cards: RootCards;
  alarms: Alarms;
  attention: Attention;
  gates: Gates;
  pictures: Pictures;
  notices: PrivateNotices;
  sequence: Sequence;
  insist: Insist;
  waits: Waits;
  terms: Terms;
  /** How long after its end the end user's side is asked about a send whose outcome nobody saw (ms). */
  settle: number;
  retention: number;
}

/** Rejects with `lane.left` when nothing was done. */
type Errand = (delivery: Delivery, conversation: Conversation, passage: Passage) => Promise<Outcome>;

/** Makes one attempt at a delivery and stores what came of it. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #teams: TeamsDoor;
  readonly #endUser: EndUserDoor;
  readonly #notices: Notices;
  readonly #writing: Writing;
  readonly #mover: Mover;
  /** What is done for a conversation rather than posted into it, by the kind of its content. */
  readonly #errands: ReadonlyMap<Content['type'], Errand>;

  constructor(parts: CourierParts, lanes: OtherLanes) {
    this.#parts = parts;
    const handOut = new HandOut(
      parts,
      (notice) => lanes.enter(notice),
      (conversation) => this.#teams.know(conversation),
    );
    const withdrawals = new Withdrawals(parts);
    this.#errands = new Map<Content['type'], Errand>([
      ['handOut', (delivery, _conversation, passage) => handOut.carryOut(delivery, passage)],
      ['unsent', (delivery, conversation, passage) => withdrawals.carryOut(delivery, conversation, passage)],
    ]);
    this.#teams = new TeamsDoor(parts, handOut);
    this.#endUser = new EndUserDoor(parts);
    this.#notices = new Notices(parts, (notice) => lanes.enter(notice));
    this.#writing = new Writing(parts);
    this.#mover = new Mover(parts, this.#teams, this.#writing, lanes);
  }

  /** A conversation as just read, so that the first delivery after it need not read it again. */
  know(conversation: Versioned<Conversation>): void {
    this.#teams.know(conversation.value);
  }

  /** Another process had the lane, and may have changed what is known here of a conversation. */
  forget(conversationId: string): void {
    this.#teams.forget(conversationId);
  }

  /** `inherited`: an earlier driver did not end in order and may have made this very attempt. Rejects only when nothing was sent. */
  async attempt(stored: Versioned<Delivery>, inherited: boolean, passage: Passage): Promise<Attempt> {
    const { conversationId, edition } = stored.value;
    const conversation = await this.#teams.conversation(conversationId, edition);
    // Without its record there is neither a way nor a thread to say so in.
    if (!conversation) return this.#park([stored], { kind: 'refused', code: 'conversation.unknown', transient: false });
    const moved = await this.#mover.attempt(stored, inherited, conversation, passage);
    if (moved) return moved;
    if (stored.value.content.type === 'edited') return this.#tell(stored, inherited, conversation, passage);
    const errand = this.#errands.get(stored.value.content.type);
    if (errand) {
      const outcome = await this.#guarded(() => errand(stored.value, conversation, passage), 'teams.failed');
      return this.#settle([stored], outcome, conversation);
    }
    return stored.value.toward === 'teams'
      ? this.#towardTeams(stored, inherited, conversation, passage)
      : this.#towardEndUser(stored, conversation, passage);
  }

  close(): void {
    this.#parts.insist.close();
    this.#parts.cards.close();
    this.#parts.alarms.close();
    this.#parts.notices.close();
    this.#parts.gates.signs.close();
  }

  /** What there is to say of an edit, when that is known; perhaps nothing any more. */
  async #tell(
    stored: Versioned<Delivery>,
    inherited: boolean,
    conversation: Conversation,
    passage: Passage,
  ): Promise<Attempt> {
    const { records, env } = this.#parts;
    const { content, id } = stored.value;
    const telling = await tellingOf(stored.value, records.deliveries, env.now());
    if (telling === 'nothing')
      return { after: new Map([[id, await this.#writing.one(stored, { state: 'discarded' })]]) };
    if ('wait' in telling) return { after: new Map(), wait: telling.wait };
    const value = { ...stored.value, content: { ...content, said: telling.said } } as Delivery;
    return this.#towardTeams({ ...stored, value }, inherited, conversation, passage);
  }

  async #towardTeams(
    stored: Versioned<Delivery>,
    inherited: boolean,
    conversation: Conversation,
    passage: Passage,
  ): Promise<Attempt> {
    if (await this.#isMoot(stored.value))
      return { after: new Map([[stored.value.id, await this.#writing.one(stored, { state: 'discarded' })]]) };
    // What the earlier driver may have sent counts as the one time that an *unknown* is repeated.
    const repeat = stored.value.repeat || (inherited && stored.value.content.type !== 'assignee') || undefined;
    let group: Versioned<Delivery>[] = [{ ...stored, value: { ...stored.value, repeat } }];
    const take = async () => {
      const waiting = passage.group();
      // The lane was lost meanwhile; a post of which nothing could be noted would be made for ever.
      if (waiting.length === 0) throw new DeskError('lane.left');
      const all = await this.#together(waiting);
      await passage.mayStart();
      group = all.map((one) => ({ ...one, value: { ...one.value, repeat } }));
      return group.map(({ value }) => value);
    };
    const outcome = await this.#guarded(
      () =>
        stored.value.content.type === 'arrival'
          ? this.#mover.arrive(stored, conversation, passage)
          : this.#teams.send(stored.value, repeat === true, conversation, passage, take),
      'teams.failed',
    );
    return this.#settle(group, outcome, conversation);
  }

  /** Whether a customer who was to be reminded of has been answered by now. */
  async #isMoot({ content, conversationId: id }: Delivery): Promise<boolean> {
    if (content.type !== 'notice' || content.notice.kind !== 'unanswered') return false;
    const found = await this.#parts.records.conversations.read(id, id);
    return found?.value.unansweredSince !== content.notice.since;
  }

  /** What shares a post is written down before it goes out. */
  async #together(group: Versioned<Delivery>[]): Promise<Versioned<Delivery>[]> {
    const [first, ...others] = group as [Versioned<Delivery>, ...Versioned<Delivery>[]];
    if (others.length === 0) return group;
    const noted = await this.#writing.one(first, { together: group.map(({ value }) => value.id) });
    if (noted?.value.state !== 'open') throw new DeskError('lane.left');
    return [noted, ...others];
  }

  async #towardEndUser(stored: Versioned<Delivery>, conversation: Conversation, passage: Passage): Promise<Attempt> {
    const endUser = this.#endUser;
    if (stored.value.claimedAt !== undefined) return this.#find(stored, conversation, passage);
    const bar = await this.#guarded(() => endUser.barOf(conversation), 'channel.failed');
    if (bar) return this.#settle([stored], bar, conversation);
    const prepared = await this.#guarded(() => endUser.prepare(stored.value, conversation), 'channel.failed');
    if (prepared && 'kind' in prepared) return this.#unprepared(stored, prepared, conversation, passage);
    const done = await passage.turn('endUser', '');
    try {
      const claimed = await this.#claim(stored, conversation, prepared);
      // Perhaps our own claim, whose answer got lost: as it is stored, it counts as begun.
      if (!claimed) return this.#asStored(stored);
      const outcome = await this.#guarded(() => endUser.send(claimed.value, conversation, passage), 'channel.failed');
      if (passage.probing && outcome.kind === 'refused' && outcome.transient)
        return await this.#giveUp(claimed, outcome);
      if (outcome.kind !== 'unknown') return await this.#settle([claimed], outcome, conversation);
      this.#report(claimed.value, outcome);
      return { after: new Map([[claimed.value.id, claimed]]), wait: endUser.firstLook() };
    } finally {
      done();
    }
  }

  /** A picture can't be had (yet). It says nothing about the end user's side, so that a probe only learns that it found nothing out. */
  async #unprepared(
    stored: Versioned<Delivery>,
    failure: Failure,
    conversation: Conversation,
    { probing }: Passage,
  ): Promise<Attempt> {
    const later = failure.kind === 'refused' && failure.transient;
    return probing && later ? { after: new Map() } : this.#settle([stored], failure, conversation);
  }

  /** The other side is not back yet: the claim is taken back, and the plan stays as it was. */
  async #giveUp(claimed: Versioned<Delivery>, outcome: Failure): Promise<Attempt> {
    this.#report(claimed.value, outcome);
    const pause = outcome.kind === 'refused' ? outcome.retryAfter : undefined;
    return { after: new Map([[claimed.value.id, await this.#writing.one(claimed, { claimedAt: undefined })]]), pause };
  }

  /** Looks what became of a send whose end nobody saw. */
  async #find(stored: Versioned<Delivery>, conversation: Conversation, passage: Passage): Promise<Attempt> {
    const found = await this.#endUser.find(stored.value, conversation, passage);
    if ('wait' in found) {
      const late = this.#parts.env.now() + found.wait - stored.value.createdAt >= LATE;
      if (late) await this.#notices.tell(stored.value, found.failure, true);
      return { after: new Map(), wait: found.wait };
    }
    await this.#parts.env.step?.('look.made');
    return this.#settle([stored], found.outcome, conversation);
  }

  /** `as`: the form in which it goes out, so that every look and every further try is about the same words. */
  async #claim(
    stored: Versioned<Delivery>,
    { endUser }: Conversation,
    as?: Message,
  ): Promise<Versioned<Delivery> | undefined> {
    const { records, env } = this.#parts;
    const { content } = stored.value;
    // An earlier refusal is over: from now on it may have been sent, and may come back as an echo.
    const formed = as && content.type === 'message' ? { content: { ...content, as } } : {};
    const begun = { ...stored.value, ...formed, claimedAt: env.now(), claimedFor: endUser.key, failure: undefined };
    const claimed = await records.deliveries.replace(begun, stored.version);
    await env.step?.('claim.stored');
    return claimed;
  }

  async #asStored({ value: { lane, id } }: Versioned<Delivery>): Promise<Attempt> {
    return { after: new Map([[id, await this.#parts.records.deliveries.read(lane, id)]]), wait: REREAD_AFTER };
  }

  /** A bug or a missing setting on the way to a send is a certain refusal; nothing may fall through in silence. */
  async #guarded<T>(work: () => Promise<T>, code: string): Promise<T | Failure> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DeskError && NOTHING_SENT.has(error.code)) throw error;
      this.#parts.env.log.error({ err: error, code }, 'a delivery could not be attempted');
      return { kind: 'refused', code: error instanceof DeskError ? error.code : code, transient: false };
    }
  }

  async #settle(group: Versioned<Delivery>[], outcome: Outcome, conversation: Conversation): Promise<Attempt> {
    const [first] = group as [Versioned<Delivery>];
    for (const { value } of group) this.#report(value, outcome);
    if (outcome.kind === 'delivered') return this.#arrived(group, outcome.ref, conversation);
    const pause = outcome.kind === 'refused' ? outcome.retryAfter : undefined;
    if (outcome.kind === 'refused' && outcome.holds)
      return { after: new Map(), hold: { failure: outcome, deskId: conversation.deskId } };
    const wait = this.#waitAfter(first.value, outcome);
    if (wait === undefined && isQuoting(first.value.content)) return this.#withoutQuote(first);
    if (wait === undefined && staysBehind(first.value))
      return { after: await this.#writing.all(group, () => ({ state: 'discarded', failure: outcome })) };
    if (wait === undefined)
      return group.length > 1 && outcome.kind === 'refused'
        ? this.#apart(group)
        : { ...(await this.#park(group, outcome)), unknown: outcome.kind === 'unknown' };
    // Many short waits are as late as one long one.
    const late = this.#parts.env.now() + wait - first.value.createdAt >= LATE;
    if (late && first.value.toward === 'endUser') await this.#notices.tell(first.value, outcome, true);
    return { ...(await this.#putOff(group, outcome, wait)), wait, pause, unknown: outcome.kind === 'unknown' };
  }

  async #arrived(group: Versioned<Delivery>[], ref: string | undefined, conversation: Conversation): Promise<Attempt> {
    for (const { value } of group) if (value.toward === 'endUser') await this.#notices.said(value);
    const after = await this.#writing.all(group, ({ attempts }) => ({
      state: 'delivered',
      attempts: attempts + 1,
      ref,
      failure: undefined,
    }));
    await this.#parts.env.step?.('outcome.stored');
    for (const { value } of group) {
      if (value.content.type === 'failure' && !value.content.delayed) this.#parts.alarms.shown(value);
      if (value.toward !== 'endUser') continue;
      this.#endUser.confirm(value, conversation);
      if (value.content.type === 'message' && value.content.source) this.#parts.attention.answered(conversation);
      await this.#teams.answered(value);
    }
    return { after };
  }

  /** After an *unknown* the mark of a repeat belongs to each of the post; who waits behind the first needs no other note. */
  #putOff(group: Versioned<Delivery>[], failure: Failure, wait: number): Promise<Pick<Attempt, 'after'>> {
    const unknown = failure.kind === 'unknown';
    const asked = failure.kind === 'refused' && failure.retryAfter !== undefined;
    const written = unknown || group[0]?.value.repeat ? group : group.slice(0, 1);
    return this.#writing
      .all(written, ({ attempts, repeat }) => ({
        attempts: asked ? attempts : attempts + 1,
        nextAt: this.#parts.env.now() + wait,
        claimedAt: undefined,
        repeat: repeat || unknown || undefined,
        failure,
      }))
      .then((after) => ({ after }));
  }

  /** What Teams has against a notice is in the words that it quotes: it has to be seen, and goes without them. */
  async #withoutQuote(notice: Versioned<Delivery>): Promise<Attempt> {
    const { content } = notice.value;
    if (content.type !== 'failure') throw new DeskError('delivery.malformed');
    const bare = { ...content, message: { ...content.message, parts: [] } };
    return { after: new Map([[notice.value.id, await this.#writing.one(notice, { content: bare })]]) };
  }

  /** One of them is at fault, and the others need not suffer for it: each goes by itself, with the mark of a repeat if the post had it. */
  async #apart(group: Versioned<Delivery>[]): Promise<Attempt> {
    const { repeat } = (group[0] as Versioned<Delivery>).value;
    const after = await this.#writing.all(repeat ? group : group.slice(0, 1), () => ({ repeat, together: undefined }));
    return { after, apart: true };
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
  #waitAfter(delivery: Delivery, outcome: Failure): number | undefined {
    const { toward, attempts, repeat } = delivery;
    const chance = this.#parts.env.random();
    if (isTelling(delivery)) return waitBeforeNotice(attempts + 1, outcome, chance);
    if (outcome.kind === 'refused') return waitBefore(attempts + 1, outcome, chance);
    return toward === 'endUser' || repeat ? undefined : REPEAT_AFTER;
  }

  /** The thread is told before the delivery rests: a crash in between tells it again, under the same id. */
  async #park(group: Versioned<Delivery>[], failure: Failure): Promise<Attempt> {
    const { env } = this.#parts;
    for (const { value } of group) {
      const { id: deliveryId, lane, toward, createdAt } = value;
      if (failure.code !== 'conversation.unknown') await this.#notices.tell(value, failure, false);
      env.log.error({ deliveryId, lane, toward, code: failure.code }, 'delivery parked');
      env.observe?.({ toward, outcome: 'parked', code: failure.code, age: env.now() - createdAt });
    }
    const after = await this.#writing.all(group, ({ attempts }) => ({
      state: 'parked',
      attempts: attempts + 1,
      failure,
    }));
    await env.step?.('outcome.stored');
    return { after };
  }
}

/** A store whose answers lag may show an old version for a moment (ms). */
const REREAD_AFTER = 200;

function isQuoting(content: Delivery['content']): boolean {
  return content.type === 'failure' && content.message.parts.length > 0;
}

/** Errors after which it is certain that nothing was sent, and that nothing was found out about the delivery either. */
const NOTHING_SENT = new Set(['store.unavailable', 'lane.left']);
