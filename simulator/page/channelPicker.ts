import type { SimulatorState, TeamsChannel } from '../state.ts';
import { shownChannelId } from './current.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { t } from './language.ts';
import { canSee } from './thread.ts';
import { look } from './view.ts';

interface Entry {
  channel: TeamsChannel;
  shown: boolean;
  unread: boolean;
}

/** The team's channels; a dot marks those with posts not yet looked at. */
export function channelPicker(): Piece<SimulatorState> {
  const seen = new Map<string, number>();
  const list = h('ul');
  const element = h('nav', { class: 'channels', 'data-testid': 'channel-picker' }, list);
  const draw = keyedList<Entry>(list, ({ channel }) => channel.id, entryPiece);
  return {
    element,
    update(now) {
      setAttribute(element, 'aria-label', t('channelPicker'));
      const shownId = shownChannelId(now);
      draw(
        now.channels
          .filter((channel) => !channel.deleted)
          .map((channel) => {
            const posts = now.threads
              .filter((thread) => thread.channelId === channel.id)
              .flatMap((thread) => thread.posts);
            const count = posts.filter(canSee(now)).length;
            const shown = channel.id === shownId;
            if (shown || !seen.has(channel.id)) seen.set(channel.id, count);
            return { channel, shown, unread: count > (seen.get(channel.id) ?? 0) };
          }),
      );
    },
  };
}

function entryPiece({ channel: { id } }: Entry): Piece<Entry> {
  const name = h('span');
  const dot = h('span', { class: 'dot', role: 'img' });
  const button = h(
    'button',
    { type: 'button', 'data-channel-id': id, onclick: () => look({ channelId: id }) },
    name,
    dot,
  );
  return {
    element: h('li', {}, button),
    update({ channel, shown, unread }) {
      setText(name, channel.name);
      setAttribute(button, 'aria-current', shown ? 'true' : undefined);
      setAttribute(dot, 'aria-label', t('unreadPosts'));
      dot.hidden = !unread;
    },
  };
}
