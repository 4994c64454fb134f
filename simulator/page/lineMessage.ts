import type { LineMessage } from '../line/world.ts';
import { part, post } from './api.ts';
import { h, onChange, type Piece, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { t, timeText } from './language.ts';
import { actionsOf, isAction, type LineAction } from './lineActions.ts';
import { sendLine, sendPostback } from './lineCurrent.ts';
import { attempt } from './notices.ts';
import { isWebAddress, link } from './postText.ts';
import { stickerFace } from './stickers.ts';

export interface Shown {
  message: LineMessage;
  customerId: string;
  accountName: string;
}

/** One message in the talk, whatever its type; the customer's own can be taken back. */
export function lineMessagePiece({ message: { from, id, at }, customerId }: Shown): Piece<Shown> {
  const own = from === 'customer';
  const name = h('span', { class: 'name' });
  const read = h('span', { class: 'read' });
  const time = h('time', { datetime: at });
  const unsend = h('button', { type: 'button', class: 'plain unsend', onclick: takeBack }, icon('back'));
  const bubble = h('div', { class: 'bubble' });
  const actions = h('div', { class: 'line-actions' });
  const meta = h('div', { class: 'meta' }, name, read, time);
  const row = h('div', { class: 'line-row' }, ...(own ? [unsend] : []), bubble);
  const element = h('li', { class: own ? 'own' : 'theirs', 'data-message-id': id }, meta, row, actions);

  async function takeBack(): Promise<void> {
    await attempt(() => post(`line/customers/${part(customerId)}/unsend`, { messageId: id }));
  }

  const drawBody = onChange<LineMessage>(
    (message) => JSON.stringify([message.content, message.file?.url, message.unsentAt, t('lineUnsent')]),
    (message) => {
      bubble.replaceChildren(...bodyOf(message));
      bubble.classList.toggle('bare', message.content.type === 'sticker' && !message.unsentAt);
      actions.replaceChildren(...(own ? [] : actionsOf(message.content).filter(isAction).map(actionButton)));
      actions.hidden = actions.childElementCount === 0;
    },
  );

  return {
    element,
    update({ message, accountName }) {
      const sender = (message.content.sender as { name?: string } | undefined)?.name;
      setText(name, own ? t('you') : (sender ?? accountName));
      setText(read, own && message.readAt ? t('lineRead') : '');
      setText(time, timeText(message.at));
      setAttribute(unsend, 'aria-label', t('lineUnsend'));
      setAttribute(unsend, 'title', t('lineUnsend'));
      unsend.hidden = message.unsentAt !== undefined || message.content.type === 'postback';
      drawBody(message);
    },
  };
}

function bodyOf({ content, file, unsentAt }: LineMessage): Node[] {
  if (unsentAt) return [h('span', { class: 'gone' }, t('lineUnsent'))];
  const url = file?.url ?? (isWebAddress(content.originalContentUrl) ? content.originalContentUrl : undefined);
  switch (content.type) {
    case 'text':
    case 'textV2':
      return [h('span', { class: 'text' }, ...withLinks(String(content.text)))];
    case 'sticker':
      return [stickerFace(String(content.stickerId))];
    case 'image':
      return url ? pictureOf(url, content, file?.name) : [];
    case 'video':
      if (file) return [h('video', { src: file.url, controls: true, class: 'sent-picture' })];
      return url ? [...pictureOf(url, content), link(t('lineOpenMedia'), url)] : [];
    case 'audio':
      if (file) return [h('audio', { src: file.url, controls: true })];
      return url ? [link(t('lineOpenMedia'), url)] : [];
    case 'file':
      return file ? [fileLink(file)] : [];
    case 'location':
      return [h('strong', {}, String(content.title ?? t('linePlaces'))), h('span', {}, String(content.address ?? ''))];
    case 'postback':
      return [h('span', {}, String(content.displayText ?? t('linePostback', { data: String(content.data) })))];
    case 'template':
      return templateOf(content.template as { title?: string; text?: string }, content.altText);
    default:
      return [h('span', {}, String(content.altText ?? t('lineUnshown', { type: content.type })))];
  }
}

function pictureOf(url: string, { previewImageUrl }: LineMessage['content'], name = t('image')): Node[] {
  const preview = isWebAddress(previewImageUrl) ? previewImageUrl : url;
  const image = h('img', { src: preview, alt: name, class: 'sent-picture', referrerpolicy: 'no-referrer' });
  const anchor = link('', url);
  anchor.className = 'line-picture';
  anchor.setAttribute('title', t('lineOpenOriginal'));
  anchor.replaceChildren(image);
  return [anchor];
}

function fileLink({ url, name, size }: NonNullable<LineMessage['file']>): HTMLElement {
  const anchor = h('a', { href: url, download: name, class: 'line-file' }, icon('file'));
  anchor.append(t('lineDownload', { name, size: Math.ceil(size / 1024) }));
  return anchor;
}

function templateOf({ title, text }: { title?: string; text?: string }, altText: unknown): Node[] {
  const words = h('span', {}, text ?? String(altText ?? ''));
  return title ? [h('strong', {}, title), words] : [words];
}

/** What a button does on the phone: says something, tells the account alone, or opens a page. */
function actionButton(action: LineAction): HTMLElement {
  if (action.type === 'uri') return link(action.label, action.uri);
  const press = () =>
    action.type === 'message'
      ? sendLine({ type: 'text', text: action.text })
      : sendPostback(action.data, action.displayText);
  return h('button', { type: 'button', class: 'small', onclick: press }, action.label);
}

function withLinks(text: string): (Node | string)[] {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((piece, at) => (at % 2 === 1 ? link(piece, piece) : piece));
}
