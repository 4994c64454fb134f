import fc from 'fast-check';
import { afterOpen, type BusinessHours, isOpen, whenOpen } from '../../../src/desk/hours.ts';
import { daysAfter, momentOf, type Wall, wallOf, weekdayOf } from '../../../src/desk/localTime.ts';

const MINUTE = 60_000;
const week = [1, 2, 3, 4, 5];
const tokyo: BusinessHours = { days: week, from: 9 * 60, to: 18 * 60, zone: 'Asia/Tokyo', holidays: true };
const noHoliday = () => false;
const at = (text: string) => Date.parse(`${text}+09:00`);

describe('business hours', () => {
  test.each([
    ['2026-11-25T08:59:59', false],
    ['2026-11-25T09:00', true],
    ['2026-11-25T17:59:59', true],
    ['2026-11-25T18:00', false],
    ['2026-11-28T12:00', false],
  ])('on %s the desk is there: %s', (moment, open) => {
    expect(isOpen(tokyo, at(moment), noHoliday)).toBe(open);
  });

  test('stop on a holiday, where the desk says so', () => {
    const isHoliday = (date: string) => date === '2026-11-23';
    expect(isOpen(tokyo, at('2026-11-23T12:00'), isHoliday)).toBe(false);
    expect(isOpen({ ...tokyo, holidays: false }, at('2026-11-23T12:00'), isHoliday)).toBe(true);
    expect(whenOpen(tokyo, at('2026-11-20T18:30'), isHoliday)).toBe(at('2026-11-24T09:00'));
  });

  test('without days never end', () => {
    const always = { ...tokyo, days: [] };
    expect(isOpen(always, at('2026-11-28T03:00'), () => true)).toBe(true);
    expect(afterOpen(always, 5, 7, () => true)).toBe(12);
  });

  test('that last past midnight belong to the day they begin on', () => {
    const night = { ...tokyo, days: [5], from: 22 * 60, to: 2 * 60 };
    expect(isOpen(night, at('2026-11-27T21:59'), noHoliday)).toBe(false);
    expect(isOpen(night, at('2026-11-28T01:59'), noHoliday)).toBe(true);
    expect(isOpen(night, at('2026-11-27T01:00'), noHoliday)).toBe(false);
    // Friday is a holiday: its night is too.
    expect(isOpen(night, at('2026-11-28T01:00'), (date) => date === '2026-11-27')).toBe(false);
  });

  test('from 0 to 0 are whole days, one after the other', () => {
    const days = { ...tokyo, days: [1, 2], from: 0, to: 0 };
    expect(isOpen(days, at('2026-11-23T23:59'), noHoliday)).toBe(true);
    expect(isOpen(days, at('2026-11-25T00:00'), noHoliday)).toBe(false);
    expect(afterOpen(days, at('2026-11-23T00:00'), 30 * 60 * MINUTE, noHoliday)).toBe(at('2026-11-24T06:00'));
  });

  test('are counted over nights, weekends and holidays', () => {
    const isHoliday = (date: string) => date === '2026-11-23';
    const due = (since: string, minutes: number) => afterOpen(tokyo, at(since), minutes * MINUTE, isHoliday);
    expect(due('2026-11-25T10:00', 30)).toBe(at('2026-11-25T10:30'));
    expect(due('2026-11-25T23:00', 30)).toBe(at('2026-11-26T09:30'));
    expect(due('2026-11-20T17:50', 30)).toBe(at('2026-11-24T09:20'));
    expect(due('2026-11-25T09:00', 540)).toBe(at('2026-11-25T18:00'));
    expect(due('2026-11-25T09:00', 541)).toBe(at('2026-11-26T09:01'));
  });

  test('of a desk that is closed every day never come', () => {
    expect(whenOpen(tokyo, at('2026-11-25T10:00'), () => true)).toBeUndefined();
    expect(afterOpen(tokyo, at('2026-11-25T10:00'), MINUTE, () => true)).toBeUndefined();
  });
});

describe('clocks that are put forward and back', () => {
  const berlin = 'Europe/Berlin';
  const utc = (text: string) => Date.parse(`${text}Z`);

  test('show a time that is left out when they are put forward', () => {
    expect(momentOf({ date: '2027-03-28', minutes: 2 * 60 + 30 }, berlin)).toBe(utc('2027-03-28T01:00'));
  });

  test('show a time that comes twice for the first time', () => {
    expect(momentOf({ date: '2026-10-25', minutes: 2 * 60 + 30 }, berlin)).toBe(utc('2026-10-25T00:30'));
  });

  test('left a whole day out in Samoa', () => {
    expect(momentOf({ date: '2011-12-30', minutes: 9 * 60 }, 'Pacific/Apia')).toBe(utc('2011-12-30T10:00'));
    const hours = { ...tokyo, zone: 'Pacific/Apia' };
    expect(whenOpen(hours, utc('2011-12-30T09:00'), noHoliday)).toBe(utc('2012-01-01T19:00'));
  });
});

const LENGTH = 5 * 1440;
const walls = new Map<string, Wall[]>();

/** What the clocks show in each minute of five days. */
function wallsOf(zone: string, since: number): Wall[] {
  const key = `${zone} ${since}`;
  const known = walls.get(key) ?? Array.from({ length: LENGTH }, (_, minute) => wallOf(since + minute * MINUTE, zone));
  walls.set(key, known);
  return known;
}

/** Whether the desk is there, minute by minute, from what the clocks show and nothing else. */
function walk(hours: BusinessHours, since: number, isHoliday: (date: string) => boolean): boolean[] {
  const { days, from, to, zone, holidays } = hours;
  const wall = wallsOf(zone, since);
  const reached = (date: string, wanted: number) =>
    wall.findIndex((shown) => shown.date > date || (shown.date === date && shown.minutes >= wanted));
  const open = new Array<boolean>(LENGTH).fill(false);
  const last = wall.at(-1)?.date ?? '';
  for (let date = wall[0]?.date ?? ''; date <= last; date = daysAfter(date, 1)) {
    if (!days.includes(weekdayOf(date)) || (holidays && isHoliday(date))) continue;
    const closes = reached(to > from ? date : daysAfter(date, 1), to);
    const opens = reached(date, from);
    if (opens !== -1) open.fill(true, opens, closes === -1 ? LENGTH : closes);
  }
  return open;
}

describe('whatever the hours and the zone', () => {
  const zones = [
    'Asia/Tokyo',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Africa/Casablanca',
    'Pacific/Chatham',
    'Africa/Cairo',
  ];
  /** Where clocks are put forward or back somewhere within the days after, and an ordinary day. */
  const starts = ['2026-03-07', '2026-03-27', '2026-04-03', '2026-04-23', '2026-09-26', '2026-10-03', '2026-10-24'];
  const cases = fc.record({
    zone: fc.constantFrom(...zones),
    start: fc.constantFrom(...starts, '2026-10-31', '2026-11-24'),
    days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 0, max: 1439 }),
    skip: fc.integer({ min: 1441, max: 2 * 1440 }),
    wait: fc.integer({ min: 1, max: 1500 }),
    holiday: fc.integer({ min: 0, max: 5 }),
  });

  test('they say what a walk minute by minute finds', () => {
    fc.assert(
      fc.property(cases, ({ zone, start, days, from, to, skip, wait, holiday }) => {
        const hours: BusinessHours = { days, from, to, zone, holidays: true };
        const isHoliday = (date: string) => date === daysAfter(start, holiday);
        const begin = Date.parse(`${start}T00:00Z`);
        // What began before the walk is over after a day.
        const open = walk(hours, begin, isHoliday);
        const since = begin + skip * MINUTE;
        for (let minute = skip; minute < LENGTH; minute += 37)
          expect(isOpen(hours, begin + minute * MINUTE, isHoliday)).toBe(open[minute]);
        const next = open.indexOf(true, skip);
        if (next !== -1) expect(whenOpen(hours, since, isHoliday)).toBe(begin + next * MINUTE);
        let left = wait;
        const ends = open.findIndex((is, minute) => minute >= skip && is && --left === 0);
        if (ends !== -1) expect(afterOpen(hours, since, wait * MINUTE, isHoliday)).toBe(begin + (ends + 1) * MINUTE);
      }),
      { numRuns: 30 },
    );
  });

  test('a moment and what the clocks show lead back to each other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 27_000_000, max: 32_000_000 }), (zone, minute) => {
        const shown = wallOf(minute * MINUTE, zone);
        const back = momentOf(shown, zone);
        expect(back).toBeLessThanOrEqual(minute * MINUTE);
        expect(wallOf(back, zone)).toEqual(shown);
      }),
      { numRuns: 300 },
    );
  });
});
