import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { IsHoliday } from './hours.ts';
import type { Environment, Records } from './ports.ts';
import { Recent } from './recent.ts';
import { dueAfter, rulesOf } from './rules.ts';

interface Parts {
  records: Pick<Records, 'waits'>;
  env: Environment;
  directory: Directory;
  isHoliday: IsHoliday;
}

/** Notes when a thread is to be reminded of a customer who waits (reminders.ts looks for them). Nothing is written where the desk wants no reminders. */
export class Waits {
  readonly #parts: Parts;
  /** The wait of each conversation that was noted here. */
  readonly #noted = new Recent<number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Notes that the customer waits, once for each time; to be called whenever they may have begun to. Rejects with `store.unavailable`. */
  async note({ id: conversationId, deskId, unansweredSince: since }: Conversation): Promise<void> {
    if (since === undefined || this.#noted.get(conversationId) === since) return;
    const { records, env, directory, isHoliday } = this.#parts;
    const desk = await directory.desk(deskId);
    const dueAt = desk && dueAfter(rulesOf(desk), since, isHoliday);
    if (dueAt === undefined) return;
    // Perhaps it is there already: an earlier process has noted it.
    await records.waits.insert({ id: env.digest(`${conversationId}\n${since}`), conversationId, since, dueAt });
    this.#noted.set(conversationId, since);
  }
}
