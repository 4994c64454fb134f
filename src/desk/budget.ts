/** At most `calls` within any `ms`. */
export interface Limit {
  calls: number;
  ms: number;
}

/** What was spent, as it is stored: at `at` (Unix ms) there were `[age in ms, calls of that age]`, oldest first. */
export interface BudgetState {
  at: number;
  spent: [age: number, calls: number][];
}

/** Ages are stored to a sixteenth, rounded towards now: after a hand-over too little is spent rather than too much. */
const GRAIN = 16;

/**
 * How many calls an outside system still takes. Its windows slide over the moments at which calls *arrive* there, which lie between
 * our start and our end of a call: a call counts as happening now while it is under way, and at its end afterwards, so that no network
 * delay can put more into a window than it takes. Times are those of a clock that is never set (ms).
 */
export class Budget {
  readonly #limits: readonly Limit[];
  readonly #longest: number;
  /** When finished calls ended, ascending. */
  #ended: number[] = [];
  #underWay = 0;

  constructor(limits: readonly Limit[]) {
    this.#limits = limits;
    this.#longest = Math.max(0, ...limits.map(({ ms }) => ms));
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** How long until one more call may start (ms): 0 = now, Infinity = when a call under way has ended. */
  wait(now: number): number {
    let wait = 0;
    for (const { calls, ms } of this.#limits) {
      const room = calls - this.#underWay;
      if (room <= 0) return Number.POSITIVE_INFINITY;
      // The call that has to leave the window before one more fits in.
      const blocking = this.#ended[this.#ended.length - room];
      if (blocking !== undefined) wait = Math.max(wait, blocking + ms + 1 - now);
    }
    return wait;
  }

  begin(): void {
    this.#underWay += 1;
  }

  end(now: number): void {
    this.#underWay -= 1;
    if (this.#limits.length > 0) this.#ended.push(now);
    if (this.#ended.length > 0 && (this.#ended[0] as number) <= now - 2 * this.#longest) this.#forget(now);
  }

  /** How many calls may start at once now; Infinity without limits. */
  left(now: number): number {
    return this.#limits.reduce((least, { calls, ms }) => {
      const within = this.#underWay + this.#ended.filter((end) => end > now - ms).length;
      return Math.min(least, Math.max(0, calls - within));
    }, Number.POSITIVE_INFINITY);
  }

  /** What to store; `wall` is the time of day (Unix ms). */
  state(now: number, wall: number): BudgetState {
    this.#forget(now);
    const spent: BudgetState['spent'] = [];
    const add = (age: number, calls: number) => {
      const last = spent.at(-1);
      if (last?.[0] === age) last[1] += calls;
      else spent.push([age, calls]);
    };
    for (const end of this.#ended) {
      const age = Math.max(0, now - end);
      const grain = Math.max(1, 2 ** Math.floor(Math.log2(age / GRAIN + 1)));
      add(Math.floor(age / grain) * grain, 1);
    }
    if (this.#underWay > 0) add(0, this.#underWay);
    return { at: wall, spent };
  }

  /**
   * Goes on where an earlier driver was. `gap` (ms): for so long it may have gone on spending after it stored this, if it did not
   * leave in order; what the limits would have let it spend counts as spent, at the latest moments they allow.
   */
  resume({ at, spent }: BudgetState, now: number, wall: number, gap: number): void {
    const since = Math.max(0, wall - at);
    const stored = spent.flatMap(([age, calls]) => Array<number>(calls).fill(now - since - age));
    this.#ended = [...stored, ...this.#spendable(now - since + Math.min(gap, since), gap)].sort((a, b) => a - b);
    this.#forget(now);
  }

  /**
   * When calls could have ended within the last `length` ms before `end`, each as late as can be. The clock may have been set, so that
   * the length is not cut to what seems to have passed.
   */
  #spendable(end: number, length: number): number[] {
    if (length <= 0 || this.#limits.length === 0) return [];
    const backwards = new Budget(this.#limits);
    for (let back = backwards.wait(0); back <= length; back += backwards.wait(back)) backwards.#ended.push(back);
    return backwards.#ended.map((back) => end - back);
  }

  #forget(now: number): void {
    const first = this.#ended.findIndex((end) => end > now - this.#longest);
    this.#ended = first === -1 ? [] : this.#ended.slice(first);
  }
}
