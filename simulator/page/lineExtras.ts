import { h, onChange, type Piece, setAttribute, setText } from './dom.ts';
import { sentFile } from './enclosures.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { sendLine, sendPostback } from './lineCurrent.ts';
import { stickers } from './stickers.ts';
import type { Word } from './words.ts';

const emojis = ['😊', '🙏', '🍎'];
/** A LINE emoji stands in the text by its name in brackets, as older phones see it. */
const moon = {
  text: '(moon smile)',
  emojis: [{ index: 0, length: 12, productId: '5ac1bfd5040ab15980c9b435', emojiId: '001' }],
};
const places = [
  { title: 'placeTokyo', address: 'placeTokyoAddress', latitude: 35.681236, longitude: 139.767125 },
  { title: 'placeOsaka', address: 'placeOsakaAddress', latitude: 34.702485, longitude: 135.495951 },
] as const;

/** What a phone can send beside words and pictures: stickers, emoji, video, audio, files, places, and a press on a button. */
export function lineExtras(): Piece<void> {
  const summaryWords = h('span');
  const body = h('div', { class: 'line-extras-body' });
  const element = h(
    'details',
    { class: 'line-extras', 'data-testid': 'line-extras' },
    h('summary', {}, icon('plus'), summaryWords),
    body,
  );
  const draw = onChange<void>(
    () => t('lineMore'),
    () => body.replaceChildren(...groups()),
  );
  return {
    element,
    update() {
      setText(summaryWords, t('lineMore'));
      draw();
    },
  };
}

function groups(): HTMLElement[] {
  return [
    group(
      'lineStickers',
      ...stickers.map(({ word, packageId, stickerId, keywords }) =>
        button(t(word), t(word), () => sendLine({ type: 'sticker', packageId, stickerId, keywords })),
      ),
    ),
    group(
      'lineEmojis',
      ...emojis.map((text) => button(text, text, () => sendLine({ type: 'text', text }))),
      button(t('lineEmojiMoon'), t('lineEmojiMoon'), () => sendLine({ type: 'text', ...moon })),
    ),
    group(
      'lineFiles',
      chooser('video', 'lineSendVideo'),
      chooser('audio', 'lineSendAudio'),
      chooser('file', 'lineSendFile'),
    ),
    group(
      'linePlaces',
      ...places.map(({ title, address, ...where }) =>
        button(t(title), t(title), () =>
          sendLine({ type: 'location', title: t(title), address: t(address), ...where }),
        ),
      ),
    ),
    postback(),
  ];
}

function group(word: Word, ...children: HTMLElement[]): HTMLElement {
  return h('fieldset', {}, h('legend', {}, t(word)), h('div', { class: 'row' }, ...children));
}

function button(face: string, name: string, press: () => Promise<unknown>): HTMLElement {
  return h('button', { type: 'button', class: 'small', 'aria-label': name, title: name, onclick: press }, face);
}

function chooser(type: 'video' | 'audio' | 'file', word: Word): HTMLElement {
  const input = h('input', { type: 'file', hidden: true, accept: type === 'file' ? '' : `${type}/*` });
  input.setAttribute('data-testid', `line-${type}`);
  input.addEventListener('change', async () => {
    const [chosen] = input.files ?? [];
    input.value = '';
    if (chosen) await sendLine({ type, file: await sentFile(chosen) });
  });
  const press = h('button', { type: 'button', class: 'small', onclick: () => input.click() }, t(word));
  return h('span', {}, input, press);
}

function postback(): HTMLElement {
  const data = h('input', {
    maxlength: 300,
    required: true,
    value: 'action=buy&item=1',
    'data-testid': 'line-postback',
  });
  setAttribute(data, 'aria-label', t('linePostbackData'));
  const submit = async (event: Event) => {
    event.preventDefault();
    await sendPostback(data.value);
  };
  const send = h('button', { type: 'submit', class: 'small' }, t('linePostbackSend'));
  return h('form', { onsubmit: submit }, h('div', { class: 'row' }, data, send));
}
