import type { KarteProject, SimulatorState } from '../state.ts';
import { h, onChange, type Piece } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { copy } from './notices.ts';

/** The simulated project's values, each with a button that copies it: what `setup` and `operator link` ask for. */
export function karteValues(): Piece<SimulatorState> {
  const element = h('details', { class: 'karte-values', 'data-testid': 'karte-values' });
  const update = onChange<SimulatorState>(
    ({ project }) => JSON.stringify([t('karteValues'), project]),
    ({ project }) => {
      const rows = rowsOf(project).flatMap(([name, value]) => [
        h('dt', {}, name),
        h('dd', {}, h('code', {}, value), copyButton(name, value)),
      ]);
      element.replaceChildren(h('summary', {}, t('karteValues')), h('dl', {}, ...rows));
    },
  );
  return { element, update };
}

function rowsOf(project: KarteProject): [string, string][] {
  return [
    ['api_key', project.apiKey],
    ['access_token', project.accessToken],
    ['bot_id', project.botId],
    ['client_secret', project.clientSecret],
    ...project.operators.map(({ id, name }): [string, string] => [t('assignIdOf', { name }), id]),
  ];
}

/** A button that copies a value and says which. */
export function copyButton(name: string, value: string): HTMLElement {
  const label = t('copyValue', { name });
  return h(
    'button',
    { type: 'button', class: 'plain', 'aria-label': label, title: label, onclick: () => copy(value) },
    icon('copy'),
  );
}
