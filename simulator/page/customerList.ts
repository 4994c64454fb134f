import type { SimulatorState } from '../state.ts';
import { customerName, shownCustomer } from './current.ts';
import { h, type Piece, setText } from './dom.ts';
import { t } from './language.ts';
import { personList } from './personList.ts';
import { look } from './view.ts';

/** Everybody who wrote or may write; a number stands beside those with answers not yet looked at. */
export function customerList(): Piece<SimulatorState> {
  const empty = h('p', { class: 'quiet' });
  const list = personList((customerId) => look({ customerId }));
  return {
    element: h('div', { class: 'customers' }, empty, list.element),
    update(now) {
      const shown = shownCustomer(now);
      empty.hidden = now.customers.length > 0;
      setText(empty, t('noCustomers'));
      const people = now.customers.map((customer) => ({
        id: customer.id,
        name: customerName(customer),
        about: customer.kind === 'member' ? (customer.user_id ?? '') : t('notLoggedIn'),
        received: customer.messages.filter(({ from }) => from === 'operator' || from === 'bot').length,
        shown: customer.id === shown?.id,
      }));
      list.update({ label: t('customerList'), people });
    },
  };
}
