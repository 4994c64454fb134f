import type { Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import { type Content, type Delivery, staysBehind } from './delivery.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Attempt, Passage } from './passage.ts';
import type { Versioned } from './ports.ts';
import type { TeamsDoor } from './teamsDoor.ts';
import type { Writing } from './writing.ts';

/** How soon it is looked again whether everything has come along (ms). */
const SOON = 200;

/** For so long another process may still store for the lane what it began to before the conversation left (ms). */
const STRAGGLERS = 2_000;

/** How the mover reaches other lanes. */
export interface OtherLanes {
  /** Stores a new delivery and gives it its place; false when one of this id was stored before. */
  enter(delivery: Delivery): Promise<boolean>;
  /** Gives what is stored its place (again). */
  again(delivery: Versioned<Delivery>): void;
}

/**
 * Takes conversations to other Teams channels. First the conversation itself changes its place, so that what comes in goes there and waits; then
 * everything that is open in the old lane is handed over, each by its own stream, in order; then the new lane is told that all have come. A
 * step may be made twice: each is a write that its repeat leaves as it is.
 */
export class Mover {
  readonly #parts: CourierParts;
  readonly #teams: TeamsDoor;
  readonly #writing: Writing;
  readonly #lanes: OtherLanes;
  /** Since when (by `elapsed`) a conversation is known here to have left. */
  readonly #leftAt = new Map<string, number>();

  constructor(parts: CourierParts, teams: TeamsDoor, writing: Writing, lanes: OtherLanes) {
    this.#parts = parts;
    this.#teams = teams;
    this.#writing = writing;
    this.#lanes = lanes;
  }

  /** What becomes of a delivery because its conversation moves or has moved; `undefined`: it goes its own way. */
  async attempt(
    stored: Versioned<Delivery>,
    inherited: boolean,
    conversation: Conversation,
    passage: Passage,
  ): Promise<Attempt | undefined> {
    const { id, lane, content, movedTo } = stored.value;
    const { room, moving } = conversation;
    if (staysBehind(stored.value)) return undefined;
    if (movedTo !== undefined) return this.#handOver(stored, movedTo, inherited, conversation);
    if (content.type === 'move' && moving === id) return this.#leave(stored, content, conversation, passage);
    if (room !== lane) {
      // What is known here may be older than this delivery: it must not go to and fro.
      const now = await this.#teams.refresh(conversation.id);
      if (now?.room === lane) return { after: new Map([[id, stored]]), wait: 0 };
      return this.#handOver(stored, now?.room ?? room, inherited, now ?? conversation);
    }
    if (content.type === 'arrival' && moving === content.move) return this.#settleIn(conversation, passage);
    if (moving !== undefined) return this.#wait(stored, conversation);
    return content.type === 'move' ? this.#begin(stored, content, conversation, passage) : undefined;
  }

  /** The conversation is here: its thread is made, and the old one says where it goes on. Rejects with `lane.left` when nothing was posted. */
  async arrive({ value }: Versioned<Delivery>, conversation: Conversation, passage: Passage): Promise<Outcome> {
    const { content, conversationId } = value;
    const thread = await this.#teams.thread(conversation, passage, await this.#firstToCome(value));
    if ('kind' in thread) return thread satisfies Failure;
    if (content.type !== 'arrival' || !content.threadId) return { kind: 'delivered', ref: thread.id };
    const { threadId, by } = content;
    // It may have been moved on since this was stored, or have had to go to General.
    const now = await this.#teams.conversation(conversationId);
    const room = now && thread.id.startsWith(`${now.room};`) ? now.roomName : undefined;
    await this.#enter({
      id: this.#parts.env.digest(`moved\n${threadId}\n${thread.id}`),
      // Where that thread stands, so that the call counts there.
      lane: threadId.split(';')[0] ?? '',
      conversationId,
      content: {
        type: 'notice',
        threadId,
        notice: { kind: 'movedAway', to: thread.id, room, by: by.name },
      },
    });
    await this.#parts.env.step?.('move.told');
    return { kind: 'delivered', ref: thread.id };
  }

  /** When the first of what is still to be shown was said, by the channel's clock (Unix ms): the new thread begins with what came before. */
  async #firstToCome({ lane, conversationId }: Delivery): Promise<number> {
    const where = { conversationId, state: 'open' };
    const open = await this.#parts.records.deliveries.find({ partition: lane, where });
    return open.reduce(
      (first, { value: { content, toward } }) =>
        toward === 'teams' && content.type === 'message' ? Math.min(first, content.message.at) : first,
      Number.POSITIVE_INFINITY,
    );
  }

  /** The conversation changes its place. From here on nothing goes out before all has come along. */
  async #begin(
    stored: Versioned<Delivery>,
    content: Extract<Content, { type: 'move' }>,
    { id, room }: Conversation,
    passage: Passage,
  ): Promise<Attempt> {
    const { env } = this.#parts;
    passage.callBack();
    const moved = await this.#teams.move(id, (current) => {
      const isHere = current.room === room && current.moving === undefined;
      if (!isHere || (content.to.id === room && !current.refuge)) return current;
      const { movedFrom, thread } = current;
      const rooms = [room, ...(movedFrom?.rooms ?? [])].filter((each) => each !== content.to.id);
      return {
        ...current,
        room: content.to.id,
        roomName: content.to.name,
        refuge: undefined,
        thread: undefined,
        threadClaimedAt: undefined,
        moving: stored.value.id,
        edition: (current.edition ?? 0) + 1,
        movedFrom: { rooms: [...new Set(rooms)], threadId: thread?.id ?? movedFrom?.threadId, at: env.now() },
      };
    });
    await env.step?.('move.begun');
    return moved.moving === stored.value.id ? this.#leave(stored, content, moved, passage) : this.#end(stored);
  }

  /** Waits until nothing of the conversation is open here any more, and says so in the new lane. */
  async #leave(
    stored: Versioned<Delivery>,
    { to, by }: Extract<Content, { type: 'move' }>,
    { id: conversationId, movedFrom }: Conversation,
    passage: Passage,
  ): Promise<Attempt> {
    const { id, lane } = stored.value;
    if (to.id !== lane && !(await this.#isEmpty(stored.value, passage))) return { after: new Map(), wait: SOON };
    const threadId = movedFrom?.threadId;
    await this.#enter({
      id: this.#parts.env.digest(`arrival\n${id}`),
      lane: to.id,
      conversationId,
      content: { type: 'arrival', move: id, by, threadId },
    });
    await this.#parts.env.step?.('move.passed');
    this.#leftAt.delete(id);
    return this.#end(stored);
  }

  async #isEmpty({ id, lane, conversationId }: Delivery, passage: Passage): Promise<boolean> {
    const { records, env, terms } = this.#parts;
    passage.stir();
    const where = { conversationId, state: 'open' };
    const open = await records.deliveries.find({ partition: lane, where });
    if (open.some(({ value }) => value.id !== id && !staysBehind(value)) || passage.others() > 0) return false;
    const leftAt = this.#leftAt.get(id) ?? env.elapsed();
    this.#leftAt.set(id, leftAt);
    return !terms.shared || env.elapsed() - leftAt >= STRAGGLERS;
  }

  /** Everything has come along: it is brought in, and the conversation goes on. */
  async #settleIn({ id, moving }: Conversation, passage: Passage): Promise<undefined> {
    await passage.gather();
    await this.#teams.move(id, (current) => (current.moving === moving ? { ...current, moving: undefined } : current));
    await this.#parts.env.step?.('move.arrived');
    return undefined;
  }

  /** Another process may have let it go on meanwhile. As long as it moves, nobody has sent what waits here. */
  async #wait(stored: Versioned<Delivery>, { id }: Conversation): Promise<Attempt> {
    const now = await this.#teams.refresh(id);
    return { after: new Map([[stored.value.id, stored]]), wait: now?.moving === undefined ? 0 : SOON };
  }

  /**
   * Hands a delivery over to another lane. Marked first, so that nobody sends it here any more; what may have been sent stays marked as such there, and
   * a claim goes along. What lies there under its id is either this one already, or what was handed over from there once.
   */
  async #handOver(
    stored: Versioned<Delivery>,
    to: string,
    inherited: boolean,
    { edition }: Conversation,
  ): Promise<Attempt> {
    const { env } = this.#parts;
    const { id, content } = stored.value;
    const mayBeShown = inherited && stored.value.toward === 'teams' && content.type !== 'assignee';
    const repeat = stored.value.repeat || mayBeShown || undefined;
    const marked = stored.value.movedTo ? stored : await this.#writing.one(stored, { movedTo: to, repeat });
    if (marked?.value.state !== 'open' || marked.value.movedTo !== to) return { after: new Map([[id, marked]]) };
    await env.step?.('move.marked');
    await this.#parts.insist.on(() => this.#bring({ ...goingOn(marked.value), lane: to, movedTo: undefined, edition }));
    await env.step?.('move.forwarded');
    return { after: new Map([[id, await this.#writing.one(marked, { state: 'discarded' })]]) };
  }

  async #bring(delivery: Delivery): Promise<void> {
    const { deliveries } = this.#parts.records;
    for (;;) {
      if (await this.#lanes.enter(delivery)) return;
      const found = await deliveries.read(delivery.lane, delivery.id);
      if (found && found.value.movedTo === undefined) return;
      const written = found && (await deliveries.replace(delivery, found.version));
      if (written) return this.#lanes.again(written);
    }
  }

  async #end(stored: Versioned<Delivery>): Promise<Attempt> {
    return { after: new Map([[stored.value.id, await this.#writing.one(stored, { state: 'delivered' })]]) };
  }

  async #enter(delivery: Pick<Delivery, 'id' | 'lane' | 'conversationId' | 'content'>): Promise<void> {
    const { env, sequence, retention, insist } = this.#parts;
    const now = env.now();
    const edition = (await this.#teams.conversation(delivery.conversationId))?.edition;
    await insist.on(() =>
      this.#lanes.enter({
        ...delivery,
        order: sequence.next(),
        toward: 'teams',
        state: 'open',
        attempts: 0,
        edition,
        createdAt: now,
        expiresAt: now + retention,
      }),
    );
  }
}

/** What waited for the old Teams channel has nothing to wait for in the new one. A card's buttons still lead to where the failed one lies. */
function goingOn(delivery: Delivery): Delivery {
  const { lane, content } = delivery;
  const led =
    content.type === 'failure' || content.type === 'edited' ? { ...content, lane: content.lane ?? lane } : content;
  if (delivery.toward === 'endUser' || content.type === 'handOut') return { ...delivery, content: led };
  return { ...delivery, content: led, attempts: 0, nextAt: undefined, failure: undefined };
}
