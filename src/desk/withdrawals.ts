import type { Conversation } from './conversation.ts';
import type { CourierParts } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { saidId } from './intake.ts';
import { merged } from './merge.ts';
import type { Message, Part } from './message.ts';
import type { Outcome } from './outcome.ts';
import type { Passage } from './passage.ts';

/** How many of a conversation’s deliveries on either side are looked through for those that share one post: twice as many as it holds at most. */
const LOOKED_THROUGH = 40;

const DONE: Outcome = { kind: 'delivered' };

/**
 * Takes back what an end user took back: the words and files that are kept here go, and the post in Teams is drawn anew without them. Every step leaves
 * what its repeat finds done as it is.
 */
export class Withdrawals {
  readonly #parts: CourierParts;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Rejects with `lane.left` when nothing was drawn; what was kept may be gone by then. */
  async carryOut({ content, lane }: Delivery, conversation: Conversation, passage: Passage): Promise<Outcome> {
    if (content.type !== 'unsent') return DONE;
    const { env, cards } = this.#parts;
    const id = env.digest(`${conversation.connectionId}\n${saidId(content.messageId)}`);
    const hidden = await this.#hide(id, [lane, ...(conversation.movedFrom?.rooms ?? [])], conversation.id);
    await env.step?.('unsent.hidden');
    for (const one of hidden) {
      const outcome = await this.#redraw(one, conversation, passage);
      if (outcome.kind !== 'delivered') return outcome;
    }
    if (hidden.length > 0) cards.refresh(conversation, 'soon');
    return DONE;
  }

  /** The deliveries of the message: it may have gone in pieces, and before its conversation moved. */
  async #hide(id: string, lanes: readonly string[], conversationId: string): Promise<Delivery[]> {
    const hidden: Delivery[] = [];
    for (const lane of lanes) {
      for (let piece = 0; ; piece++) {
        const found = await this.#hideOne(lane, piece === 0 ? id : `${id}-${piece}`, conversationId);
        if (!found) break;
        hidden.push(found);
      }
    }
    return hidden;
  }

  /** Nobody takes back what somebody else said. */
  async #hideOne(lane: string, id: string, conversationId: string): Promise<Delivery | undefined> {
    const { records, pictures, insist } = this.#parts;
    return insist.on(async () => {
      for (;;) {
        const found = await records.deliveries.read(lane, id);
        if (found?.value.content.type !== 'message' || found.value.conversationId !== conversationId) return undefined;
        const { value, version } = found;
        // While its parts are still known: they lead to the files.
        if ((await pictures.purge(value)).kind !== 'delivered') throw new DeskError('store.unavailable');
        const bare = withoutWords(value);
        const written = bare === value ? found : await records.deliveries.replace(bare, version);
        if (written) return written.value;
      }
    });
  }

  /** Shows the post as it is now. A post that is gone shows nothing any more, and drawing twice leaves the same. */
  async #redraw(hidden: Delivery, conversation: Conversation, passage: Passage): Promise<Outcome> {
    const { ref, lane, state, movedTo } = hidden;
    const threadId = lane === conversation.room ? conversation.thread?.id : conversation.movedFrom?.threadId;
    if (state !== 'delivered' || !ref || movedTo !== undefined || !threadId) return DONE;
    const { teams, directory } = this.#parts;
    const { desk, channel } = await directory.contextOf(conversation);
    const [first, ...others] = await this.#sharing(hidden, ref);
    const done = await passage.turn('send', desk.tenantId);
    try {
      await passage.mayStart();
      const message = merged([first, ...others]);
      const post = { type: 'message', message, channel: channel.name } as const;
      const outcome = await teams.redraw(desk, threadId, ref, post);
      if (outcome.kind === 'refused' && outcome.code === 'teams.threadGone') return DONE;
      return outcome.kind === 'unknown' ? { ...outcome, kind: 'refused', transient: true } : outcome;
    } finally {
      done();
    }
  }

  /** The messages that one post shows, in their order; they stand close together. */
  async #sharing(hidden: Delivery, ref: string): Promise<[Message, ...Message[]]> {
    const { records, insist } = this.#parts;
    const { lane: partition, conversationId, order } = hidden;
    const near = { partition, where: { conversationId }, limit: LOOKED_THROUGH };
    const [before, after] = await Promise.all([
      insist.on(() => records.deliveries.find({ ...near, to: order - 1, order: 'descending' })),
      insist.on(() => records.deliveries.find({ ...near, from: order, order: 'ascending' })),
    ]);
    const messages = [...before.toReversed(), ...after].flatMap(({ value }) =>
      value.ref === ref && value.toward === 'teams' && value.content.type === 'message' ? [value.content.message] : [],
    );
    const [first, ...others] = messages;
    if (!first) throw new DeskError('delivery.malformed');
    return [first, ...others];
  }
}

/** Who said something, and when, without what. The same object when that is all there is already. */
function withoutWords(delivery: Delivery): Delivery {
  const { content } = delivery;
  if (content.type !== 'message' || content.message.parts.every(isTakenBack)) return delivery;
  const { author, at, id } = content.message;
  const message: Message = { id, author, at, parts: [{ kind: 'event', name: 'unsent' }] };
  return { ...delivery, content: { ...content, message, as: undefined } };
}

function isTakenBack(part: Part): boolean {
  return part.kind === 'event' && part.name === 'unsent';
}
