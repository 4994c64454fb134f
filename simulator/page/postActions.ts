import type { Post } from '../state.ts';
import { part, post as send } from './api.ts';
import { player, state } from './current.ts';
import { h, type Piece, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { mentionsOf } from './mentionsOf.ts';
import { attempt } from './notices.ts';
import { react, reactionPicture } from './reactions.ts';

const offered = ['like', 'heart', 'laugh'] as const;

/** The small bar at a post: react to it; one's own can be edited and deleted. `editor` stands in place of `text` meanwhile. */
export function postActions(id: string, text: HTMLElement): Piece<Post> & { editor: HTMLElement } {
  let shown = '';
  const field = h('textarea', { rows: 2, onkeydown: key });
  const save = h('button', { type: 'submit', class: 'primary small' });
  const cancel = h('button', { type: 'button', class: 'small', onclick: () => edit(false) });
  const editor = h(
    'form',
    { class: 'editor', hidden: true, onsubmit: submit },
    field,
    h('div', { class: 'row' }, save, cancel),
  );
  const reactions = offered.map((type) => ({
    type,
    button: h('button', { type: 'button', class: 'plain', onclick: () => react(id, type) }, reactionPicture(type)),
  }));
  const change = h(
    'button',
    { type: 'button', class: 'plain', 'data-testid': 'post-edit', onclick: () => edit(true) },
    icon('edit'),
  );
  const remove = h(
    'button',
    { type: 'button', class: 'plain', 'data-testid': 'post-delete', onclick: takeBack },
    icon('trash'),
  );
  const restore = h(
    'button',
    { type: 'button', class: 'plain', 'data-testid': 'post-undelete', onclick: bringBack },
    icon('back'),
  );
  const element = h(
    'div',
    { class: 'post-actions', role: 'group' },
    ...reactions.map(({ button }) => button),
    change,
    remove,
    restore,
  );

  function edit(open: boolean): void {
    editor.hidden = !open;
    text.hidden = open;
    if (open) field.value = shown;
    (open ? field : change).focus();
  }

  function key(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') edit(false);
    if (event.key === 'Enter' && !event.shiftKey) void submit(event);
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return;
    const body = { personId: player(state()).id, text, ...mentionedIn(text) };
    if (await attempt(() => send(`posts/${part(id)}/edit`, body))) edit(false);
  }

  async function takeBack(): Promise<void> {
    await attempt(() => send(`posts/${part(id)}/delete`, { personId: player(state()).id }));
  }

  async function bringBack(): Promise<void> {
    await attempt(() => send(`posts/${part(id)}/undelete`, { personId: player(state()).id }));
  }

  return {
    element,
    editor,
    update(post) {
      shown = post.text ?? '';
      const own = post.from === player(state()).id;
      const deleted = post.deletedAt !== undefined;
      element.hidden = deleted && !own;
      setAttribute(element, 'aria-label', t('postActions'));
      for (const { type, button } of reactions) {
        name(button, t(`react_${type}`));
        button.hidden = deleted;
      }
      change.hidden = remove.hidden = !own || deleted;
      restore.hidden = !deleted;
      name(change, t('edit'));
      name(remove, t('delete'));
      name(restore, t('undelete'));
      setText(save, t('save'));
      setText(cancel, t('cancel'));
      setAttribute(field, 'aria-label', t('edit'));
    },
  };
}

/** Whoever stands in a text as `@Name` is mentioned, and nobody else. */
function mentionedIn(text: string): { mentionBot: boolean; mentions: string[] } {
  const { bot, people } = mentionsOf(true);
  const stands = ({ name: each }: { name: string }) => text.includes(`@${each}`);
  return {
    mentionBot: stands(bot()),
    mentions: people()
      .filter(stands)
      .map((person) => person.id),
  };
}

function name(button: HTMLElement, words: string): void {
  setAttribute(button, 'aria-label', words);
  setAttribute(button, 'title', words);
}
