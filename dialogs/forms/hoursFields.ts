import { choiceInput, textInput, timeInput } from '../../cards/inputs.ts';
import type { BusinessHours } from '../../src/desk/hours.ts';
import type { Say, SentenceKey } from '../../src/text/text.ts';
import { type Change, type SettingField, toggle, wrong } from './field.ts';

const WEEK = [1, 2, 3, 4, 5, 6, 0];
const DAYS: SentenceKey[] = [
  'settings.day.0',
  'settings.day.1',
  'settings.day.2',
  'settings.day.3',
  'settings.day.4',
  'settings.day.5',
  'settings.day.6',
];

/** When the desk is there. */
export const hoursFields: readonly SettingField[] = [
  {
    id: 'days',
    input: (typed, say) => {
      const choices = WEEK.map((day) => ({ value: String(day), title: dayName(day, say) }));
      return choiceInput({ id: 'days', label: say('settings.days'), typed }, choices, true);
    },
    typedOf: ({ rules }) => WEEK.filter((day) => rules.hours.days.includes(day)).join(','),
    async read({ days = '' }) {
      const chosen = days.split(',').filter((day) => day !== '');
      if (chosen.some((day) => !/^[0-6]$/.test(day))) return wrong('settings.wrongChoice', { field: days });
      return withHours({ days: WEEK.filter((day) => chosen.includes(String(day))) });
    },
    told: ({ rules }, say) => [say('settings.hours'), hoursTold(rules.hours, say)],
  },
  {
    id: 'from',
    input: (typed, say) => timeInput({ id: 'from', label: say('settings.from'), typed }),
    typedOf: ({ rules }) => timeOf(rules.hours.from).padStart(5, '0'),
    async read({ from = '' }) {
      const minutes = minutesOf(from);
      if (minutes === undefined) return wrong('settings.wrongFrom');
      return withHours({ from: minutes });
    },
  },
  {
    id: 'to',
    input: (typed, say) => timeInput({ id: 'to', label: say('settings.to'), typed }),
    typedOf: ({ rules }) => timeOf(rules.hours.to).padStart(5, '0'),
    async read({ from = '', to = '' }) {
      const minutes = minutesOf(to);
      if (minutes === undefined) return wrong('settings.wrongTo');
      if (minutes > 0 && minutes === minutesOf(from)) return wrong('settings.sameTimes');
      return withHours({ to: minutes });
    },
  },
  {
    id: 'zone',
    input: (typed, say) => textInput({ id: 'zone', label: say('settings.zone'), typed }, 60),
    typedOf: ({ rules }) => rules.hours.zone,
    async read({ zone = '' }) {
      const known = zoneOf(zone);
      if (!known) return wrong('settings.wrongZone', { zone: zone.slice(0, 60) });
      return withHours({ zone: known });
    },
  },
  toggle(
    'holidays',
    'settings.holidays',
    ({ rules }) => rules.hours.holidays,
    (holidays) => withHours({ holidays }),
  ),
];

function withHours(hours: Partial<BusinessHours>): Change {
  return ({ rules, ...chosen }) => ({ ...chosen, rules: { ...rules, hours: { ...rules.hours, ...hours } } });
}

function hoursTold({ days, from, to, zone, holidays }: BusinessHours, say: Say): string {
  if (days.length === 0) return say('settings.hoursAlways');
  const told = say('settings.hoursTold', {
    days: days.map((day) => dayName(day, say)).join(' '),
    from: timeOf(from),
    to: timeOf(to),
    zone,
  });
  return holidays ? `${told}\n${say('settings.hoursHolidays')}` : told;
}

function dayName(day: number, say: Say): string {
  return say(DAYS[day] ?? 'settings.day.0');
}

function minutesOf(typed: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)$/.exec(typed.normalize('NFKC').trim()) ?? [];
  return hours === undefined || Number(hours) > 23 ? undefined : Number(hours) * 60 + Number(minutes);
}

function timeOf(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The zone by its proper name; fixed offsets such as `+09:00` are no zones, as they know no summer time. */
function zoneOf(typed: string): string | undefined {
  const name = typed.normalize('NFKC').trim();
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
