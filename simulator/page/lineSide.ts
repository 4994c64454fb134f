import type { SimulatorState } from '../state.ts';
import { h, type Piece, setText } from './dom.ts';
import { t } from './language.ts';
import { lineConsole } from './lineConsole.ts';
import { shownLineCustomer } from './lineCurrent.ts';
import { linePhone } from './linePhone.ts';
import { personList } from './personList.ts';
import { look } from './view.ts';

/** The customers who come by LINE: who is there, the phone of one of them, and LINE's consoles. */
export function lineSide(): Piece<SimulatorState> {
  const empty = h('p', { class: 'quiet' });
  const list = personList((lineCustomerId) => look({ lineCustomerId }));
  const phone = linePhone();
  const console = lineConsole();
  const element = h(
    'div',
    { class: 'channel-room', 'data-testid': 'line-side' },
    h('div', { class: 'customers' }, empty, list.element),
    phone.element,
    console.element,
  );
  return {
    element,
    update(now) {
      const shown = shownLineCustomer(now);
      empty.hidden = now.line.customers.length > 0;
      setText(empty, t('noLineCustomers'));
      const people = now.line.customers.map(({ id, name, friendship, messages }) => ({
        id,
        name,
        about: t(friendship === 'friend' ? 'lineFriend' : friendship === 'blocked' ? 'lineBlocked' : 'lineNone'),
        received: messages.filter(({ from }) => from === 'account').length,
        shown: id === shown?.id,
      }));
      list.update({ label: t('lineCustomers'), people });
      phone.update(now);
      console.update(now);
    },
  };
}
