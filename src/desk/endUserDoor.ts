import { barOf } from './connections.ts';
import type { Conversation, EndUser } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import { type Delivery, sentForm } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { type Message, textOf } from './message.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Passage } from './passage.ts';
import { degraded } from './pictures.ts';
import type { ChannelPort, LookedUp, Sought } from './ports.ts';
import { FIRST_LOOK, LONGEST_WAIT, waitBefore } from './retryPlan.ts';
import type { Connection } from './settings.ts';

/** The same words sent within this time before can't be told apart by a look (ms); well past the clocks' difference. */
const ALIKE = 5 * 60_000;

/** From how many of the end user's last messages it is told how far the clocks are apart: one may have been delayed. */
const CLOCK_FROM = 5;

/** For how long a doubt is remembered (ms): for longer than it is planned to ask about it. */
const KEPT = 2 * LONGEST_WAIT;

interface Way {
  channel: ChannelPort;
  connection: Connection;
  message: Message;
}

/**
 * A send whose end nobody saw: by which claim it began, why, when it was over at the latest (by `elapsed`), and how often asking got no
 * answer.
 */
interface Doubt {
  claimedAt?: number;
  code: string;
  overAt: number;
  unanswered: number;
}

/** What is known now: what became of it, or how long to wait before asking (again) (ms). */
export type Finding = { outcome: Outcome } | { wait: number; failure: Failure };

/** The way to the end user: one send, and after an *unknown* a look before anything else. */
export class EndUserDoor {
  readonly #parts: CourierParts;
  readonly #doubts = new Map<string, Doubt>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Why nothing can go out to this end user now, for certain. */
  async barOf(conversation: Conversation): Promise<Failure | undefined> {
    const { connection } = await this.#parts.directory.contextOf(conversation);
    const code = barOf(connection) ?? (conversation.blockedAt === undefined ? undefined : 'conversation.blocked');
    return code === undefined ? undefined : { kind: 'refused', code, transient: false };
  }

  /**
   * What of a delivery goes out in another form than it was written in: pictures, kept here first, as the channel takes them. `undefined`: it goes as it is.
   * Nothing is sent by that, and it can be done again.
   */
  async prepare(delivery: Delivery, conversation: Conversation): Promise<Message | Failure | undefined> {
    const { directory, pictures } = this.#parts;
    const message = delivery.content.type === 'message' && !delivery.content.as ? delivery.content.message : undefined;
    if (!message?.parts.some(({ kind }) => kind === 'image')) return undefined;
    const { desk, channel } = await directory.contextOf(conversation);
    return pictures.outward(delivery, message, desk, channel.capabilities);
  }

  /** Rejects with `lane.left` when nothing was sent. */
  async send(delivery: Delivery, conversation: Conversation, passage: Passage): Promise<Outcome> {
    const { env } = this.#parts;
    const { channel, connection, message } = await this.#way(delivery, conversation);
    await passage.mayStart();
    await env.step?.('send.begins');
    const outcome = await channel.send(connection, conversation.endUser, message, {
      key: delivery.id,
      sender: message.author,
    });
    await env.step?.('send.made');
    const { claimedAt } = delivery;
    if (outcome.kind === 'unknown')
      this.#keep(delivery.id, { claimedAt, code: outcome.code, overAt: env.elapsed(), unanswered: 0 });
    return outcome;
  }

  /** How soon after an *unknown* the first look is worth while (ms). */
  firstLook(): number {
    return Math.min(FIRST_LOOK, this.#parts.settle);
  }

  /**
   * What became of a send that began and whose end nobody saw. Found = delivered. Surely absent, also when everything has settled = it is
   * as if it had been refused, and is sent again. What can't be told is for a person to decide. Rejects with `lane.left`.
   */
  async find(delivery: Delivery, conversation: Conversation, passage: Passage): Promise<Finding> {
    const { env, settle } = this.#parts;
    const known = this.#doubts.get(delivery.id);
    // Another process may have had the lane meanwhile, and have sent it anew.
    const doubt = known?.claimedAt === delivery.claimedAt && known ? known : this.#inheritedDoubt(delivery);
    this.#keep(delivery.id, doubt);
    const failure: Failure = { kind: 'unknown', code: doubt.code };
    const now = env.elapsed();
    if (now < doubt.overAt + this.firstLook()) return { wait: doubt.overAt + this.firstLook() - now, failure };
    const looked = await this.#findOut(delivery, conversation, doubt.code, passage);
    if (looked === 'absent' && now < doubt.overAt + settle) return { wait: doubt.overAt + settle - now, failure };
    if (looked === 'noAnswer') {
      doubt.unanswered += 1;
      const wait = waitBefore(doubt.unanswered, { kind: 'refused', code: doubt.code, transient: true }, env.random());
      if (wait !== undefined) return { wait, failure };
    }
    this.#doubts.delete(delivery.id);
    if (looked === 'found') return { outcome: { kind: 'delivered' } };
    if (looked === 'absent') return { outcome: { kind: 'refused', code: doubt.code, transient: true } };
    return { outcome: failure };
  }

  /** The quiet sign at the operator's own message, and what they should know of the form in which it went. */
  confirm(delivery: Delivery, conversation: Conversation): void {
    if (delivery.content.type !== 'message' || !delivery.content.source) return;
    const { threadId, activityId, person } = delivery.content.source;
    const { directory, teams, env, gates, notices } = this.#parts;
    const told = delivery.content.as && degraded(delivery.content.message, delivery.content.as);
    if (told) void notices.tell(conversation.deskId, threadId, person, told);
    directory
      .desk(conversation.deskId)
      .then((desk) => {
        if (desk) gates.signs.show(gates.tenant(desk.tenantId), () => teams.confirm(desk, threadId, activityId));
      })
      .catch((error: unknown) =>
        env.log.warn({ err: error, deliveryId: delivery.id }, 'the sign of success could not be shown'),
      );
  }

  /** What another process has settled is never asked for here again. Should it be all the same, it counts as an earlier driver's. */
  #keep(id: string, doubt: Doubt): void {
    const before = this.#parts.env.elapsed() - KEPT;
    for (const [other, { overAt }] of this.#doubts) if (overAt < before) this.#doubts.delete(other);
    this.#doubts.set(id, doubt);
  }

  /** An earlier driver died over it: what it sent may arrive for as long as a send can last. A clock that was set makes that no longer. */
  #inheritedDoubt({ claimedAt = 0 }: Delivery): Doubt {
    const { env, terms } = this.#parts;
    const left = Math.max(0, Math.min(claimedAt + terms.send - env.now(), terms.send));
    return { claimedAt, code: 'channel.interrupted', overAt: env.elapsed() + left, unanswered: 0 };
  }

  /** Whatever goes wrong meanwhile, it stays *unknown* whether the message was sent. */
  async #findOut(delivery: Delivery, conversation: Conversation, code: string, passage: Passage): Promise<LookedUp> {
    try {
      const way = await this.#way(delivery, conversation);
      const { idempotentFor } = way.channel.capabilities;
      return idempotentFor === undefined
        ? await this.#look(delivery, conversation, way)
        : await this.#sendAgain(delivery, conversation, way, idempotentFor, passage);
    } catch (error) {
      if (error instanceof DeskError && error.code === 'lane.left') throw error;
      this.#parts.env.log.warn(
        { err: error, deliveryId: delivery.id, code },
        'what became of a send was not found out',
      );
      return 'cannotTell';
    }
  }

  /**
   * Sends it once more under the same key, which has no second effect for as long as the channel keeps that key. Only success says something about the
   * first try: what is refused now may have been taken then.
   */
  async #sendAgain(
    delivery: Delivery,
    { endUser }: Conversation,
    { channel, connection, message }: Way,
    keptFor: number,
    passage: Passage,
  ): Promise<LookedUp> {
    const { env } = this.#parts;
    const age = env.now() - (delivery.claimedAt ?? 0);
    // A clock that was set back makes no key younger.
    if (age < 0 || age >= keptFor || barOf(connection) !== undefined) return 'cannotTell';
    await passage.mayStart();
    await env.step?.('send.begins');
    const whom = { ...endUser, key: delivery.claimedFor ?? endUser.key };
    const outcome = await channel.send(connection, whom, message, { key: delivery.id, sender: message.author });
    await env.step?.('send.made');
    if (outcome.kind === 'delivered') return 'found';
    return outcome.kind === 'refused' && !outcome.transient ? 'cannotTell' : 'noAnswer';
  }

  async #look(
    delivery: Delivery,
    conversation: Conversation,
    { channel, connection, message }: Way,
  ): Promise<LookedUp> {
    if (!channel.lookUp) return 'cannotTell';
    const since = delivery.claimedAt ?? delivery.createdAt;
    const said = await this.#saidLately(delivery, conversation);
    const others = sentAround(delivery, since, said);
    // A look would find the words that went before.
    if (others.some((other) => textOf(other) === textOf(message))) return 'cannotTell';
    const sought: Sought = {
      message,
      senderId: message.author.id,
      since,
      others: others.map(textOf),
      heardBefore: heardIn(said.filter(({ order }) => order < delivery.order)),
      lastHeard: heardIn(said).toSorted((a, b) => b - a)[0],
      ahead: aheadBy(said.filter(isHeard).slice(0, CLOCK_FROM)),
    };
    return this.#lookUp({ channel, connection, message }, delivery, conversation.endUser, sought);
  }

  /** Asks under the key by which it was sent. Where the end user has another one by now, their history may have moved there: absent is absent under both. */
  async #lookUp(
    { channel, connection }: Way,
    { claimedFor }: Delivery,
    endUser: EndUser,
    sought: Sought,
  ): Promise<LookedUp> {
    const ask = (whom: EndUser) => channel.lookUp?.(connection, whom, sought) ?? 'cannotTell';
    if (claimedFor === undefined || claimedFor === endUser.key) return ask(endUser);
    const before = await ask({ ...endUser, key: claimedFor, userId: undefined });
    return before === 'found' ? before : worse(before, await ask(endUser));
  }

  /** What was said last in a conversation, either way. */
  async #saidLately({ lane, conversationId }: Delivery, { movedFrom }: Conversation): Promise<Delivery[]> {
    const { insist, records } = this.#parts;
    // What was said before it moved lies in another lane.
    const partition = movedFrom ? undefined : lane;
    const where = { conversationId };
    const found = await insist.on(() => records.deliveries.find({ partition, where, order: 'descending', limit: 100 }));
    return found.map(({ value }) => value);
  }

  /** Insists: the claim is stored by now, and a send that is given up here would look like one that was begun. */
  async #way(delivery: Delivery, conversation: Conversation): Promise<Way> {
    const message = sentForm(delivery);
    if (!message) throw new DeskError('delivery.malformed');
    const context = await this.#parts.insist.on(() => this.#parts.directory.contextOf(conversation));
    return { ...context, message };
  }
}

/** What two looks say together: found counts wherever it was, absent only when both are sure. */
function worse(before: LookedUp, now: LookedUp): LookedUp {
  if (now === 'found' || before === 'absent') return now;
  return before;
}

/** What else went, or may have gone, to the end user around that time. */
function sentAround({ id }: Delivery, since: number, said: Delivery[]): Message[] {
  return said.flatMap((other) => {
    const around = other.toward === 'endUser' && other.claimedAt !== undefined && other.claimedAt >= since - ALIKE;
    const message = around && other.id !== id ? sentForm(other) : undefined;
    return message ? [message] : [];
  });
}

function isHeard({ content }: Delivery): boolean {
  return content.type === 'message' && content.message.author.kind === 'endUser';
}

function heardIn(said: Delivery[]): number[] {
  return said.filter(isHeard).map(saidAt);
}

/** The shortest that a message took to come here: what is longer than that is delay, and what is left may be the clocks. */
function aheadBy(heard: Delivery[]): number | undefined {
  return heard.length > 0 ? Math.min(...heard.map((one) => one.createdAt - saidAt(one))) : undefined;
}

function saidAt({ content, createdAt }: Delivery): number {
  return content.type === 'message' ? content.message.at : createdAt;
}
