/** A moment as a clock on the wall shows it there: the day, and the minutes since its midnight. */
export interface Wall {
  /** YYYY-MM-DD */
  date: string;
  minutes: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Making a formatter takes a hundred times as long as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a time zone (an IANA name) show at a moment (Unix ms). Throws a RangeError for a zone that nobody knows. */
export function wallOf(at: number, zone: string): Wall {
  const shown = shownAt(at, zone);
  return { date: dateOf(shown), minutes: Math.floor((shown % DAY) / MINUTE) };
}

/**
 * The first moment (Unix ms) at which the clocks of a zone show this much or later. Where clocks are put forward that is when they are;
 * where they are put back and show it twice, it is the first time.
 */
export function momentOf({ date, minutes }: Wall, zone: string): number {
  const wanted = Date.parse(`${date}T00:00Z`) + minutes * MINUTE;
  const offsets = [wanted - DAY, wanted + DAY].map((at) => shownAt(at, zone) - at);
  const exact = offsets.map((offset) => wanted - offset).filter((at) => shownAt(at, zone) === wanted);
  if (exact.length > 0) return Math.min(...exact);
  // Nobody's clock shows it: the clocks are put forward between these two.
  let before = wanted - Math.max(...offsets);
  let after = wanted - Math.min(...offsets);
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / MINUTE / 2) * MINUTE;
    if (shownAt(middle, zone) >= wanted) after = middle;
    else before = middle;
  }
  return after;
}

/** A day of the calendar, so many days later. */
export function daysAfter(date: string, days: number): string {
  return dateOf(Date.parse(`${date}T00:00Z`) + days * DAY);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00Z`).getUTCDay();
}

function dateOf(shown: number): string {
  return new Date(shown).toISOString().slice(0, 10);
}

/** What the clocks show, as if they stood in Greenwich (ms). */
function shownAt(at: number, zone: string): number {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatter.formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
