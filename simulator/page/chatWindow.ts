import type { Customer, CustomerMessage, SentFile, SimulatorState } from '../state.ts';
import { part, post } from './api.ts';
import { composer } from './composer.ts';
import { customerName, shownCustomer, state } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { widgetMessage } from './karteText.ts';
import { t, timeText } from './language.ts';
import { addCustomer } from './newCustomer.ts';
import { attempt } from './notices.ts';
import { link } from './postText.ts';
import { stickToEnd } from './scroll.ts';
import { metadataOf, pageOf } from './shopPage.ts';

/** The web-chat window as the customer has it: what both sides said, and a field to write in. */
export function chatWindow(): Piece<SimulatorState> {
  const title = h('strong');
  const subtitle = h('small');
  const greeting = h('p', { class: 'greeting' });
  const log = h('ol', { class: 'chat-log', role: 'log', tabindex: 0, 'data-testid': 'customer-messages' });
  const draw = keyedList<CustomerMessage>(log, (message) => message.id, messagePiece);
  const stick = stickToEnd(log);
  const write = composer({
    name: 'customer',
    label: () => t('customerWrites'),
    placeholder: () => t('customerPlaceholder'),
    enclose: { most: 1, files: false },
    send: async ({ text, pictures }) => {
      const sent = await say(text, pictures[0]);
      if (sent) stick.end();
      return sent;
    },
  });
  const head = h(
    'header',
    {},
    h('span', { class: 'chat-mark', 'aria-hidden': 'true' }, '窓'),
    h('div', {}, title, subtitle),
  );
  const element = h('div', { class: 'chat' }, head, h('div', { class: 'chat-body' }, greeting, log), write.element);
  return {
    element,
    update(now) {
      const customer = shownCustomer(now);
      setText(title, now.project.botName);
      setText(subtitle, customer ? t('writingAs', { name: customerName(customer) }) : t('writingAsNobody'));
      setText(greeting, t('greeting'));
      setAttribute(log, 'aria-label', t('chatLog'));
      setAttribute(log, 'data-customer-id', customer?.id);
      const visible = customer?.messages.filter((message) => message.from !== 'note') ?? [];
      greeting.hidden = visible.length > 0;
      stick(() => draw(visible), customer?.id ?? '');
      write.update();
    },
  };
}

/** Sends in the shown customer's name; when nobody is there yet, a visitor comes first. */
async function say(text: string, picture?: SentFile): Promise<boolean> {
  const customer: Customer | undefined = shownCustomer(state()) ?? (await addCustomer('visitor'));
  if (!customer) return false;
  const body = { text, picture, page: pageOf(customer), metadata: metadataOf(customer) };
  return (await attempt(() => post(`customers/${part(customer.id)}/messages`, body))) !== undefined;
}

function messagePiece(message: CustomerMessage): Piece<CustomerMessage> {
  const own = message.from === 'customer';
  const name = h('span', { class: 'name' });
  const time = h('time', { datetime: message.at });
  const bubble = h(
    'div',
    { class: 'bubble' },
    ...pictureOf(message),
    ...(own ? [message.text] : widgetParts(message.text)),
  );
  const element = h(
    'li',
    { class: own ? 'own' : 'theirs', 'data-message-id': message.id },
    h('div', { class: 'meta' }, name, time),
    bubble,
  );
  return {
    element,
    update({ senderName, at }) {
      setText(name, own ? t('you') : (senderName ?? ''));
      setText(time, timeText(at));
    },
  };
}

function pictureOf({ picture }: CustomerMessage): Node[] {
  return picture ? [h('img', { src: picture.url, alt: picture.name, class: 'sent-picture' })] : [];
}

function widgetParts(raw: string): Node[] {
  const { title, text, buttons, links } = widgetMessage(raw);
  const parts: Node[] = [];
  if (title !== '') parts.push(h('strong', {}, title));
  if (text !== '') parts.push(h('span', { class: 'text' }, ...withLinks(text)));
  for (const button of buttons)
    parts.push(h('button', { type: 'button', onclick: () => say(button.text) }, button.text));
  for (const item of links) parts.push(link(item.title, item.url));
  return parts;
}

/** Addresses in a text can be followed, as in any chat. */
function withLinks(text: string): (Node | string)[] {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) => (at % 2 === 1 ? link(part, part) : part));
}
