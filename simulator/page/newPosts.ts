import type { SimulatorState } from '../state.ts';
import { player } from './current.ts';
import { t } from './language.ts';
import { announce } from './notices.ts';
import { canSee } from './thread.ts';

/** Tells users of screen readers about posts in Teams that were not there before. The chat window is a log and speaks itself. */
export function newPosts(): (now: SimulatorState) => void {
  let known: Set<string> | undefined;
  return (now) => {
    const posts = now.threads.flatMap((thread) => thread.posts);
    const fresh = known ? posts.filter((post) => !known?.has(post.id) && post.from !== player(now).id) : [];
    known = new Set(posts.map((post) => post.id));
    const newest = fresh.filter(canSee(now)).at(-1);
    if (newest) announce(t('newPostBy', { name: newest.fromName, text: newest.text ?? t('card') }));
  };
}
