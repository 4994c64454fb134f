import type { Person } from '../src/desk/settings.ts';
import type { Say } from '../src/text/text.ts';
import { adaptiveCard, brief, type Card, line } from './card.ts';

/** More than these would fill the card; the command takes anybody by mention. */
const MOST_SHOWN = 100;

/** What stands for nobody among the people to choose from. */
export const NOBODY = 'nobody';

/** Somebody who can be chosen, with the name that end users see. */
export interface Choosable {
  person: Person;
  operatorName?: string;
}

/** The form that makes somebody the assignee: people by name, today's one chosen. `some`: not all who could be chosen are known here. */
export function assignForm(
  people: readonly Choosable[],
  { current, some }: { current?: string; some: boolean },
  say: Say,
  problem?: string,
): Card {
  const sorted = people.toSorted((a, b) => a.person.name.localeCompare(b.person.name, 'ja'));
  const choices = [
    { title: say('root.nobody'), value: NOBODY },
    ...sorted.slice(0, MOST_SHOWN).map(({ person, operatorName }) => ({
      title: brief(
        operatorName && operatorName !== person.name ? `${person.name}（${operatorName}）` : person.name,
        60,
      ),
      value: person.id,
    })),
  ];
  const input = {
    type: 'Input.ChoiceSet',
    id: 'person',
    label: say('assign.whom'),
    isRequired: true,
    errorMessage: say('assign.required'),
    choices,
    value: people.some(({ person }) => person.id === current) ? current : NOBODY,
  };
  const hint =
    sorted.length > MOST_SHOWN
      ? say('assign.more', { count: MOST_SHOWN })
      : say(some ? 'assign.some' : 'assign.onlyLinked');
  const body = [
    ...(problem ? [line(problem, { color: 'Attention' })] : []),
    input,
    line(hint, { isSubtle: true, size: 'Small' }),
  ];
  const submit = { type: 'Action.Submit', title: say('assign.save'), style: 'positive', data: { madoguchi: 'assign' } };
  return adaptiveCard(say('assign.title'), body, [submit]);
}
