import type { FaultRequest, FaultsState, Side, SimulatorState } from '../state.ts';
import { post, remove } from './api.ts';
import { h, onChange, type Piece, setAttribute, setText } from './dom.ts';
import { type FaultKind, faultKinds, faultOf, plannedWords, sideWord } from './faultKinds.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { attempt } from './notices.ts';
import { worldControls } from './worldControls.ts';

const sides: Side[] = ['karte', 'line', 'teams'];
const slowMs = [0, 1_000, 5_000, 20_000];

/** Makes things go wrong on purpose: single calls, a slow side, a side that is away. What is planned stands below. */
export function faultPanel(): Piece<SimulatorState> {
  const summaryText = h('span', { class: 'label' });
  const count = h('span', { class: 'badge' });
  const summary = h('summary', {}, icon('bolt'), summaryText, count);
  const side = h('select', { id: 'fault-side' });
  const kind = h('select', { id: 'fault-kind' });
  const times = h('input', { id: 'fault-times', type: 'number', min: 1, max: 99, value: 1 });
  const labels = {
    side: h('label', { for: 'fault-side' }),
    kind: h('label', { for: 'fault-kind' }),
    times: h('label', { for: 'fault-times' }),
  };
  const intro = h('p', { class: 'quiet' });
  const add = h('button', { type: 'submit', class: 'primary', 'data-testid': 'fault-add' });
  const switches = sides.map(sideSwitches);
  const planned = h('ul', { class: 'planned', 'aria-live': 'polite' });
  const clear = h('button', {
    type: 'button',
    'data-testid': 'fault-clear',
    onclick: () => attempt(() => remove('faults')),
  });
  const world = worldControls();
  const form = h(
    'form',
    { onsubmit: plan },
    h('div', { class: 'fields' }, labels.side, side, labels.kind, kind, labels.times, times),
    add,
  );
  const body = h(
    'div',
    { class: 'fault-body' },
    intro,
    form,
    ...switches.map(({ element }) => element),
    planned,
    clear,
    world.element,
  );
  const element = h(
    'details',
    { class: 'faults', 'data-testid': 'fault-panel', onkeydown: closeOnEscape },
    summary,
    body,
  );
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !element.contains(event.target)) element.open = false;
  });

  function closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !element.open) return;
    element.open = false;
    summary.focus();
  }

  function plan(event: Event): void {
    event.preventDefault();
    const request = faultOf(side.value as Side, kind.value as FaultKind, Math.max(1, times.valueAsNumber || 1));
    void attempt(() => post<FaultsState>('faults', request satisfies FaultRequest));
  }

  const drawChoices = onChange<void>(
    () => t('faults'),
    () => {
      const [chosenSide, chosenKind] = [side.value, kind.value];
      side.replaceChildren(...sides.map((one) => h('option', { value: one }, sideWord(one))));
      kind.replaceChildren(...faultKinds().map(({ kind: value, words }) => h('option', { value }, words)));
      if (chosenSide !== '') side.value = chosenSide;
      if (chosenKind !== '') kind.value = chosenKind;
    },
  );
  const drawPlanned = onChange<FaultsState>(
    (faults) => JSON.stringify([t('faults'), faults]),
    (faults) =>
      planned.replaceChildren(...plannedWords(faults).map((words) => h('li', {}, icon('bolt'), h('span', {}, words)))),
  );

  return {
    element,
    update(now) {
      const active = plannedWords(now.faults).length;
      setText(summaryText, t('faults'));
      setAttribute(summary, 'title', t('faults'));
      setAttribute(summary, 'aria-label', active > 0 ? t('faultsActive', { n: active }) : t('faults'));
      setText(count, active > 0 ? String(active) : '');
      count.hidden = active === 0;
      setText(intro, t('faultsIntro'));
      setText(labels.side, t('faultSide'));
      setText(labels.kind, t('faultKind'));
      setText(labels.times, t('faultTimes'));
      setText(add, t('faultAdd'));
      setText(clear, t('faultClear'));
      clear.disabled = active === 0;
      drawChoices();
      for (const one of switches) one.update(now.faults);
      drawPlanned(now.faults);
      world.update(now);
    },
  };
}

function sideSwitches(side: Side): Piece<FaultsState> {
  const offline = h('input', {
    type: 'checkbox',
    'data-testid': `offline-${side}`,
    onchange: change,
  });
  const offlineWords = h('span');
  const slow = h('select', { 'data-testid': `slow-${side}`, onchange: change });
  const legend = h('legend');
  function change(): void {
    void attempt(() => post('faults', { side, offline: offline.checked, slowMs: Number(slow.value) }));
  }
  const drawSlow = onChange<void>(
    () => t('slowNot'),
    () =>
      slow.replaceChildren(
        ...slowMs.map((ms) => h('option', { value: ms }, ms === 0 ? t('slowNot') : t('slowBy', { n: ms / 1000 }))),
      ),
  );
  return {
    element: h(
      'fieldset',
      { class: 'side-switches' },
      legend,
      h('label', { class: 'row' }, offline, offlineWords),
      slow,
    ),
    update(faults) {
      setText(legend, sideWord(side));
      setText(offlineWords, t('offline'));
      slow.setAttribute('aria-label', t('slowLabel', { side: sideWord(side) }));
      drawSlow();
      offline.checked = faults[side].offline;
      slow.value = String(faults[side].slowMs);
    },
  };
}
