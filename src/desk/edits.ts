import type { Conversation } from './conversation.ts';
import type { Delivery, Source } from './delivery.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { type Intake, keyOf, type Receipt } from './intake.ts';
import type { Lanes } from './lanes.ts';
import type { Environment, Records, Versioned } from './ports.ts';
import {
  AFTER_EDIT,
  applied,
  type Change,
  hasOtherWords,
  isBehind,
  isUnsent,
  type Revision,
  revised,
} from './revision.ts';
import type { Sequence } from './sequence.ts';
import { whereaboutsOf } from './whereabouts.ts';

/** A message in a customer's thread that was edited, deleted or brought back. Without a text nothing of it is for the end user. */
export type Edit = Change & {
  deskId: string;
  source: Source;
  /** Its first words were heard, and were no reply: where there is none, none can come late. */
  heard?: boolean;
};

/** How often a reply between two lanes is looked for, and how long to wait before looking again (ms). */
const LOOKS = 20;
const BETWEEN_LOOKS = 100;

/** What came of an edit. `picturesStay`: the reply goes out with its pictures, about which the edit said nothing. */
export interface Taken {
  picturesStay?: boolean;
}

interface Parts {
  records: Records;
  env: Environment;
  directory: Directory;
  intake: Intake;
  lanes: Lanes;
  sequence: Sequence;
  retention: number;
}

/**
 * What edits and deletions in Teams do to replies. Before its send begins a reply is changed or called off; after that the thread is told
 * what the end user has. Each step is a conditional write, so that edit and send have one winner; Teams may deliver an edit twice, late or never.
 */
export class Edits {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes an edit in, and says what it could not change. Rejects with `store.unavailable`; what was stored by then is known when Teams delivers the edit again. */
  take(edit: Edit): Promise<Taken> {
    const taking = this.#take(edit);
    return this.#parts.env.inTime?.(taking) ?? taking;
  }

  /** Sends the words of a revision as a new reply, once; `worded` says that they correct earlier ones. `ignored`: a newer edit has its own card. */
  async correct(
    reply: Delivery,
    number: number,
    worded: (text: string) => string,
  ): Promise<Receipt | 'withheld' | 'left'> {
    const { content, revision, conversationId, state, id } = reply;
    const conversation = await this.#parts.records.conversations.read(conversationId, conversationId);
    const source = content.type === 'message' ? content.source : undefined;
    const lacks = (state === 'delivered' || state === 'discarded') && hasOtherWords(reply);
    if (!conversation || !source || !lacks || revision?.number !== number || revision.text === undefined)
      return 'ignored';
    const { deskId } = conversation.value;
    const text = worded(revision.text);
    // Whoever presses the button has seen where the conversation is.
    return this.#parts.intake.reply({ deskId, source, text, key: `correction\n${id}\n${number}`, fromAnyThread: true });
  }

  /** Tells the thread about the revision of a reply, once for each `occasion`. Resolves when that is stored. */
  async tell(reply: Delivery, occasion = ''): Promise<void> {
    const { env, sequence, lanes, retention } = this.#parts;
    const { id, lane, conversationId, content, revision } = reply;
    if (content.type !== 'message' || !revision || revision.number === 0) return;
    const now = env.now();
    await lanes.enter({
      id: env.digest(`edited\n${id}\n${revision.number}\n${occasion}`),
      lane,
      conversationId,
      order: sequence.next(),
      toward: 'teams',
      content: { type: 'edited', deliveryId: id, number: revision.number, source: content.source, lane },
      state: 'open',
      attempts: 0,
      createdAt: now,
      expiresAt: now + retention,
    });
  }

  /** A person has seen that the old words did arrive: now it is known what the end user lacks. */
  async settled(reply: Delivery): Promise<void> {
    if (isBehind(reply)) await this.tell(reply, 'settled');
  }

  async #take({ deskId, source, heard, ...change }: Edit): Promise<Taken> {
    const { env, directory, records } = this.#parts;
    const conversation = await directory.conversationOf(source.threadId);
    if (conversation?.value.deskId !== deskId) return {};
    const safe = await this.#withoutSecret(conversation.value, change);
    const id = env.digest(keyOf(source));
    for (;;) {
      const found = await this.#find(conversation.value, id);
      if (!found && heard) return {};
      const changed = found && revised(found.value, safe);
      const written = found
        ? changed === found.value
          ? found
          : await records.deliveries.replace(changed as Delivery, found.version)
        : await records.deliveries.insert(await this.#unheard(id, conversation.value, source, safe));
      // A repeat tells it again, under the same id: the first one may have died in between.
      if (!written) continue;
      await this.tell(written.value);
      const { value } = written;
      const pictures =
        value.content.type === 'message' && value.content.message.parts.some(({ kind }) => kind === 'image');
      const goesOut = (value.state === 'open' || value.state === 'parked') && isUnsent(value);
      return { picturesStay: pictures && goesOut && value !== found?.value && change.pictures === undefined };
    }
  }

  /**
   * A reply that was delivered before its conversation moved lies where it was; what goes along is marked there before it is where it goes. Rejects with
   * `store.unavailable` when it stays on its way: Teams delivers the edit again.
   */
  async #find({ room, movedFrom }: Conversation, id: string): Promise<Versioned<Delivery> | undefined> {
    const { records, env } = this.#parts;
    for (let look = 0; look < LOOKS; look++) {
      const found = await whereaboutsOf(id, [room, ...(movedFrom?.rooms ?? [])], records.deliveries);
      if (found !== 'onItsWay') return found;
      await new Promise<void>((resolve) => void env.later(BETWEEN_LOOKS, resolve));
    }
    throw new DeskError('store.unavailable');
  }

  async #withoutSecret(conversation: Conversation, change: Change): Promise<Change> {
    const { directory } = this.#parts;
    const connection = await directory.connectionOf(conversation);
    if (!connection || change.text === undefined) return change;
    return directory.holdsSecret(connection, change.text) ? { at: change.at, gone: 'secret' } : change;
  }

  /**
   * A message that was no reply until now: talk among colleagues that mentions the bot since, or one whose first arrival failed. It waits
   * for a person under the id that a late arrival will have, so that its first words are not sent any more.
   */
  async #unheard(id: string, conversation: Conversation, source: Source, change: Change): Promise<Delivery> {
    const { env, directory, sequence, retention } = this.#parts;
    const now = env.now();
    const author = await directory.authorOf(conversation.deskId, source.person);
    const tells = change.text !== undefined || change.gone === 'secret';
    const revision: Revision = { ...change, number: tells ? 1 : 0 };
    return applied({
      id,
      lane: conversation.room,
      conversationId: conversation.id,
      order: sequence.next(),
      toward: 'endUser',
      content: { type: 'message', message: { author, parts: [], at: now }, source },
      state: 'discarded',
      failure: AFTER_EDIT,
      attempts: 0,
      revision,
      createdAt: now,
      expiresAt: now + retention,
    });
  }
}
