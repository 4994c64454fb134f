import type { Customer, SimulatorState } from '../state.ts';
import { chatWindow } from './chatWindow.ts';
import { customerList } from './customerList.ts';
import { h, type Piece, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { karteConsole } from './karteConsole.ts';
import { t } from './language.ts';
import { addCustomer } from './newCustomer.ts';
import { shopPage } from './shopPage.ts';

/** The left half: who visits the shop, the page they are on, and the chat window on it. */
export function customerSide(): Piece<SimulatorState> {
  const title = h('h2', { id: 'customer-title' });
  const visitor = addButton('visitor');
  const member = addButton('member');
  const list = customerList();
  const chat = chatWindow();
  const shop = shopPage(chat.element);
  const karte = karteConsole();
  const element = h(
    'section',
    { id: 'customer', class: 'side customer-side', 'aria-labelledby': 'customer-title' },
    h('div', { class: 'side-head' }, title, h('div', { class: 'row' }, visitor.element, member.element)),
    list.element,
    shop.element,
    karte.element,
  );
  return {
    element,
    update(now) {
      setText(title, t('customerSide'));
      visitor.update();
      member.update();
      list.update(now);
      shop.update(now);
      chat.update(now);
      karte.update(now);
    },
  };
}

function addButton(kind: Customer['kind']): Piece<void> {
  const label = h('span');
  const element = h(
    'button',
    { type: 'button', 'data-testid': `add-${kind}`, onclick: () => addCustomer(kind) },
    icon('plus'),
    label,
  );
  return {
    element,
    update() {
      setText(label, t(kind === 'visitor' ? 'addVisitor' : 'addMember'));
      setAttribute(element, 'title', t(kind === 'visitor' ? 'addVisitorHint' : 'addMemberHint'));
    },
  };
}
