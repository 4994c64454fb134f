import type { Say } from '../src/text/text.ts';
import { adaptiveCard, type Card, line } from './card.ts';

/** The longest note that the form takes (UTF-16 units); KARTE's own limit is not documented. */
export const LONGEST_NOTE = 2_000;

/** The form for a note. `problem` says why it is shown again; what was typed stays. */
export function noteForm(say: Say, problem?: string, typed = ''): Card {
  const input = {
    type: 'Input.Text',
    id: 'text',
    label: say('note.text'),
    isMultiline: true,
    isRequired: true,
    errorMessage: say('note.required'),
    maxLength: LONGEST_NOTE,
    value: typed,
  };
  const submit = { type: 'Action.Submit', title: say('note.save'), style: 'positive', data: { madoguchi: 'note' } };
  const body = [
    line(say('note.unseen'), { isSubtle: true }),
    ...(problem ? [line(problem, { color: 'Attention' })] : []),
    input,
  ];
  return adaptiveCard(say('note.title'), body, [submit]);
}
