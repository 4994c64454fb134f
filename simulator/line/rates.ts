/** Kinds of calls that have a limit of their own, for each account and method. */
export type BucketKind = 'hourly' | 'endpoint' | 'loading' | 'shortToken' | 'other';

/** `[calls, in so many ms]`, as a token bucket: it holds that many and fills evenly. */
export type Buckets = Record<BucketKind, readonly [number, number]>;

/** The documented rate limits. https://developers.line.biz/en/reference/messaging-api/#rate-limits */
export const documentedBuckets: Buckets = {
  hourly: [60, 3_600_000],
  endpoint: [1_000, 60_000],
  loading: [100, 1_000],
  shortToken: [370, 1_000],
  other: [2_000, 1_000],
};

/** Token buckets: says of each call whether it is still allowed. */
export class Rates {
  readonly #now: () => number;
  #enforced: boolean;
  #buckets = documentedBuckets;
  readonly #levels = new Map<string, { left: number; at: number }>();

  /** `now` in ms. */
  constructor(now: () => number, enforced: boolean) {
    this.#now = now;
    this.#enforced = enforced;
  }

  /** From now on the limits hold, with these in place of the documented ones; what was spent before is forgotten. */
  enforce(buckets: Partial<Buckets> = {}): void {
    this.#enforced = true;
    this.#buckets = { ...documentedBuckets, ...buckets };
    this.#levels.clear();
  }

  /** Takes one from the bucket of a kind at a place; false = it is empty. */
  spend(kind: BucketKind, place: string): boolean {
    if (!this.#enforced) return true;
    const [most, inMs] = this.#buckets[kind];
    const now = this.#now();
    const key = `${kind} ${place}`;
    const { left, at } = this.#levels.get(key) ?? { left: most, at: now };
    const level = Math.min(most, left + ((now - at) * most) / inMs);
    const allowed = level >= 1;
    this.#levels.set(key, { left: allowed ? level - 1 : level, at: now });
    return allowed;
  }
}
