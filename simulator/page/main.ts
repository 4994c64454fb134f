import { hold, state } from './current.ts';
import { customerSide } from './customerSide.ts';
import { h } from './dom.ts';
import { t } from './language.ts';
import { follow } from './live.ts';
import { newPosts } from './newPosts.ts';
import { mountNotices, reachable } from './notices.ts';
import { sideTabs } from './sideTabs.ts';
import { mountTaskDialog } from './taskDialog.ts';
import { teamsSide } from './teamsSide.ts';
import { topBar } from './topBar.ts';
import { tour } from './tour.ts';
import { onLook } from './view.ts';

/** Puts the page together: the frame at once, both sides with the first state, and everything again at each change. */
const top = topBar();
const tabs = sideTabs();
const waiting = h('p', { class: 'waiting', role: 'status' }, t('lineConnecting'));
const main = h('main', {}, waiting);
const speak = newPosts();
let pieces: ReturnType<typeof build> | undefined;

function build() {
  const parts = [tour(), customerSide(), teamsSide()] as const;
  main.replaceChildren(parts[1].element, parts[2].element);
  main.before(parts[0].element);
  return parts;
}

function draw(): void {
  if (!pieces) {
    top.update(undefined);
    tabs.update(undefined);
    return;
  }
  top.update(state());
  tabs.update(state());
  for (const piece of pieces) piece.update(state());
}

document.body.replaceChildren(top.element, tabs.element, main);
mountNotices();
mountTaskDialog();
draw();
onLook(draw);
follow(
  (now) => {
    hold(now);
    pieces ??= build();
    draw();
    speak(now);
  },
  (line) => {
    top.setLine(line);
    if (line === 'open') reachable();
  },
);
