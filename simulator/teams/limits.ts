export type LimitKind = 'send' | 'create' | 'members' | 'conversations' | 'membersUnpaged' | 'reactions' | 'overall';

/** Sliding windows of each kind, `[window in ms, calls]`: in any stretch of that length no more calls than that. */
export type Windows = Record<LimitKind, readonly (readonly [number, number])[]>;

/**
 * The documented rate limits of Teams for one bot, as sliding windows: `[window in ms, calls]`.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit ("thread" there = a whole Teams channel)
 * The page names no budget for updates; here they spend the one of sends, so that nobody counts on more.
 */
export const documentedWindows: Windows = {
  send: [
    [1_000, 7],
    [2_000, 8],
    [30_000, 60],
    [3_600_000, 1_800],
  ],
  create: [
    [1_000, 7],
    [2_000, 8],
    [30_000, 60],
    [3_600_000, 1_800],
  ],
  members: [
    [1_000, 14],
    [2_000, 16],
    [30_000, 120],
    [3_600_000, 3_600],
  ],
  conversations: [
    [1_000, 14],
    [2_000, 16],
    [30_000, 120],
    [3_600_000, 3_600],
  ],
  membersUnpaged: [[60_000, 5]],
  reactions: [[1_000, 2]],
  overall: [[1_000, 50]],
};

/** Counts the calls of each kind and place, and says how long a caller has to wait. */
export class Limits {
  readonly #now: () => number;
  #enforced: boolean;
  #windows = documentedWindows;
  readonly #taken = new Map<string, number[]>();

  /** `now` in ms, fractions count; a clock that is set while calls come would bend the windows. */
  constructor(now: () => number, enforced: boolean) {
    this.#now = now;
    this.#enforced = enforced;
  }

  /** From now on the limits hold, with these windows in place of the documented ones; what was spent before is forgotten. */
  enforce(windows: Partial<Windows> = {}): void {
    this.#enforced = true;
    this.#windows = { ...documentedWindows, ...windows };
    this.#taken.clear();
  }

  /** Spends `count` calls of a kind at a place. Answers 0, or the milliseconds to wait; then nothing was spent. */
  spend(kind: LimitKind, place: string, count = 1): number {
    if (!this.#enforced) return 0;
    const now = this.#now();
    const key = `${kind} ${place}`;
    const longest = Math.max(...this.#windows[kind].map(([length]) => length));
    const times = (this.#taken.get(key) ?? []).filter((time) => time > now - longest);
    this.#taken.set(key, times);
    const waits = this.#windows[kind].map(([length, calls]) => {
      // The call that has to leave the window before `count` more fit in.
      const blocking = times.at(-1 - Math.max(0, calls - count));
      return blocking === undefined ? 0 : blocking + length - now;
    });
    const wait = Math.max(0, ...waits);
    if (wait === 0) for (let i = 0; i < count; i++) times.push(now);
    return wait;
  }
}
