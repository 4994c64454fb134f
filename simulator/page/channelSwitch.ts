import { h, type Piece, setText } from './dom.ts';
import { t } from './language.ts';
import { look, type View, view } from './view.ts';

const channels = ['karte', 'line'] as const satisfies View['channel'][];

/** By which channel the customers come that the page shows. */
export function channelSwitch(): Piece<void> {
  const legend = h('legend', { class: 'hidden' });
  const choices = channels.map((channel) => {
    const radio = h('input', { type: 'radio', name: 'channel', value: channel, onchange: () => look({ channel }) });
    const words = h('span');
    return { channel, radio, words, element: h('label', { 'data-testid': `channel-${channel}` }, radio, words) };
  });
  const row = h('div', { class: 'switch' }, ...choices.map(({ element }) => element));
  return {
    element: h('fieldset', { class: 'clients', 'data-testid': 'channel-switch' }, legend, row),
    update() {
      setText(legend, t('channelSwitch'));
      for (const { channel, radio, words } of choices) {
        setText(words, t(channel === 'karte' ? 'sideKarte' : 'sideLine'));
        radio.checked = view().channel === channel;
      }
    },
  };
}
