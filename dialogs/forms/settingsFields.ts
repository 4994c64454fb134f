import { brief } from '../../cards/card.ts';
import { choiceInput, numberInput, textInput, timeInput, toggleInput } from '../../cards/inputs.ts';
import type { BusinessHours } from '../../src/desk/hours.ts';
import type { Chosen, Rules } from '../../src/desk/rules.ts';
import type { Person } from '../../src/desk/settings.ts';
import type { Say, SentenceKey } from '../../src/text/text.ts';

/** What was typed into the form, by the ids of its inputs. */
export type Typed = Readonly<Record<string, string>>;

/** What the form needs to know of the desk beside what it has chosen. */
export interface Known {
  /** Who may be chosen to be mentioned. */
  people: readonly Person[];
  /** Whether a person is in the desk's team now. */
  isMember(personId: string): Promise<boolean>;
}

export type Change = (chosen: Chosen) => Chosen;

/** What is wrong with what was typed, as a sentence and its fillings. */
export interface Wrong {
  code: SentenceKey;
  values: Record<string, string>;
}

/**
 * One thing that admins choose. `typedOf` is what its input shows today; `read` makes a change of what was typed, or says what is wrong
 * with it; `told` is its row on the card, in plain words.
 */
export interface SettingField {
  id: string;
  input(typed: string, say: Say, known: Known): object;
  typedOf(chosen: Chosen): string;
  read(typed: Typed, known: Known): Promise<Change | Wrong>;
  told?(chosen: Chosen, say: Say): readonly [string, string];
}

const MOST_HISTORY = 50;
/** Some five days of eight hours. */
const MOST_MINUTES = 2_400;
const LONGEST_AWAY = 1_000;
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
const LANGUAGES = { ja: 'settings.language.ja', en: 'settings.language.en' } as const;

/** Everything that admins choose, in the order of the form. */
export const settingFields: readonly SettingField[] = [
  {
    id: 'language',
    input: (typed, say) => {
      const choices = Object.entries(LANGUAGES).map(([value, name]) => ({ value, title: say(name) }));
      return choiceInput({ id: 'language', label: say('settings.language'), typed }, choices);
    },
    typedOf: ({ locale }) => locale ?? '',
    async read({ language }) {
      if (language !== 'ja' && language !== 'en') return wrong('settings.wrongChoice', { field: 'ja / en' });
      return (chosen) => ({ ...chosen, locale: language });
    },
    told: ({ locale }, say) => [say('settings.language'), say(LANGUAGES[locale ?? 'ja'])],
  },
  {
    ...toggle(
      'guarded',
      'settings.guardedLabel',
      ({ rules }) => rules.guarded,
      (guarded) => withRules({ guarded }),
    ),
    told: ({ rules }, say) => [
      say('settings.guarded'),
      say(rules.guarded ? 'settings.guardedOn' : 'settings.guardedOff'),
    ],
  },
  {
    id: 'history',
    input: (typed, say) => numberInput({ id: 'history', label: say('settings.historyLabel'), typed }, 0, MOST_HISTORY),
    typedOf: ({ rules }) => String(rules.history),
    async read({ history = '' }) {
      const count = wholeNumber(history, MOST_HISTORY);
      if (count === undefined) return wrong('settings.wrongHistory');
      return withRules({ history: count });
    },
    told: ({ rules: { history: count } }, say) => [
      say('settings.history'),
      count > 0 ? say('settings.historyTold', { count }) : say('settings.historyNone'),
    ],
  },
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
  {
    id: 'remindAfter',
    input: (typed, say) =>
      numberInput({ id: 'remindAfter', label: say('settings.reminderLabel'), typed }, 0, MOST_MINUTES),
    typedOf: ({ rules }) => String(rules.remindAfter),
    async read({ remindAfter = '' }) {
      const minutes = wholeNumber(remindAfter, MOST_MINUTES);
      if (minutes === undefined) return wrong('settings.wrongReminder', { most: String(MOST_MINUTES) });
      return withRules({ remindAfter: minutes });
    },
    told: ({ rules: { remindAfter: minutes, remind } }, say) => [
      say('settings.reminder'),
      minutes > 0
        ? say('settings.reminderTold', { minutes, who: remind?.name ?? say('settings.remindNobody') })
        : say('settings.reminderNone'),
    ],
  },
  {
    id: 'remind',
    input: (typed, say, { people }) => {
      const choices = people.map(({ id, name }) => ({ value: id, title: brief(name, 40) || id }));
      const nobody = { value: 'nobody', title: say('settings.remindNobody') };
      return choiceInput({ id: 'remind', label: say('settings.remind'), typed }, [nobody, ...choices]);
    },
    typedOf: ({ rules }) => rules.remind?.id ?? 'nobody',
    async read({ remind: id = '' }, { people, isMember }) {
      if (id === 'nobody' || id === '') return withRules({ remind: undefined });
      const remind = people.find((person) => person.id === id);
      if (!remind || !(await isMember(id))) return wrong('settings.personLeft');
      return withRules({ remind });
    },
  },
  {
    id: 'away',
    input: (typed, say) => textInput({ id: 'away', label: say('settings.awayLabel'), typed }, LONGEST_AWAY, true),
    typedOf: ({ rules }) => rules.away,
    async read({ away = '', days = '' }) {
      const text = away.replace(/\r\n?/g, '\n').trim();
      if (text.length > LONGEST_AWAY) return wrong('settings.awayTooLong', { length: String(text.length) });
      if (text !== '' && days === '') return wrong('settings.awayAlways');
      return withRules({ away: text });
    },
    told: ({ rules }, say) => [say('settings.away'), rules.away || say('settings.awayNone')],
  },
];

function toggle(
  id: string,
  label: SentenceKey,
  is: (chosen: Chosen) => boolean,
  change: (on: boolean) => Change,
): SettingField {
  return {
    id,
    input: (typed, say) => toggleInput({ id, label: say(label), typed }),
    typedOf: (chosen) => String(is(chosen)),
    // A box that is not ticked may not come along.
    read: async (typed) => change(typed[id] === 'true'),
  };
}

function wrong(code: SentenceKey, values: Record<string, string> = {}): Wrong {
  return { code, values };
}

function withRules(rules: Partial<Rules>): Change {
  return (chosen) => ({ ...chosen, rules: { ...chosen.rules, ...rules } });
}

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

/** Full-width digits are digits too. */
function wholeNumber(typed: string, most: number): number | undefined {
  const digits = typed.normalize('NFKC').trim();
  return /^\d{1,6}$/.test(digits) && Number(digits) <= most ? Number(digits) : undefined;
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
