import type { Delivery } from './delivery.ts';
import type { Directory } from './directory.ts';
import { PRIORITY } from './gate.ts';
import type { Gates } from './gates.ts';
import type { Environment, TeamsPort } from './ports.ts';
import type { Person } from './settings.ts';

/** Within this time one Teams channel calls its admins once (ms); what is parked meanwhile is counted. */
const FOLD = 5 * 60_000;

interface Parts {
  directory: Directory;
  teams: TeamsPort;
  gates: Gates;
  env: Environment;
}

/**
 * Tells admins, each privately, that something waits for a person, once its card stands in the thread. Best effort: where Teams has no
 * private messages, and after a restart, the card alone says it.
 */
export class Alarms {
  readonly #parts: Parts;
  /** By lane: the cards shown since the last call, and how to cancel the next one. */
  readonly #folding = new Map<string, { cards: Delivery[]; cancel: () => void }>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A card about a parked delivery was just shown. */
  shown(card: Delivery): void {
    if (this.#closed) return;
    const folding = this.#folding.get(card.lane);
    if (folding) folding.cards.push(card);
    else this.#call(card.lane, [card]);
  }

  /** Nobody is called any more. */
  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#folding.values()) cancel();
    this.#folding.clear();
  }

  #call(lane: string, cards: Delivery[]): void {
    const { env } = this.#parts;
    const cancel = env.later(FOLD, () => {
      const { cards: more = [] } = this.#folding.get(lane) ?? {};
      this.#folding.delete(lane);
      if (more.length > 0) this.#call(lane, more);
    });
    this.#folding.set(lane, { cards: [], cancel });
    this.#tell(lane, cards).catch((error: unknown) =>
      env.log.warn({ err: error, lane }, 'the admins could not be told of what is parked'),
    );
  }

  async #tell(lane: string, cards: Delivery[]): Promise<void> {
    const { directory, env } = this.#parts;
    const { conversationId } = cards.at(-1) as Delivery;
    const { value: conversation } = await directory.changeConversation(conversationId, (current) => current);
    const desk = await directory.desk(conversation.deskId);
    const { thread } = conversation;
    if (!desk || !thread) return;
    for (const admin of desk.admins) {
      // The card itself calls whoever wrote the message.
      const news = cards.filter((card) => authorOf(card)?.id !== admin.id).length;
      if (news === 0) continue;
      const done = await this.#turn(lane, desk.tenantId);
      if (this.#closed) return done?.();
      const outcome = await this.#parts.teams.tellOfParked(desk, thread.id, admin, news).finally(done);
      if (outcome.kind !== 'delivered')
        env.log.warn({ lane, code: outcome.code }, 'an admin was not told privately of what is parked');
    }
  }

  /** Behind everything that customers and operators wait for. */
  async #turn(lane: string, tenantId: string): Promise<(() => void) | undefined> {
    const { gates, env } = this.#parts;
    const wish = {
      kind: 'send',
      priority: PRIORITY.card,
      order: env.now() * 1000,
      tenant: gates.tenant(tenantId),
    } as const;
    return gates.of(lane)?.turn(wish);
  }
}

function authorOf({ content }: Delivery): Person | undefined {
  return content.type === 'failure' ? content.source?.person : undefined;
}
