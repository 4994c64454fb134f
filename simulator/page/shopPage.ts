import type { Customer, SimulatorState } from '../state.ts';
import { shownCustomer } from './current.ts';
import { h, onChange, type Piece, setAttribute, setText, setValue } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { logIn } from './newCustomer.ts';
import { notice } from './notices.ts';
import { isWebAddress } from './postText.ts';
import { look, view } from './view.ts';

/** Pages of the shop to choose from; any other address can be typed. */
const samplePages = [
  'https://shop.example.test/items/kettle-08',
  'https://shop.example.test/cart',
  'https://shop.example.test/orders/20481',
  'https://shop.example.test/help/returns',
];

/** The address of the page a customer is on. */
export const pageOf = (customer: Customer | undefined): string =>
  (customer && view().pages[customer.id]) || (samplePages[0] as string);

/** The Teams channel that the page names in the widget's metadata, as KARTE's manual writes it: URL-encoded. */
export function metadataOf(customer: Customer | undefined): Record<string, unknown> | undefined {
  const channelId = customer && view().metadata[customer.id];
  return channelId ? { ms_teams: { channel: encodeURIComponent(channelId) } } : undefined;
}

/** A browser window with a page of the shop in it; `chat` lies on the page as the web-chat window. */
export function shopPage(chat: HTMLElement): Piece<SimulatorState> {
  let customer: Customer | undefined;
  const address = h('input', {
    type: 'url',
    list: 'sample-pages',
    spellcheck: 'false',
    'data-testid': 'page-url',
    onchange: moveOn,
  });
  const pages = h('datalist', { id: 'sample-pages' }, ...samplePages.map((url) => h('option', { value: url })));
  const channels = h('select', { id: 'metadata-channel', 'data-testid': 'metadata-channel', onchange: route });
  const channelLabel = h('label', { for: 'metadata-channel' });
  const login = h('button', {
    type: 'button',
    class: 'small',
    'data-testid': 'log-in',
    onclick: () => customer && logIn(customer),
  });
  const element = h(
    'div',
    { class: 'browser' },
    h(
      'div',
      { class: 'browser-bar' },
      h('span', { class: 'dots', 'aria-hidden': 'true' }),
      icon('lock'),
      address,
      pages,
    ),
    h('div', { class: 'browser-routing' }, channelLabel, channels, login),
    h('div', { class: 'shop' }, shopBackdrop(), chat),
  );

  function moveOn(): void {
    const url = address.value.trim();
    if (!customer) return;
    if (isWebAddress(url) && URL.canParse(url)) look({ pages: { ...view().pages, [customer.id]: url } });
    else notice(t('badAddress'));
    setValue(address, pageOf(customer));
  }

  function route(): void {
    if (customer) look({ metadata: { ...view().metadata, [customer.id]: channels.value } });
  }

  const drawChannels = onChange<SimulatorState>(
    (now) => JSON.stringify([t('anyChannel'), now.channels]),
    (now) => {
      const alive = now.channels.filter((channel) => !channel.deleted);
      channels.replaceChildren(
        h('option', { value: '' }, t('anyChannel')),
        ...alive.map((channel) => h('option', { value: channel.id }, channel.name)),
      );
    },
  );

  return {
    element,
    update(now) {
      customer = shownCustomer(now);
      setAttribute(address, 'aria-label', t('pageUrl'));
      setAttribute(address, 'title', t('pageUrlHint'));
      if (document.activeElement !== address) setValue(address, pageOf(customer));
      setText(channelLabel, t('metadataChannel'));
      setAttribute(channels, 'title', t('metadataHint'));
      drawChannels(now);
      setValue(channels, (customer && view().metadata[customer.id]) ?? '');
      channels.disabled = !customer;
      address.disabled = !customer;
      setText(login, t('logIn'));
      login.hidden = customer?.kind !== 'visitor';
    },
  };
}

/** Grey shapes of a shop, for the eye only. */
function shopBackdrop(): HTMLElement {
  const shape = (name: string) => h('span', { class: name });
  return h(
    'div',
    { class: 'backdrop', 'aria-hidden': 'true' },
    shape('photo'),
    shape('line long'),
    shape('line'),
    shape('line short'),
    shape('buy'),
  );
}
