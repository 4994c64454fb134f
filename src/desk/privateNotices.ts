import type { Directory } from './directory.ts';
import type { Gates } from './gates.ts';
import type { Environment, PrivateNotice, TeamsPort } from './ports.ts';
import { waitBefore } from './retryPlan.ts';
import type { Person } from './settings.ts';

/** What nobody was told after so many tries is not worth telling any more. */
const TRIES = 3;

interface Parts {
  directory: Directory;
  teams: TeamsPort;
  gates: Gates;
  env: Environment;
}

/** Tells one person something in a thread that the others need not read. Best effort: nothing hangs on it, and nothing waits for it. */
export class PrivateNotices {
  readonly #parts: Parts;
  /** What waits to be told once more. */
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Never rejects. Resolves after the first try; what Teams could not take just now is tried again later. */
  async tell(deskId: string, threadId: string, person: Person, notice: PrivateNotice, attempt = 1): Promise<void> {
    const { directory, teams, gates, env } = this.#parts;
    const { sentence } = notice;
    try {
      const desk = await directory.desk(deskId);
      if (!desk || this.#closed) return;
      const [room = ''] = threadId.split(';');
      const done = gates.spend(room, desk.tenantId);
      const outcome = await teams.tellPrivately(desk, threadId, person, notice).finally(done);
      if (outcome.kind === 'delivered') return;
      const wait = outcome.kind === 'refused' ? waitBefore(attempt, outcome, env.random()) : undefined;
      if (wait === undefined || attempt === TRIES)
        env.log.warn({ deskId, sentence, code: outcome.code }, 'a person could not be told');
      else this.#later(wait, () => void this.tell(deskId, threadId, person, notice, attempt + 1));
    } catch (error) {
      env.log.warn({ deskId, sentence, err: error }, 'a person could not be told');
    }
  }

  /** Nothing is told any more, nor told again. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }

  #later(ms: number, work: () => void): void {
    if (this.#closed) return;
    const cancel = this.#parts.env.later(ms, () => {
      this.#waiting.delete(cancel);
      work();
    });
    this.#waiting.add(cancel);
  }
}
