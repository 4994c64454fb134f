import { brief } from '../../cards/card.ts';
import { IN_A_POST } from '../../cards/history.ts';
import { choiceInput, numberInput, textInput } from '../../cards/inputs.ts';
import { type SettingField, toggle, wholeNumber, withRules, wrong } from './field.ts';
import { hoursFields } from './hoursFields.ts';

const MOST_HISTORY = IN_A_POST;
/** Some five days of eight hours. */
const MOST_MINUTES = 2_400;
const LONGEST_AWAY = 1_000;
const MOST_CAPACITY = 999;
const HAND_OUT = {
  off: 'settings.handOutOff',
  roundRobin: 'settings.handOutInTurn',
  leastOpen: 'settings.handOutLeastOpen',
} as const;
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
    id: 'handOut',
    input: (typed, say) => {
      const choices = Object.entries(HAND_OUT).map(([value, name]) => ({ value, title: say(name) }));
      return choiceInput({ id: 'handOut', label: say('settings.handOut'), typed }, choices);
    },
    typedOf: ({ rules }) => rules.handOut,
    async read({ handOut }) {
      if (handOut !== 'off' && handOut !== 'roundRobin' && handOut !== 'leastOpen')
        return wrong('settings.wrongChoice', { field: Object.keys(HAND_OUT).join(' / ') });
      return withRules({ handOut });
    },
    told: ({ rules: { handOut, capacity } }, say) => [
      say('settings.handOut'),
      handOut !== 'off' && capacity > 0
        ? say('settings.handOutUpTo', { rule: say(HAND_OUT[handOut]), most: capacity })
        : say(HAND_OUT[handOut]),
    ],
  },
  {
    id: 'capacity',
    input: (typed, say) =>
      numberInput({ id: 'capacity', label: say('settings.capacityLabel'), typed }, 0, MOST_CAPACITY),
    typedOf: ({ rules }) => String(rules.capacity),
    async read({ capacity = '' }) {
      const most = wholeNumber(capacity, MOST_CAPACITY);
      if (most === undefined) return wrong('settings.wrongCapacity', { most: String(MOST_CAPACITY) });
      return withRules({ capacity: most });
    },
  },
  ...hoursFields,
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
