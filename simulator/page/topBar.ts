import type { SimulatorState } from '../state.ts';
import { h, type Piece, setAttribute, setText } from './dom.ts';
import { faultPanel } from './faultPanel.ts';
import { icon } from './icons.ts';
import { language, setLanguage, t } from './language.ts';
import type { Line } from './live.ts';
import { look } from './view.ts';

/** Name, state of the lines, faults and language: the top of the page. */
export function topBar(): Piece<SimulatorState | undefined> & { setLine(line: Line): void } {
  let line: Line = 'connecting';
  let latest: SimulatorState | undefined;
  const name = h('h1');
  const lineDot = h('span', { class: 'line-dot', 'aria-hidden': 'true' });
  const lineWords = h('span');
  const lineBar = h('p', { class: 'line', role: 'status', 'data-testid': 'connection' }, lineDot, lineWords);
  const faults = faultPanel();
  const languageWords = h('span');
  const languageSwitch = h(
    'button',
    { type: 'button', 'data-testid': 'language-switch', onclick: changeLanguage },
    icon('globe'),
    languageWords,
  );
  const element = h(
    'header',
    { class: 'top' },
    h('div', { class: 'brand' }, h('span', { class: 'brand-mark', 'aria-hidden': 'true' }, '窓'), name),
    lineBar,
    faults.element,
    languageSwitch,
  );

  function changeLanguage(): void {
    setLanguage(language() === 'ja' ? 'en' : 'ja');
    look({});
  }

  function drawLine(): void {
    const [tone, words] = lineState(line, latest);
    setText(lineWords, words);
    setAttribute(lineBar, 'data-tone', tone);
    setAttribute(lineBar, 'title', words);
  }

  return {
    element,
    setLine(next) {
      line = next;
      drawLine();
    },
    update(now) {
      latest = now;
      document.title = t('title');
      setText(name, t('title'));
      const other = language() === 'ja' ? 'en' : 'ja';
      setText(languageWords, other === 'en' ? 'English' : '日本語');
      setAttribute(languageSwitch, 'lang', other);
      drawLine();
      if (now) faults.update(now);
    },
  };
}

/** What the person should know first: our own line, then the app, then how the bot fares. */
function lineState(line: Line, now: SimulatorState | undefined): ['good' | 'wait' | 'bad', string] {
  if (line === 'lost') return ['bad', t('lineLost')];
  if (line === 'connecting' || !now) return ['wait', t('lineConnecting')];
  if (!now.bot.installed) return ['wait', t('lineNotInstalled', { bot: now.bot.name })];
  const { state, status, error } = now.botStatus;
  if (state === 'failing') return ['bad', t('lineBotFails', { reason: status ? `HTTP ${status}` : (error ?? '') })];
  return state === 'answering' ? ['good', t('lineGood')] : ['good', t('lineReady')];
}
