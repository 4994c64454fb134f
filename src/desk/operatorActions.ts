import type { Attention } from './attention.ts';
import type { Assignee, Conversation } from './conversation.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { type Earlier, earlierIn } from './earlier.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Environment, Records } from './ports.ts';
import type { RootCards } from './rootCards.ts';
import type { OperatorLink, Person } from './settings.ts';

interface Parts {
  records: Records;
  env: Environment;
  directory: Directory;
  cards: RootCards;
  attention: Attention;
}

/** A refusal by the channel, carried to the person who asked; `failure` says how certain it is. */
export class ChannelRefusal extends DeskError {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code, { detail: failure.detail ?? '' });
    this.failure = failure;
  }
}

/** What operators do beside answering: link themselves, assign conversations, write events. Each rejects with a DeskError. */
export class OperatorActions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Links a person to an operator id, after the channel has been asked whether there is such an operator. */
  async link(deskId: string, person: Person, operatorId: string): Promise<OperatorLink> {
    const { records, env, directory } = this.#parts;
    const operatorName = await this.#operatorName(deskId, operatorId);
    const taken = await records.operators.find({ partition: deskId, where: { operatorId } });
    const other = taken.find(({ value }) => value.person.id !== person.id);
    if (other) throw new DeskError('operator.taken', { name: other.value.person.name });
    let link: OperatorLink;
    for (;;) {
      const found = await records.operators.read(deskId, person.id);
      // Whoever links themselves to the same operator again is still the same, and goes on taking new conversations.
      const same = found?.value.operatorId === operatorId ? found.value : undefined;
      link = { ...same, id: person.id, deskId, person, operatorId, operatorName, linkedAt: env.now() };
      const written = found
        ? await records.operators.replace(link, found.version)
        : await records.operators.insert(link);
      if (written) break;
    }
    directory.forgetDesk(deskId);
    return link;
  }

  /** As the channel that has operators calls them, of several accounts the first that knows this one; where none has any, the id is the name that end users see. */
  async #operatorName(deskId: string, operatorId: string): Promise<string | undefined> {
    const { directory } = this.#parts;
    const connections = await directory.connectionsOf(deskId);
    if (connections.length === 0) throw new DeskError('desk.notConnected');
    let outcome: Outcome = { kind: 'delivered', ref: operatorId };
    for (const connection of connections) {
      const told = await directory.channel(connection.channel).checkOperator?.(connection, operatorId);
      if (told) outcome = told;
      if (told?.kind === 'delivered') break;
    }
    return delivered(outcome).ref;
  }

  /** Ends a link; false when there was none. */
  async unlink(deskId: string, person: Person): Promise<boolean> {
    const removed = await this.#parts.records.operators.remove(deskId, person.id);
    this.#parts.directory.forgetDesk(deskId);
    return removed;
  }

  /** Makes a linked person the assignee, in the channel first and then on the card. Where the channel has no operators, everybody can be. */
  async assign(conversation: Conversation, person: Person): Promise<void> {
    const { directory } = this.#parts;
    const { connection, channel } = await directory.contextOf(conversation);
    const link = await directory.link(conversation.deskId, { personId: person.id });
    if (channel.assign) {
      if (!link) throw new DeskError('operator.notLinked', { name: person.name });
      const assignee = { id: link.operatorId, name: link.operatorName ?? link.person.name };
      delivered(await channel.assign(connection, conversation.endUser, assignee));
      await this.#show(conversation, assignee);
    } else
      await this.#show(conversation, {
        id: link?.operatorId ?? person.id,
        name: link?.operatorName ?? person.name,
        person,
      });
    this.#parts.attention.taken(conversation);
  }

  /** Whether the desk keeps by itself whose a conversation is: its channel has no operators. */
  async assignsHere(conversation: Conversation): Promise<boolean> {
    return (await this.#parts.directory.contextOf(conversation)).channel.assign === undefined;
  }

  async unassign(conversation: Conversation): Promise<void> {
    const { connection, channel } = await this.#parts.directory.contextOf(conversation);
    if (channel.unassign) delivered(await channel.unassign(connection, conversation.endUser));
    await this.#show(conversation, undefined);
  }

  /**
   * Keeps a note with the channel, for the company's own people. `here`: the channel can't keep it or lets us not, so that it stays in the
   * thread, where it was written. It goes on no way that leads to an end user.
   */
  async note(
    conversation: Conversation,
    author: Person,
    text: string,
  ): Promise<{ kept: 'channel' } | { kept: 'here'; refusal?: ChannelRefusal }> {
    const { directory } = this.#parts;
    const { connection, channel } = await directory.contextOf(conversation);
    if (!channel.writeNote) return { kept: 'here' };
    const link = await directory.link(conversation.deskId, { personId: author.id });
    // The bot's notes say whose they are.
    const written = link ? text : `${author.name}: ${text}`;
    const outcome = await channel.writeNote(connection, conversation.endUser, written, link?.operatorId);
    if (outcome.kind === 'refused' && !outcome.transient) return { kept: 'here', refusal: new ChannelRefusal(outcome) };
    delivered(outcome);
    return { kept: 'channel' };
  }

  /** Changes the status, in the channel first, where it has one, and then on the card. */
  async changeStatus(conversation: Conversation, status: Conversation['status']): Promise<void> {
    const { directory, env, cards } = this.#parts;
    const { connection, channel } = await directory.contextOf(conversation);
    // What comes in while the channel is asked comes after this.
    const statusAt = env.now();
    if (channel.changeStatus) delivered(await channel.changeStatus(connection, conversation.endUser, status));
    const changed = await directory.changeConversation(conversation.id, (current) => ({
      ...current,
      status,
      statusAt,
      // Whoever closes it, or waits for the customer, has seen what was there.
      unansweredSince: status === 'open' ? current.unansweredSince : undefined,
    }));
    cards.refresh(changed.value, 'soon');
  }

  /** The last messages of a conversation, as the channel has them. */
  async history(conversation: Conversation, limit: number): Promise<Earlier> {
    const { directory } = this.#parts;
    const found = await earlierIn(conversation, directory, limit);
    if (!found) throw await this.#cannot(conversation, 'channel.noHistory');
    if ('kind' in found) throw new ChannelRefusal(found);
    return found;
  }

  async writeEvent(conversation: Conversation, name: string, values: Record<string, string>): Promise<void> {
    const { connection, channel } = await this.#parts.directory.contextOf(conversation);
    if (!channel.writeEvent) throw await this.#cannot(conversation, 'channel.noEvents');
    delivered(await channel.writeEvent(connection, conversation.endUser, name, values));
  }

  /** Why a conversation's channel lacks an ability. */
  async #cannot(conversation: Conversation, code: 'channel.noHistory' | 'channel.noEvents'): Promise<DeskError> {
    const { connection } = await this.#parts.directory.contextOf(conversation);
    return new DeskError(connection.disconnectedAt === undefined ? code : 'connection.disconnected');
  }

  async #show(conversation: Conversation, assignee: Assignee | undefined): Promise<void> {
    const changed = await this.#parts.directory.changeConversation(conversation.id, (current) => ({
      ...current,
      assignee,
    }));
    this.#parts.cards.refresh(changed.value, 'soon');
  }
}

function delivered(outcome: Outcome): Extract<Outcome, { kind: 'delivered' }> {
  if (outcome.kind !== 'delivered') throw new ChannelRefusal(outcome);
  return outcome;
}
