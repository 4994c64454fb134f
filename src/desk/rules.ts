import { afterOpen, type BusinessHours, type IsHoliday } from './hours.ts';
import type { DeskSettings, Person } from './settings.ts';

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
  hours: BusinessHours;
  /** After so many minutes of business time without an answer the thread is reminded, once; 0 = never. */
  remindAfter: number;
  /** Whom the reminder mentions when the customer's assignee is not linked, or there is none. */
  remind?: Person;
  /** What a customer is told who writes outside of business hours; empty = nothing. */
  away: string;
}

export type HandOutRule = 'off' | 'roundRobin' | 'leastOpen';

const first: Rules = {
  guarded: false,
  history: 10,
  handOut: 'off',
  capacity: 0,
  hours: { days: [], from: 9 * 60, to: 18 * 60, zone: 'Asia/Tokyo', holidays: true },
  remindAfter: 0,
  away: '',
};

/** The rules of a desk, with what it has not chosen as every desk begins. */
export function rulesOf({ rules }: Pick<DeskSettings, 'rules'>): Rules {
  return { ...first, ...rules, hours: { ...first.hours, ...rules?.hours } };
}

/** What the admins of a desk choose. Without a `locale` the program's own counts. */
export interface Chosen {
  locale?: DeskSettings['locale'];
  rules: Rules;
}

/** When a customer who has waited since then is to be reminded of (both Unix ms); `undefined`: never. */
export function dueAfter({ hours, remindAfter }: Rules, since: number, isHoliday: IsHoliday): number | undefined {
  return remindAfter > 0 ? afterOpen(hours, since, remindAfter * 60_000, isHoliday) : undefined;
}
