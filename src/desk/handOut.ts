import type { Assignee, Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { type Candidate, chosen } from './handOutChoice.ts';
import type { Notice } from './notice.ts';
import { OpenCounts } from './openCounts.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Passage } from './passage.ts';
import type { ChannelPort } from './ports.ts';
import { Recent } from './recent.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { Connection, OperatorLink, Person } from './settings.ts';

/** How long the channel's own rules have to assign somebody first (ms). */
const GRACE = 1_000;

/** How long a conversation that was just handed out counts without showing in the records (ms): assigning takes so long at most. */
const CLAIMED = 20_000;

/** After so many tries nobody is assigned any more. Where the channel does not tell its assignee, that is soon clear. */
const TRIES = 6;
const UNTOLD_TRIES = 2;

/** How often another process may be quicker before this one leaves it for a later try. */
const RIVALS = 20;

const DONE: Outcome = { kind: 'delivered' };

interface Way {
  connection: Connection;
  assign: NonNullable<ChannelPort['assign']>;
  assignee: NonNullable<ChannelPort['assignee']>;
  keptHere?: boolean;
}

type Enter = (delivery: Delivery) => Promise<boolean>;

/** A conversation to be handed out, as a delivery in its lane: stored once for each `id`, found again after a crash. `to`: the one it is meant for; `wait`: how long until then (ms). */
export function handOutOf(
  conversation: Conversation,
  id: string,
  { order, now, retention }: { order: number; now: number; retention: number },
  { to, wait = GRACE }: { to?: string; wait?: number } = {},
): Delivery {
  return {
    id,
    lane: conversation.room,
    conversationId: conversation.id,
    order,
    toward: 'teams',
    content: { type: 'handOut', to },
    state: 'open',
    attempts: 0,
    edition: conversation.edition,
    nextAt: now + wait,
    createdAt: now,
    expiresAt: now + retention,
  };
}

/**
 * Gives conversations without an assignee to people who said that they take new ones. An assignment by a person or by the channel's own rules
 * always counts: the channel is asked first, and again when it is not clear what became of ours.
 */
export class HandOut {
  readonly #parts: CourierParts;
  readonly #enter: Enter;
  readonly #know: (conversation: Conversation) => void;
  readonly #counts: OpenCounts;
  /** When each conversation was last opened, as far as it was offered by this process. */
  readonly #offered = new Recent<number>();

  constructor(parts: CourierParts, enter: Enter, know: (conversation: Conversation) => void) {
    this.#parts = parts;
    this.#enter = enter;
    this.#know = know;
    this.#counts = new OpenCounts(parts.records, parts.env);
  }

  /** Offers a conversation whose end user has just been heard, once for each time that it was opened. */
  async offer(conversation: Conversation): Promise<void> {
    const { directory, env, insist, sequence, retention } = this.#parts;
    const { id, assignee, status, statusAt = 0, deskId } = conversation;
    if (assignee || status === 'closed' || this.#offered.get(id) === statusAt) return;
    const desk = await directory.desk(deskId);
    if (!desk || rulesOf(desk).handOut === 'off') return;
    const times = { order: sequence.next(), now: env.now(), retention };
    await insist.on(() => this.#enter(handOutOf(conversation, env.digest(`handOut\n${id}\n${statusAt}`), times)));
    this.#offered.set(id, statusAt);
  }

  /** Assigns somebody, unless somebody is there or nobody has room. Rejects with `lane.left` when nothing was done. */
  async carryOut(delivery: Delivery, passage: Passage): Promise<Outcome> {
    const { records, directory, env } = this.#parts;
    const conversation = (await records.conversations.read(delivery.conversationId, delivery.conversationId))?.value;
    if (!conversation || conversation.status === 'closed' || delivery.content.type !== 'handOut') return DONE;
    const { desk, connection, channel } = await directory.contextOf(conversation);
    const rules = rulesOf(desk);
    const { assign, assignee } = channel;
    // Nobody who takes new ones could answer there.
    if (rules.handOut === 'off' || connection.disconnectedAt !== undefined) return DONE;
    const way: Way =
      assign && assignee
        ? { connection, assign: assign.bind(channel), assignee: assignee.bind(channel) }
        : // The channel has no operators: what stands here is all there is.
          { connection, assign: async () => DONE, assignee: async () => conversation.assignee ?? null, keptHere: true };
    const there = await way.assignee(connection, conversation.endUser);
    if (there === undefined) return this.#failed(delivery, UNTOLD, UNTOLD_TRIES);
    if (there) return this.#show(conversation, there);
    const link = await this.#claim(delivery, conversation, rules, delivery.content.to);
    if (link === 'nobody') {
      env.log.info({ conversationId: conversation.id, deskId: desk.id }, 'nobody has room for a new conversation');
      return DONE;
    }
    if (link === 'busy') return { kind: 'refused', code: 'store.unavailable', transient: true };
    await passage.mayStart();
    return this.#assign(delivery, conversation, way, link);
  }

  async #assign(delivery: Delivery, conversation: Conversation, way: Way, link: OperatorLink): Promise<Outcome> {
    const { connection } = way;
    const { endUser } = conversation;
    const ours: Assignee = {
      id: link.operatorId,
      name: link.operatorName ?? link.person.name,
      ...(way.keptHere ? { person: link.person } : {}),
    };
    const outcome = await way.assign(connection, endUser, ours);
    if (outcome.kind === 'refused') return this.#failed(delivery, outcome, TRIES);
    if (outcome.kind === 'unknown') {
      const now = await way.assignee(connection, endUser);
      if (now && now.id !== ours.id) return this.#show(conversation, now);
      // Nobody, or not told: the next try begins by asking again.
      if (!now) return this.#failed(delivery, { ...outcome, kind: 'refused', transient: true }, TRIES);
    }
    const changed = await this.#change(conversation, ours);
    if (changed.assignee && changed.assignee.id !== ours.id) {
      // A person assigned somebody while we did, and may have been a moment earlier: theirs counts.
      await way.assign(connection, endUser, changed.assignee);
      return DONE;
    }
    await this.#tell(delivery, { kind: 'handedOut', name: link.person.name }, link.person);
    return DONE;
  }

  /** Notes on the link who is next, so that no other lane or process gives them a turn too many. `busy`: others were always quicker. */
  async #claim(
    delivery: Delivery,
    conversation: Conversation,
    rules: Rules,
    to?: string,
  ): Promise<OperatorLink | 'nobody' | 'busy'> {
    const { records, env } = this.#parts;
    const { handOut, capacity } = rules;
    if (handOut === 'off') return 'nobody';
    const counting = handOut === 'leastOpen' || capacity > 0;
    for (let rival = 0; rival < RIVALS; rival++) {
      const found = await records.operators.find({ partition: conversation.deskId });
      const on = found.filter(({ value }) => value.onSince !== undefined && (to === undefined || value.id === to));
      if (on.length === 0) return 'nobody';
      const now = env.now();
      const open = counting ? await this.#counts.of(conversation.deskId) : undefined;
      const candidates = on.map(({ value: link, version }) => ({
        ...candidateOf(link, open?.get(link.operatorId), now),
        link,
        version,
      }));
      // An earlier try of this one has its place with them already.
      const before = candidates.find(({ link }) => claimsOf(link, now).some((claim) => claim.by === delivery.id));
      if (before) return before.link;
      const next = chosen(candidates, handOut, capacity);
      if (!next) return 'nobody';
      const claims = [...claimsOf(next.link, now), { id: conversation.id, by: delivery.id, at: now }];
      // Past everybody's last turn, whatever the clocks of other processes say.
      const handedOutAt = Math.max(now, 1 + Math.max(...found.map(({ value }) => value.handedOutAt ?? 0)));
      const written = await records.operators.replace({ ...next.link, handedOutAt, claims }, next.version);
      if (written) return written.value;
    }
    return 'busy';
  }

  /** A later try may do; else the thread is told, once, that nobody was assigned. */
  async #failed(delivery: Delivery, failure: Failure, tries: number): Promise<Outcome> {
    const { code, detail } = failure;
    // When to try again is for the plan: the channel's wish must not hold up what goes to Teams.
    if (failure.kind === 'refused' && failure.transient && delivery.attempts + 1 < tries)
      return { kind: 'refused', code, transient: true, detail };
    this.#parts.env.log.warn(
      { conversationId: delivery.conversationId, code },
      'a conversation could not be handed out',
    );
    await this.#tell(delivery, { kind: 'notHandedOut', code, detail });
    return DONE;
  }

  async #show(conversation: Conversation, assignee: Assignee): Promise<Outcome> {
    await this.#change(conversation, assignee, true);
    return DONE;
  }

  /** The conversation with this assignee, unless a person has meanwhile chosen another one than was known before. `sure`: the channel said so itself. */
  async #change(before: Conversation, assignee: Assignee, sure = false): Promise<Conversation> {
    const { directory, insist, cards } = this.#parts;
    const { value } = await insist.on(() =>
      directory.changeConversation(before.id, (current) => {
        const chosenSince = current.assignee && current.assignee.id !== before.assignee?.id;
        if (current.assignee?.id === assignee.id || (chosenSince && !sure)) return current;
        return { ...current, assignee };
      }),
    );
    this.#know(value);
    cards.refresh(value, 'soon');
    return value;
  }

  async #tell(delivery: Delivery, notice: Notice, mention?: Person): Promise<void> {
    const { env, sequence, insist } = this.#parts;
    const said: Delivery = {
      ...delivery,
      id: env.digest(`${notice.kind}\n${delivery.id}`),
      order: sequence.next(),
      content: { type: 'notice', notice, mention },
      attempts: 0,
      nextAt: undefined,
      failure: undefined,
      repeat: undefined,
      createdAt: env.now(),
    };
    await insist.on(() => this.#enter(said));
  }
}

const UNTOLD: Failure = { kind: 'refused', code: 'operator.assigneeUnknown', transient: true };

function claimsOf({ claims = [] }: OperatorLink, now: number): NonNullable<OperatorLink['claims']> {
  // A clock that was set back must not keep a claim for ever.
  return claims.filter(({ at }) => Math.abs(now - at) < CLAIMED);
}

function candidateOf(link: OperatorLink, open: ReadonlySet<string> | undefined, now: number): Candidate {
  const theirs = new Set([...(open ?? []), ...claimsOf(link, now).map(({ id }) => id)]);
  return { id: link.id, open: theirs.size, lastAt: link.handedOutAt ?? 0, since: link.onSince ?? 0 };
}
