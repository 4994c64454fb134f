import { h } from './dom.ts';
import { t } from './language.ts';

/** Stickers of LINE's free set; their pictures are LINE's, so that words on a label of our own stand for each. */
export const stickers = [
  { stickerId: '52002734', packageId: '11537', word: 'stickerThanks', keywords: ['thanks'] },
  { stickerId: '52002735', packageId: '11537', word: 'stickerOk', keywords: ['ok'] },
  { stickerId: '52002755', packageId: '11537', word: 'stickerSorry', keywords: ['sorry'] },
] as const;

/** A sticker in the talk. */
export function stickerFace(stickerId: string): HTMLElement {
  const known = stickers.find((each) => each.stickerId === stickerId);
  const words = known ? t(known.word) : stickerId;
  const name = t('lineSticker', { name: words });
  return h('span', { class: 'sticker', role: 'img', 'aria-label': name, title: name }, words);
}
