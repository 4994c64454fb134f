import type { Post, SimulatorState } from '../state.ts';
import { attachments } from './attachments.ts';
import { avatar } from './avatar.ts';
import { player, state } from './current.ts';
import { h, onChange, type Piece, setAttribute, setText } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import { t, timeText } from './language.ts';
import { postActions } from './postActions.ts';
import { postText } from './postText.ts';
import { reactionRow } from './reactions.ts';

/** One message in a thread: who, when, its text and cards, the reactions under it. */
export function postPiece({ id, fromBot }: Post, threadId: string): Piece<Post> {
  const face = avatar();
  const name = h('strong');
  const time = h('time');
  const edited = h('span', { class: 'mark' });
  const botMark = h('span', { class: 'mark bot-mark' });
  const client = h('span', { class: 'mark' });
  const text = h('div', { class: 'post-text' });
  const cards = attachments(threadId);
  const reactions = reactionRow(id);
  const warnings = h('div', { class: 'post-warnings' });
  const actions = postActions(id, text);
  const head = h('div', { class: 'post-head' }, name, botMark, time, client, edited);
  const main = h('div', { class: 'post-main' }, head, text, actions.editor, cards.element, reactions.element, warnings);
  const element = h(
    'article',
    { class: 'post', 'data-testid': 'post', 'data-post-id': id },
    face.element,
    main,
    actions.element,
  );

  const drawText = onChange<Post>(
    (post) => JSON.stringify([post.text, post.textFormat, post.mentions, post.deletedAt && t('deleted')]),
    (post) => text.replaceChildren(...(post.deletedAt ? [h('em', {}, t('deleted'))] : postText(post))),
  );
  const drawWarnings = onChange<Post>(
    (post) => JSON.stringify([t('onlyYou'), warningsOf(post, state())]),
    (post) =>
      warnings.replaceChildren(
        ...warningsOf(post, state()).map(([picture, words]) => h('span', {}, icon(picture), words)),
      ),
  );

  return {
    element,
    update(post) {
      face.update({ id: post.from, name: post.fromName, bot: fromBot });
      setText(name, post.fromName);
      setText(botMark, t('bot'));
      botMark.hidden = !fromBot;
      setText(time, timeText(post.at));
      setAttribute(time, 'datetime', post.at);
      setText(client, post.client === 'mobile' ? t('fromMobile') : '');
      setText(edited, post.editedAt && !post.deletedAt ? t('edited') : '');
      element.classList.toggle('targeted', post.targetedTo !== undefined);
      element.classList.toggle('deleted', post.deletedAt !== undefined);
      element.classList.toggle('from-bot', fromBot);
      element.classList.toggle(
        'mentions-me',
        post.mentions.some((mention) => mention.id === player(state()).id),
      );
      drawText(post);
      cards.update(post);
      reactions.update(post);
      drawWarnings(post);
      actions.update(post);
    },
  };
}

/** What a person should know about a post beyond its words: who sees it, mentions that were lost, how it travels. */
function warningsOf(post: Post, now: SimulatorState): [IconName, string][] {
  const lines: [IconName, string][] = [];
  if (post.targetedTo !== undefined) lines.push(['eye', t('onlyYou')]);
  if (post.droppedMentions.length > 0)
    lines.push(['warn', t('droppedMentions', { names: post.droppedMentions.join(', ') })]);
  const delivery = now.deliveries.find((one) => one.id === post.id);
  if (delivery?.outcome === 'failed') lines.push(['warn', t('botDidNotGet')]);
  else if (delivery?.outcome === 'waiting' && delivery.attempts.length > 0) lines.push(['warn', t('botGetsAgain')]);
  return lines;
}
