import type { SimulatorState } from '../state.ts';
import { post } from './api.ts';
import { player, state } from './current.ts';
import { h, type Piece, setText } from './dom.ts';
import { t } from './language.ts';
import { attempt } from './notices.ts';
import { look } from './view.ts';

const secondThoughtMs = 4_000;

/** Installing and removing the app, and beginning anew. The latter asks for a second press. */
export function worldControls(): Piece<SimulatorState> {
  let sure = false;
  const install = h('button', { type: 'button', 'data-testid': 'install', onclick: toggle });
  const reset = h('button', { type: 'button', class: 'danger', 'data-testid': 'reset', onclick: beginAnew });

  async function toggle(): Promise<void> {
    const body = { installed: !state().bot.installed, personId: player(state()).id };
    await attempt(() => post('install', body));
  }

  async function beginAnew(): Promise<void> {
    if (!sure) return ask(true);
    ask(false);
    if (await attempt(() => post('reset', {})))
      look({ customerId: undefined, lineCustomerId: undefined, channelId: undefined, pages: {}, metadata: {} });
  }

  function ask(on: boolean): void {
    sure = on;
    setText(reset, t(on ? 'resetSure' : 'reset'));
    if (on) setTimeout(() => ask(false), secondThoughtMs);
  }

  return {
    element: h('div', { class: 'row world' }, install, reset),
    update(now) {
      setText(install, t(now.bot.installed ? 'uninstall' : 'install', { bot: now.bot.name }));
      setText(reset, t(sure ? 'resetSure' : 'reset'));
    },
  };
}
