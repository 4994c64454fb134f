import type { Person, SimulatorState } from '../state.ts';
import { avatar } from './avatar.ts';
import { player, players } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import { t } from './language.ts';
import { look, view } from './view.ts';

interface Choice {
  person: Person;
  chosen: boolean;
}

/** In whose name this browser looks and writes: the team's people, as radio buttons with faces. */
export function personSwitch(): Piece<SimulatorState> {
  const legend = h('legend', { class: 'hidden' });
  const row = h('div', { class: 'switch' });
  const draw = keyedList<Choice>(row, ({ person }) => person.id, choicePiece);
  return {
    element: h('fieldset', { class: 'people', 'data-testid': 'person-switch' }, legend, row),
    update(now) {
      setText(legend, t('personSwitch'));
      draw(players(now).map((person) => ({ person, chosen: person.id === player(now).id })));
    },
  };
}

function choicePiece({ person: { id } }: Choice): Piece<Choice> {
  const face = avatar();
  const name = h('span', { class: 'name' });
  const radio = h('input', { type: 'radio', name: 'person', value: id, onchange: () => look({ personId: id }) });
  const element = h('label', { 'data-person-id': id }, radio, face.element, name);
  return {
    element,
    update({ person, chosen }) {
      face.update(person);
      setText(name, person.userRole === 'user' ? person.name : t('guestNamed', { name: person.name }));
      setAttribute(element, 'title', person.name);
      if (radio.checked !== chosen) radio.checked = chosen;
    },
  };
}

/** Desktop and mobile send a mention in different shapes; the switch chooses which one leaves this browser. */
export function clientSwitch(): Piece<void> {
  const legend = h('legend', { class: 'hidden' });
  const clients: { client: 'desktop' | 'mobile'; picture: IconName }[] = [
    { client: 'desktop', picture: 'desktop' },
    { client: 'mobile', picture: 'mobile' },
  ];
  const choices = clients.map(({ client, picture }) => {
    const radio = h('input', { type: 'radio', name: 'client', value: client, onchange: () => look({ client }) });
    const name = h('span', { class: 'hidden' });
    return { client, radio, name, element: h('label', {}, radio, icon(picture), name) };
  });
  const row = h('div', { class: 'switch' }, ...choices.map(({ element }) => element));
  return {
    element: h('fieldset', { class: 'clients', 'data-testid': 'client-switch' }, legend, row),
    update() {
      setText(legend, t('clientSwitch'));
      for (const { client, radio, name, element } of choices) {
        const word = t(client === 'mobile' ? 'mobile' : 'desktop');
        setText(name, word);
        setAttribute(element, 'title', word);
        radio.checked = (view().client === 'mobile') === (client === 'mobile');
      }
    },
  };
}
