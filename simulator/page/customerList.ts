import type { Customer, SimulatorState } from '../state.ts';
import { avatar } from './avatar.ts';
import { customerName, shownCustomer } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { t } from './language.ts';
import { look } from './view.ts';

interface Entry {
  customer: Customer;
  shown: boolean;
  unread: number;
}

/** Everybody who wrote or may write; a number stands beside those with answers not yet looked at. */
export function customerList(): Piece<SimulatorState> {
  const seen = new Map<string, number>();
  const empty = h('p', { class: 'quiet' });
  const list = h('ul', { class: 'customer-list' });
  const draw = keyedList<Entry>(list, ({ customer }) => customer.id, entryPiece);
  const element = h('div', { class: 'customers' }, empty, list);
  return {
    element,
    update(now) {
      const shown = shownCustomer(now);
      const entries = now.customers.map((customer) => {
        const heard = customer.messages.filter(
          (message) => message.from === 'operator' || message.from === 'bot',
        ).length;
        const isShown = customer.id === shown?.id;
        if (isShown || !seen.has(customer.id)) seen.set(customer.id, heard);
        return { customer, shown: isShown, unread: Math.max(0, heard - (seen.get(customer.id) ?? 0)) };
      });
      empty.hidden = entries.length > 0;
      setText(empty, t('noCustomers'));
      setAttribute(list, 'aria-label', t('customerList'));
      draw(entries);
    },
  };
}

function entryPiece({ customer: { id } }: Entry): Piece<Entry> {
  const face = avatar();
  const name = h('span', { class: 'name' });
  const kind = h('small');
  const badge = h('span', { class: 'badge' });
  const button = h(
    'button',
    { type: 'button', onclick: () => look({ customerId: id }) },
    face.element,
    h('span', { class: 'who' }, name, kind),
    badge,
  );
  const element = h('li', {}, button);
  return {
    element,
    update({ customer, shown, unread }) {
      face.update({ id: customer.id, name: customerName(customer) });
      setText(name, customerName(customer));
      setText(kind, customer.kind === 'member' ? (customer.user_id ?? '') : t('notLoggedIn'));
      setText(badge, unread > 0 ? String(unread) : '');
      badge.hidden = unread === 0;
      setAttribute(badge, 'aria-label', t('unread', { n: unread }));
      setAttribute(button, 'aria-current', shown ? 'true' : undefined);
    },
  };
}
