import { avatar } from './avatar.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { t } from './language.ts';

/** Somebody in a list of customers. */
export interface ListedPerson {
  id: string;
  name: string;
  /** A word or two below the name. */
  about: string;
  /** How much this person has got so far. */
  received: number;
  shown: boolean;
}

interface Entry extends ListedPerson {
  unread: number;
}

/** Those who wrote or may write, in a row; a number stands beside whoever got something not yet looked at. */
export function personList(choose: (id: string) => void): Piece<{ label: string; people: ListedPerson[] }> {
  const seen = new Map<string, number>();
  const element = h('ul', { class: 'customer-list' });
  const draw = keyedList<Entry>(
    element,
    ({ id }) => id,
    (entry) => entryPiece(entry, choose),
  );
  return {
    element,
    update({ label, people }) {
      setAttribute(element, 'aria-label', label);
      draw(
        people.map((person) => {
          const { id, received, shown } = person;
          if (shown || !seen.has(id)) seen.set(id, received);
          return { ...person, unread: Math.max(0, received - (seen.get(id) ?? 0)) };
        }),
      );
    },
  };
}

function entryPiece({ id }: Entry, choose: (id: string) => void): Piece<Entry> {
  const face = avatar();
  const name = h('span', { class: 'name' });
  const about = h('small');
  const badge = h('span', { class: 'badge' });
  const button = h(
    'button',
    { type: 'button', onclick: () => choose(id) },
    face.element,
    h('span', { class: 'who' }, name, about),
    badge,
  );
  const element = h('li', {}, button);
  return {
    element,
    update(entry) {
      face.update({ id, name: entry.name });
      setText(name, entry.name);
      setText(about, entry.about);
      setText(badge, entry.unread > 0 ? String(entry.unread) : '');
      badge.hidden = entry.unread === 0;
      setAttribute(badge, 'aria-label', t('unread', { n: entry.unread }));
      setAttribute(button, 'aria-current', entry.shown ? 'true' : undefined);
    },
  };
}
