import { daysAfter, momentOf, wallOf, weekdayOf } from './localTime.ts';

/** When a desk is there for its customers. */
export interface BusinessHours {
  /** 0 = Sunday … 6 = Saturday. None = always open: then nothing else here counts. */
  days: number[];
  /** Minutes since midnight. A day whose end is not after its beginning ends on the next day; 0 to 0 is all day. */
  from: number;
  to: number;
  /** The IANA name of the time zone, such as `Asia/Tokyo`. */
  zone: string;
  /** Closed on Japan's holidays. */
  holidays: boolean;
}

/** Whether this day (YYYY-MM-DD) is a holiday in Japan. */
export type IsHoliday = (date: string) => boolean;

/** The longest row of closed days that is looked past: who opens only on some holiday that never comes never opens. */
const FAR = 1_000;

interface Interval {
  opens: number;
  closes: number;
}

/** Whether the desk is there at this moment (Unix ms). */
export function isOpen(hours: BusinessHours, at: number, isHoliday: IsHoliday): boolean {
  if (hours.days.length === 0) return true;
  const [next] = intervals(hours, at, isHoliday);
  return next !== undefined && next.opens <= at;
}

/** This moment if the desk is there then, else the next at which it opens (Unix ms); `undefined` when it does not. */
export function whenOpen(hours: BusinessHours, at: number, isHoliday: IsHoliday): number | undefined {
  if (hours.days.length === 0) return at;
  const [next] = intervals(hours, at, isHoliday);
  return next && Math.max(next.opens, at);
}

/** The moment at which the desk will have been open for so long (ms) since another moment (both Unix ms); `undefined` when it never is. */
export function afterOpen(hours: BusinessHours, since: number, ms: number, isHoliday: IsHoliday): number | undefined {
  if (hours.days.length === 0) return since + ms;
  let left = ms;
  for (const { opens, closes } of intervals(hours, since, isHoliday)) {
    const begins = Math.max(opens, since);
    if (closes - begins >= left) return begins + left;
    left -= closes - begins;
  }
  return undefined;
}

/** What of the desk's hours ends after this moment, the first one first. What begins on a day goes by that day, past midnight too. */
function* intervals(hours: BusinessHours, after: number, isHoliday: IsHoliday): Generator<Interval> {
  const { days, from, to, zone, holidays } = hours;
  const today = wallOf(after, zone).date;
  // Yesterday's may still go on.
  for (let ahead = -1; ahead < FAR; ahead += 1) {
    const date = daysAfter(today, ahead);
    if (!days.includes(weekdayOf(date)) || (holidays && isHoliday(date))) continue;
    const opens = momentOf({ date, minutes: from }, zone);
    const closes = momentOf({ date: to > from ? date : daysAfter(date, 1), minutes: to }, zone);
    if (closes > after && closes > opens) yield { opens, closes };
  }
}
