import type { DeskSettings } from './settings.ts';

/** How a desk works; its admins choose. */
export interface Rules {
  /** Only what is marked as a reply goes out (`reply <text>`, or text in triple back-ticks); everything else is a note. */
  guarded: boolean;
  /** How many earlier messages a new thread begins with; 0 = none. */
  history: number;
}

const first: Rules = { guarded: false, history: 10 };

/** The rules of a desk, with what it has not chosen as every desk begins. */
export function rulesOf({ rules }: Pick<DeskSettings, 'rules'>): Rules {
  return { ...first, ...rules };
}
