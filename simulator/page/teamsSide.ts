import type { SimulatorState, Thread } from '../state.ts';
import { post } from './api.ts';
import { avatar } from './avatar.ts';
import { channelPicker } from './channelPicker.ts';
import { composer } from './composer.ts';
import { player, shownChannelId, state } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { t } from './language.ts';
import { mentionsOf } from './mentionsOf.ts';
import { attempt } from './notices.ts';
import { clientSwitch, personSwitch } from './personSwitch.ts';
import { stickToEnd } from './scroll.ts';
import { canSee, threadPiece } from './thread.ts';
import { view } from './view.ts';

/** The right half: one team of Microsoft Teams, with its channels, threads and the person who looks at them. */
export function teamsSide(): Piece<SimulatorState> {
  const face = avatar();
  const title = h('h2', { id: 'teams-title' });
  const subtitle = h('small');
  const channels = channelPicker();
  const people = personSwitch();
  const clients = clientSwitch();
  const empty = h('div', { class: 'empty' }, h('strong'), h('p'));
  const list = h('div', { class: 'threads' });
  const stream = h('div', { class: 'stream', tabindex: 0, role: 'region' }, empty, list);
  const drawThreads = keyedList<Thread>(list, (thread) => thread.id, threadPiece);
  const stick = stickToEnd(stream);
  const write = composer({
    name: 'channel',
    label: () => t('newPost'),
    placeholder: () => t('newPostPlaceholder'),
    enclose: { most: 10, files: true },
    mentions: mentionsOf(false),
    send: async (draft) => {
      const body = { channelId: shownChannelId(state()), client: view().client, ...draft };
      const path = `operators/${encodeURIComponent(player(state()).id)}/messages`;
      return (await attempt(() => post(path, body))) !== undefined;
    },
  });
  const screen = h(
    'div',
    { class: 'screen' },
    channels.element,
    stream,
    h('div', { class: 'new-post' }, write.element),
  );
  const element = h(
    'section',
    { id: 'teams', class: 'side teams-side', 'aria-labelledby': 'teams-title' },
    h(
      'div',
      { class: 'side-head' },
      h('div', { class: 'row team' }, face.element, h('div', {}, title, subtitle)),
      people.element,
      clients.element,
    ),
    screen,
  );
  return {
    element,
    update(now) {
      const channelId = shownChannelId(now);
      const threads = now.threads.filter((thread) => thread.channelId === channelId && thread.posts.some(canSee(now)));
      face.update({ id: now.team.id, name: now.team.name });
      setText(title, now.team.name);
      setText(subtitle, t('teamsSide'));
      channels.update(now);
      people.update(now);
      clients.update();
      setAttribute(screen, 'data-client', view().client);
      setAttribute(
        stream,
        'aria-label',
        t('threadsIn', { channel: now.channels.find(({ id }) => id === channelId)?.name ?? '' }),
      );
      empty.hidden = threads.length > 0;
      setText(empty.firstElementChild as Element, t('noThreads'));
      setText(empty.lastElementChild as Element, t('noThreadsHint'));
      stick(() => drawThreads(threads), `${channelId} ${player(now).id}`);
      write.update();
    },
  };
}
