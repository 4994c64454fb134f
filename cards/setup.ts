import type { Say } from '../src/text/text.ts';
import { adaptiveCard, type Card, type Drawn, line } from './card.ts';

/** The values of the form, in the order of the four-value command; `secret` ones are masked and never shown again. */
export const setupFields = [
  { id: 'apiKey', secret: false, required: true },
  { id: 'accessToken', secret: true, required: true },
  { id: 'botId', secret: false, required: true },
  { id: 'clientSecret', secret: true, required: true },
  { id: 'projectId', secret: false, required: false },
] as const;

export type SetupField = (typeof setupFields)[number]['id'];

/** Offers the form, so that secrets never stand in a Teams channel. Whoever presses the button is checked when it opens. */
export function setupOfferCard(say: Say): Drawn {
  const title = say('setup.offer');
  const open = {
    type: 'Action.Submit',
    title: say('setup.open'),
    style: 'positive',
    data: { madoguchi: 'setup', msteams: { type: 'task/fetch' } },
  };
  return {
    card: adaptiveCard(title, [line(title, { weight: 'Bolder' }), line(say('setup.offerText'))], [open]),
    summary: title,
  };
}

/** The form itself. `problem` says why it is shown again; what was typed stays, secrets excepted: they are typed anew. */
export function setupForm(say: Say, problem?: string, typed: Partial<Record<SetupField, string>> = {}): Card {
  const title = say('setup.formTitle');
  const inputs = setupFields.map(({ id, secret, required }) => ({
    type: 'Input.Text',
    id,
    label: say(`setup.${id}`),
    isRequired: required,
    maxLength: 500,
    ...(required ? { errorMessage: say('setup.required') } : {}),
    ...(secret ? { style: 'Password' } : { value: typed[id] ?? '' }),
  }));
  const submit = {
    type: 'Action.Submit',
    title: say('setup.save'),
    style: 'positive',
    data: { madoguchi: 'setup' },
  };
  return adaptiveCard(title, [...(problem ? [line(problem, { color: 'Attention' })] : []), ...inputs], [submit]);
}
