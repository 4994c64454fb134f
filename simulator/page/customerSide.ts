import type { SimulatorState } from '../state.ts';
import { channelSwitch } from './channelSwitch.ts';
import { chatWindow } from './chatWindow.ts';
import { customerList } from './customerList.ts';
import { h, type Piece, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { karteConsole } from './karteConsole.ts';
import { t } from './language.ts';
import { addLineCustomer } from './lineCurrent.ts';
import { lineSide } from './lineSide.ts';
import { addCustomer } from './newCustomer.ts';
import { shopPage } from './shopPage.ts';
import { view } from './view.ts';
import type { Word } from './words.ts';

/** The left half: the customers of one channel, with what they have in front of them. */
export function customerSide(): Piece<SimulatorState> {
  const title = h('h2', { id: 'customer-title' });
  const channel = channelSwitch();
  const ofKarte = [
    addButton('visitor', () => addCustomer('visitor'), 'addVisitor', 'addVisitorHint'),
    addButton('member', () => addCustomer('member'), 'addMember', 'addMemberHint'),
  ];
  const ofLine = [addButton('friend', addLineCustomer, 'addFriend', 'addFriendHint')];
  const rooms = { karte: karteSide(), line: lineSide() };
  const element = h(
    'section',
    { id: 'customer', class: 'side customer-side', 'aria-labelledby': 'customer-title' },
    h(
      'div',
      { class: 'side-head' },
      title,
      channel.element,
      h('div', { class: 'row' }, ...[...ofKarte, ...ofLine].map((button) => button.element)),
    ),
    rooms.karte.element,
    rooms.line.element,
  );
  return {
    element,
    update(now) {
      const isLine = view().channel === 'line';
      setText(title, t('customerSide'));
      channel.update();
      for (const button of [...ofKarte, ...ofLine]) {
        button.update();
        button.element.hidden = ofLine.includes(button) !== isLine;
      }
      rooms.karte.element.hidden = isLine;
      rooms.line.element.hidden = !isLine;
      rooms.karte.update(now);
      rooms.line.update(now);
    },
  };
}

/** Who visits the shop, the page they are on, the chat window on it, and KARTE's console. */
function karteSide(): Piece<SimulatorState> {
  const chat = chatWindow();
  const pieces = [customerList(), shopPage(chat.element), karteConsole()];
  return {
    element: h('div', { class: 'channel-room' }, ...pieces.map(({ element }) => element)),
    update(now) {
      for (const piece of [...pieces, chat]) piece.update(now);
    },
  };
}

function addButton(name: string, add: () => Promise<unknown>, word: Word, hint: Word): Piece<void> {
  const label = h('span');
  const element = h('button', { type: 'button', 'data-testid': `add-${name}`, onclick: add }, icon('plus'), label);
  return {
    element,
    update() {
      setText(label, t(word));
      setAttribute(element, 'title', t(hint));
    },
  };
}
