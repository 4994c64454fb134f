import type { SimulatorState } from '../state.ts';
import { h, type Piece, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { copy } from './notices.ts';
import { look, view } from './view.ts';

/** Three steps for somebody who sees the page for the first time; each ticks itself off when it happened. */
export function tour(): Piece<SimulatorState> {
  const title = h('strong');
  const steps = [step('1'), step('2'), step('3')];
  const command = h('button', { type: 'button', class: 'command', onclick: copyCommand });
  function copyCommand(): void {
    void copy(command.textContent ?? '');
  }

  steps[2]?.element.append(command);
  const close = h(
    'button',
    { type: 'button', class: 'plain', onclick: () => look({ tourClosed: true }) },
    icon('close'),
  );
  const element = h(
    'aside',
    { class: 'tour', 'data-testid': 'tour' },
    title,
    h('ol', {}, ...steps.map((one) => one.element)),
    close,
  );
  return {
    element,
    update(now) {
      element.hidden = view().tourClosed;
      setAttribute(element, 'aria-label', t('tour'));
      setText(title, t('tour'));
      setAttribute(close, 'aria-label', t('tourClose'));
      setAttribute(close, 'title', t('tourClose'));
      setText(command, `operator link ${now.project.operators[0]?.id ?? ''}`);
      setAttribute(command, 'title', t('copyValue', { name: t('tourCommand') }));
      const answers = now.customers.flatMap((customer) => customer.messages).filter((message) => message.via === 'api');
      const byLine = now.line.customers.flatMap((customer) => customer.messages);
      const asked = [...now.customers, ...now.line.customers].some((customer) => customer.messages.length > 0);
      steps[0]?.update({ words: t('tour1'), done: asked });
      steps[1]?.update({
        words: t('tour2'),
        done: answers.length > 0 || byLine.some(({ from }) => from === 'account'),
      });
      steps[2]?.update({ words: t('tour3'), done: answers.some((message) => message.from === 'operator') });
    },
  };
}

function step(number: string): Piece<{ words: string; done: boolean }> {
  const mark = h('span', { class: 'step-mark', 'aria-hidden': 'true' });
  const words = h('span');
  const state = h('span', { class: 'hidden' });
  return {
    element: h('li', {}, mark, words, state),
    update({ words: text, done }) {
      setText(words, text);
      setText(state, done ? t('done') : '');
      mark.classList.toggle('done', done);
      mark.replaceChildren(done ? icon('check') : number);
    },
  };
}
