import { Cache } from './cache.ts';
import type { Environment, Records } from './ports.ts';

/** How long a count is believed (ms): what is handed out meanwhile is known from the claims. */
const BELIEVED = 2_000;

/** How many of a desk's newest conversations of each status are counted. */
const MOST = 2_000;

/** Which conversations that are not closed each operator has, by the channel's operator id. */
export class OpenCounts {
  readonly #records: Pick<Records, 'conversations'>;
  readonly #known: Cache<ReadonlyMap<string, ReadonlySet<string>>>;

  constructor(records: Pick<Records, 'conversations'>, env: Environment) {
    this.#records = records;
    this.#known = new Cache(env.elapsed, BELIEVED);
  }

  of(deskId: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return this.#known.get(deskId, () => this.#count(deskId));
  }

  async #count(deskId: string): Promise<Map<string, Set<string>>> {
    const find = (status: string) =>
      this.#records.conversations.find({ where: { deskId, status }, order: 'descending', limit: MOST });
    const found = (await Promise.all([find('open'), find('waiting')])).flat();
    const counts = new Map<string, Set<string>>();
    for (const { value } of found) {
      if (!value.assignee) continue;
      const theirs = counts.get(value.assignee.id) ?? new Set();
      counts.set(value.assignee.id, theirs.add(value.id));
    }
    return counts;
  }
}
