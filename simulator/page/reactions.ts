import type { Post, Reaction } from '../state.ts';
import { part, post as send } from './api.ts';
import { player, state } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import { t } from './language.ts';
import { attempt } from './notices.ts';

/** Drawn by us, because a machine may have no emoji; every other one is its character. */
const drawn: [RegExp, IconName][] = [
  [/^(like|yes|1f44d)/, 'like'],
  [/^(heart|2764)/, 'heart'],
  [/^(laugh|1f606|1f600)/, 'laugh'],
  [/^(eyes|1f440)/, 'eye'],
  [/^(check|2705|2714|2611)/, 'check'],
];

/** The picture of a reaction by Teams' name for it: `like`, `heart`, `1f440_eyes`. */
export function reactionPicture(type: string): Node {
  const own = drawn.find(([pattern]) => pattern.test(type));
  if (own) return icon(own[1]);
  const code = Number.parseInt(/^([0-9a-f]{4,5})(?:_|$)/i.exec(type)?.[1] ?? '', 16);
  return document.createTextNode(Number.isNaN(code) ? type : String.fromCodePoint(code));
}

/** Sets the playing person's reaction, or takes it back when it is there. */
export async function react(postId: string, type: string): Promise<void> {
  const personId = player(state()).id;
  const post = state()
    .threads.flatMap((thread) => thread.posts)
    .find((one) => one.id === postId);
  const mine = post?.reactions.some((reaction) => reaction.type === type && reaction.by.includes(personId)) ?? false;
  await attempt(() => send(`posts/${part(postId)}/reactions`, { personId, type, remove: mine }));
}

/** The reactions under a post, each a button to join in or leave. */
export function reactionRow(postId: string): Piece<Post> {
  const element = h('div', { class: 'reactions', 'data-testid': 'reactions' });
  const draw = keyedList<Reaction>(
    element,
    (reaction) => reaction.type,
    ({ type }) => {
      const count = h('span');
      const button = h(
        'button',
        { type: 'button', 'data-reaction': type, onclick: () => react(postId, type) },
        reactionPicture(type),
        count,
      );
      return {
        element: button,
        update({ by }) {
          const names = by.map(nameOf).join(', ');
          setText(count, String(by.length));
          setAttribute(button, 'title', names);
          setAttribute(button, 'aria-label', t('reactedBy', { type, names }));
          setAttribute(button, 'aria-pressed', by.includes(player(state()).id) ? 'true' : 'false');
        },
      };
    },
  );
  return { element, update: (post) => draw(post.reactions.filter((reaction) => reaction.by.length > 0)) };
}

function nameOf(id: string): string {
  const { bot, people } = state();
  return id === bot.id ? bot.name : (people.find((person) => person.id === id)?.name ?? id);
}
