import { Cache } from '../desk/cache.ts';
import type { DeskSettings, Person } from '../desk/settings.ts';
import type { Poster } from './poster.ts';

/** A person as a team's roster knows them. */
export interface Member {
  person: Person;
  guest: boolean;
}

/** How long a roster's answer is believed (ms); a person who leaves is dropped at once where Teams tells us. */
const BELIEVED = 5 * 60_000;

/** Who belongs to a team. Every card click and every command that changes something is checked here. */
export class Members {
  readonly #poster: Poster;
  readonly #known: Cache<Member | undefined>;

  /** `elapsed` is a clock that is never set (ms). */
  constructor(poster: Poster, elapsed: () => number) {
    this.#poster = poster;
    this.#known = new Cache(elapsed, BELIEVED);
  }

  /** The member with this `29:` or Entra id; `undefined` for strangers, and when Teams can't be asked: in doubt, nobody. */
  async find(desk: DeskSettings, id: string): Promise<Member | undefined> {
    const key = `${desk.id}\n${id}`;
    const member = await this.#known.get(key, () => this.#ask(desk, id));
    // A refusal is asked again: the person may have been added a moment ago.
    if (!member) this.#known.forget(key);
    return member;
  }

  forget(desk: DeskSettings, ids: string[]): void {
    for (const id of ids) this.#known.forget(`${desk.id}\n${id}`);
  }

  async #ask(desk: DeskSettings, id: string): Promise<Member | undefined> {
    const path = `/v3/conversations/${encodeURIComponent(desk.id)}/members/${encodeURIComponent(id)}`;
    const { outcome, body } = await this.#poster.call('GET', desk.serviceUrl, path);
    if (outcome.kind !== 'delivered') return undefined;
    const {
      id: teamsId,
      name,
      aadObjectId,
      objectId,
      userRole,
      tenantId,
    } = (body ?? {}) as Record<string, string | undefined>;
    if (!teamsId) return undefined;
    const outside = tenantId !== undefined && tenantId !== desk.tenantId;
    return {
      person: { id: aadObjectId ?? objectId ?? teamsId, name: name ?? '', teamsId },
      guest: userRole === 'guest' || userRole === 'anonymous' || outside,
    };
  }
}
