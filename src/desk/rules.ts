import type { DeskSettings } from './settings.ts';

/** How a desk works; its admins choose. */
export interface Rules {
  /** Only what is marked as a reply goes out (`reply <text>`, or text in triple back-ticks); everything else is a note. */
  guarded: boolean;
  /** How many earlier messages a new thread begins with; 0 = none. */
  history: number;
  /** Whether new conversations are given to those who take them: to whoever waited longest, or to whoever has the fewest open. */
  handOut: HandOutRule;
  /** How many open conversations one person is given at most by that; 0 = no limit. */
  capacity: number;
}

export type HandOutRule = 'off' | 'roundRobin' | 'leastOpen';

const first: Rules = { guarded: false, history: 10, handOut: 'off', capacity: 0 };

/** The rules of a desk, with what it has not chosen as every desk begins. */
export function rulesOf({ rules }: Pick<DeskSettings, 'rules'>): Rules {
  return { ...first, ...rules };
}

/** The largest capacity that somebody can mean. */
const MOST_AT_ONCE = 999;

/** What was chosen as the rule of handing out, if it is one. */
export function handOutIn(given: unknown): HandOutRule | undefined {
  return given === 'off' || given === 'roundRobin' || given === 'leastOpen' ? given : undefined;
}

/** What was typed as a capacity, in either width; nothing = no limit. `undefined`: no whole number from 0 to 999. */
export function capacityIn(given: unknown): number | undefined {
  const typed = String(given ?? '')
    .normalize('NFKC')
    .trim();
  if (typed === '') return 0;
  return /^\d{1,3}$/.test(typed) && Number(typed) <= MOST_AT_ONCE ? Number(typed) : undefined;
}
