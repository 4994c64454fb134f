import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { Environment, TeamsPort } from './ports.ts';

/** Changes that follow each other this closely are drawn once (ms). */
const DEBOUNCE = 300;

/** How often a card that Teams did not take is tried again, and the wait before each (ms). */
const TRIES = [2_000, 10_000, 60_000];

/** Keeps root cards true: draws them anew some time after a change, never in the way of a message. */
export class RootCards {
  readonly #directory: Directory;
  readonly #teams: TeamsPort;
  readonly #env: Environment;
  readonly #waiting = new Map<string, () => void>();

  constructor(directory: Directory, teams: TeamsPort, env: Environment) {
    this.#directory = directory;
    this.#teams = teams;
    this.#env = env;
  }

  refresh(conversation: Conversation): void {
    if (conversation.thread) this.#plan(conversation.id, DEBOUNCE, 0);
  }

  close(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #plan(id: string, wait: number, tried: number): void {
    this.#waiting.get(id)?.();
    const cancel = this.#env.later(wait, () => {
      this.#waiting.delete(id);
      this.#draw(id, tried).catch((error: unknown) =>
        this.#env.log.warn({ err: error, conversationId: id }, 'a card could not be drawn anew'),
      );
    });
    this.#waiting.set(id, cancel);
  }

  async #draw(id: string, tried: number): Promise<void> {
    const { value } = await this.#directory.changeConversation(id, (conversation) => conversation);
    if (!value.thread) return;
    const outcome = await this.#teams.updateRoot(await this.#directory.rootView(value));
    if (outcome.kind === 'delivered') return;
    this.#env.log.warn({ conversationId: id, code: outcome.code }, 'Teams did not take the new card');
    const again = outcome.kind === 'unknown' || outcome.transient ? TRIES[tried] : undefined;
    const wish = outcome.kind === 'refused' ? (outcome.retryAfter ?? 0) : 0;
    if (again !== undefined && !this.#waiting.has(id)) this.#plan(id, Math.max(again, wish), tried + 1);
  }
}
