import type { Post, SentFile, SimulatorState, Thread } from '../state.ts';
import { post } from './api.ts';
import { composer } from './composer.ts';
import { player, state } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { t } from './language.ts';
import { mentionsOf } from './mentionsOf.ts';
import { attempt } from './notices.ts';
import { postPiece } from './post.ts';
import { view } from './view.ts';

/** More replies than this are folded when the thread comes into view; the newest stay visible. */
const foldAbove = 6;
const visibleWhenFolded = 4;

/** A targeted post exists only for the person it is addressed to. */
export const canSee =
  (now: SimulatorState) =>
  (one: Post): boolean =>
    one.targetedTo === undefined || one.targetedTo === player(now).id;

/** Puts a text into a thread in the name of the person who plays. Resolves with false when refused. */
export async function reply(
  threadId: string,
  draft: { text: string; mentionBot: boolean; mentions: string[]; pictures?: SentFile[]; files?: string[] },
): Promise<boolean> {
  const path = `operators/${encodeURIComponent(player(state()).id)}/messages`;
  return (await attempt(() => post(path, { threadId, client: view().client, ...draft }))) !== undefined;
}

/** A post and its replies, long ones folded, with a field to reply. */
export function threadPiece({ id, rootId }: Thread): Piece<Thread> {
  // Set by the first drawing and by the person: what arrives while somebody reads must not fold the rest away.
  let hiddenCount: number | undefined;
  let unfolded = false;
  const posts = h('div', { class: 'posts' });
  const root = h('div', { class: 'root' });
  const drawRoot = keyedList<Post>(
    root,
    (one) => one.id,
    (one) => postPiece(one, id),
  );
  const drawReplies = keyedList<Post>(
    posts,
    (one) => one.id,
    (one) => postPiece(one, id),
  );
  const fold = h('button', { type: 'button', class: 'fold', onclick: unfold });
  const write = composer({
    name: 'thread',
    label: () => t('reply'),
    placeholder: () => t('replyPlaceholder'),
    enclose: { most: 10, files: true },
    mentions: mentionsOf(true),
    send: (draft) => reply(id, draft),
  });
  const element = h(
    'article',
    { class: 'thread', 'data-testid': 'thread', 'data-thread-id': id },
    root,
    fold,
    posts,
    write.element,
  );

  function unfold(): void {
    unfolded = !unfolded;
    hiddenCount = unfolded ? 0 : undefined;
    const thread = state().threads.find((one) => one.id === id);
    if (thread) update(thread);
  }

  function update(thread: Thread): void {
    const visible = thread.posts.filter(canSee(state()));
    const replies = visible.filter((one) => one.id !== rootId);
    hiddenCount ??= replies.length > foldAbove ? replies.length - visibleWhenFolded : 0;
    setAttribute(element, 'aria-label', t('threadNamed', { name: visible[0]?.fromName ?? '' }));
    drawRoot(visible.filter((one) => one.id === rootId));
    fold.hidden = hiddenCount === 0 && !unfolded;
    setAttribute(fold, 'aria-expanded', unfolded ? 'true' : 'false');
    setText(fold, hiddenCount > 0 ? t('showReplies', { n: hiddenCount }) : t('hideReplies'));
    drawReplies(replies.slice(hiddenCount));
    write.element.hidden = thread.deleted;
    write.update();
  }

  return { element, update };
}
