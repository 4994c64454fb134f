import type { Say } from '../src/text/text.ts';
import { adaptiveCard, type Card, type Drawn, line, verbatim } from './card.ts';

/** How the desk works, in plain words: a title and what is chosen, which may be words of an admin. Whoever presses the button is checked when it opens. */
export function settingsCard(rows: readonly (readonly [string, string])[], say: Say): Drawn {
  const title = say('settings.title');
  const told = rows.flatMap(([name, value]) => [
    line(name, { isSubtle: true, size: 'Small', spacing: 'Medium' }),
    verbatim(value, {}),
  ]);
  const open = {
    type: 'Action.Submit',
    title: say('settings.open'),
    data: { madoguchi: 'settings', msteams: { type: 'task/fetch' } },
  };
  return {
    card: adaptiveCard(title, [line(title, { weight: 'Bolder', size: 'Medium' }), ...told], [open]),
    summary: title,
  };
}

/** The form with its inputs; `problems` say why it is shown again, and quote what was typed. */
export function settingsForm(inputs: object[], say: Say, problems: readonly string[] = []): Card {
  const save = {
    type: 'Action.Submit',
    title: say('settings.save'),
    style: 'positive',
    data: { madoguchi: 'settings' },
  };
  const told = problems.map((problem) => verbatim(problem, { color: 'Attention' }));
  return adaptiveCard(say('settings.title'), [...told, ...inputs], [save]);
}
