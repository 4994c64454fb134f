import type { Attachment, Post } from '../state.ts';
import { cardPlace } from './card.ts';
import { runAction } from './cardActions.ts';
import { h, keyedList, onChange, type Piece } from './dom.ts';
import { t } from './language.ts';
import { isWebAddress, link } from './postText.ts';

interface Item {
  attachment: Attachment;
  key: string;
  postId: string;
}

const cardType = 'application/vnd.microsoft.card.adaptive';

/** Cards and images of a post. HTML attachments repeat the text and are never shown. */
export function attachments(threadId: string): Piece<Post> {
  const element = h('div', { class: 'attachments' });
  const draw = keyedList<Item>(
    element,
    ({ key }) => key,
    (item) => attachmentPiece(item, threadId),
  );
  return {
    element,
    update(post) {
      const shown = post.attachments.filter(({ contentType }) => contentType !== 'text/html');
      draw(
        shown.map((attachment, index) => ({ attachment, key: `${index} ${attachment.contentType}`, postId: post.id })),
      );
    },
  };
}

function attachmentPiece({ attachment, postId }: Item, threadId: string): Piece<Item> {
  if (attachment.contentType === cardType) {
    const card = cardPlace((action) => void runAction(action, postId, threadId));
    return { element: card.element, update: (item) => card.draw(item.attachment.content) };
  }
  const element = h('div', { class: 'attachment' });
  const update = onChange<Item>(
    (item) => JSON.stringify(item.attachment),
    (item) => element.replaceChildren(picture(item.attachment)),
  );
  return { element, update };
}

function picture({ contentType, contentUrl, name }: Attachment): Node {
  const own = /^api\/files\/|^data:image\/(png|jpeg|gif);base64,/.test(contentUrl ?? '');
  if (contentType.startsWith('image/') && contentUrl && (own || isWebAddress(contentUrl))) {
    return h('img', { src: contentUrl, alt: name ?? t('image'), loading: 'lazy', referrerpolicy: 'no-referrer' });
  }
  const title = name ?? t('attachment', { type: contentType });
  return isWebAddress(contentUrl) ? link(title, contentUrl) : h('span', { class: 'quiet' }, title);
}
