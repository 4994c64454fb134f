import { type Conversation, heard } from './conversation.ts';
import type { Directory } from './directory.ts';
import { PRIORITY } from './gate.ts';
import type { Gates } from './gates.ts';
import { lastSaid } from './lastSaid.ts';
import type { Environment, Records, TeamsPort } from './ports.ts';

/** How long a change waits for others to be drawn with it (ms): of what a person has done, and of what was said. */
const WAIT = { soon: 300, later: 3_000 };

/** How often a card that Teams did not take is tried again, and the wait before each (ms). */
const TRIES = [2_000, 10_000, 60_000];

/** When the Teams channel has no call to spare, its cards wait this long (ms): messages come first. */
const SPARE_LATER = 3_000;

/** Keeps root cards true: draws them anew some time after a change, never in the way of a message. */
export class RootCards {
  readonly #records: Records;
  readonly #directory: Directory;
  readonly #teams: TeamsPort;
  readonly #gates: Gates;
  readonly #env: Environment;
  readonly #waiting = new Map<string, { at: number; cancel(): void }>();
  #closed = false;

  constructor(records: Records, directory: Directory, teams: TeamsPort, gates: Gates, env: Environment) {
    this.#records = records;
    this.#directory = directory;
    this.#teams = teams;
    this.#gates = gates;
    this.#env = env;
  }

  refresh(conversation: Conversation, when: keyof typeof WAIT): void {
    if (conversation.thread) this.#plan(conversation.id, WAIT[when], 0);
  }

  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  /** A drawing that is planned already shows this change too; a later one would come later with each change. */
  #plan(id: string, wait: number, tried: number): void {
    const at = this.#env.elapsed() + wait;
    const planned = this.#waiting.get(id);
    if (this.#closed || (planned && planned.at <= at)) return;
    planned?.cancel();
    const cancel = this.#env.later(wait, () => {
      this.#waiting.delete(id);
      this.#draw(id, tried).catch((error: unknown) => {
        this.#env.log.warn({ err: error, conversationId: id }, 'a card could not be drawn anew');
        this.#again(id, tried);
      });
    });
    this.#waiting.set(id, { at, cancel });
  }

  async #draw(id: string, tried: number): Promise<void> {
    const { value } = await this.#directory.changeConversation(id, (conversation) => conversation);
    if (!value.thread) return;
    const gate = this.#gates.of(value.room);
    if (gate && !gate.hasSpare) return this.#plan(id, SPARE_LATER, tried);
    const last = await lastSaid(this.#records, value);
    const current = await this.#overtaken(value, last);
    const view = { ...(await this.#directory.rootView(current)), last: last?.message };
    const done = await gate?.turn({
      kind: 'send',
      priority: PRIORITY.card,
      order: this.#env.now() * 1000,
      tenant: this.#gates.tenant(view.desk.tenantId),
    });
    const outcome = await this.#teams.updateRoot(view).finally(done);
    if (outcome.kind === 'delivered') return;
    this.#env.log.warn({ conversationId: id, code: outcome.code }, 'Teams did not take the new card');
    const wish = outcome.kind === 'refused' ? (outcome.retryAfter ?? 0) : 0;
    if (outcome.kind === 'unknown' || outcome.transient) this.#again(id, tried, wish);
  }

  #again(id: string, tried: number, wish = 0): void {
    const wait = TRIES[tried];
    if (wait !== undefined) this.#plan(id, Math.max(wait, wish), tried + 1);
  }

  /** A message may have come in while somebody was closing the conversation, or have crossed an answer: seen by neither, it waits all the same. */
  async #overtaken(conversation: Conversation, last: Awaited<ReturnType<typeof lastSaid>>): Promise<Conversation> {
    const { statusAt = 0, unansweredSince } = conversation;
    const seen = last?.message.author.kind !== 'endUser' || unansweredSince !== undefined || last.at <= statusAt;
    if (seen) return conversation;
    return (await this.#directory.changeConversation(conversation.id, (current) => heard(current, [last.at]))).value;
  }
}
