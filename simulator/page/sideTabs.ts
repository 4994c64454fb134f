import type { SimulatorState } from '../state.ts';
import { player } from './current.ts';
import { h, type Piece, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { canSee } from './thread.ts';
import { look, type View, view } from './view.ts';

/** On a phone only one side fits: two buttons choose which, with a dot where something new came. Wide windows show both. */
export function sideTabs(): Piece<SimulatorState | undefined> {
  const tabs = [tab('customer'), tab('teams')];
  const element = h('nav', { class: 'tabs' }, ...tabs.map((one) => one.element));
  return {
    element,
    update(now) {
      setAttribute(element, 'aria-label', t('tabs'));
      setAttribute(document.body, 'data-tab', view().tab);
      for (const one of tabs) one.update(now);
    },
  };
}

function tab(side: View['tab']): Piece<SimulatorState | undefined> {
  let seen: number | undefined;
  const words = h('span');
  const dot = h('span', { class: 'dot', role: 'img', hidden: true });
  const picture = icon(side === 'customer' ? 'chat' : 'channel');
  const element = h(
    'button',
    { type: 'button', 'data-testid': `tab-${side}`, onclick: () => look({ tab: side }) },
    picture,
    words,
    dot,
  );
  return {
    element,
    update(now) {
      const shown = view().tab === side;
      setText(words, t(side === 'customer' ? 'tabCustomer' : 'tabTeams'));
      setAttribute(element, 'aria-current', shown ? 'true' : undefined);
      setAttribute(dot, 'aria-label', t('tabNews'));
      if (!now) return;
      const count = said(now, side);
      if (shown || seen === undefined) seen = count;
      dot.hidden = count <= seen;
    },
  };
}

/** How much others said on a side: to the customers, or to the person who plays in Teams. */
function said(now: SimulatorState, side: View['tab']): number {
  if (side === 'customer') {
    const messages = now.customers.flatMap((customer) => customer.messages);
    const byKarte = messages.filter((message) => message.from === 'operator' || message.from === 'bot');
    const byLine = now.line.customers.flatMap((customer) => customer.messages).filter(({ from }) => from === 'account');
    return byKarte.length + byLine.length;
  }
  const posts = now.threads.flatMap((thread) => thread.posts);
  return posts.filter((post) => post.from !== player(now).id && canSee(now)(post)).length;
}
