import { ApiError } from './api.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';

/** Short lines at the edge of the page: what went wrong and what was done. They stay until closed, or a while when quiet. */

const place = h('div', { class: 'notices' });
const voice = h('div', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
const quietMs = 6_000;

/** Puts the places for notices and announcements on the page, once. */
export function mountNotices(): void {
  document.body.append(place, voice);
  // A closing dialog must not take a notice along. (`close` does not bubble.)
  document.addEventListener('close', () => document.body.append(place), true);
}

/** Says something to users of screen readers only. */
export function announce(text: string): void {
  voice.textContent = text;
}

/** The simulator answers again: what said that it did not is over. */
export function reachable(): void {
  for (const line of document.querySelectorAll('.notice.unreachable')) line.remove();
}

/** Shows a line. `alert` stays until it is closed. */
export function notice(text: string, kind: 'alert' | 'quiet' | 'alert unreachable' = 'alert'): void {
  const close = (): void => line.remove();
  const line = h(
    'div',
    { class: `notice ${kind}`, role: kind === 'quiet' ? 'status' : 'alert' },
    h('span', {}, text),
    h('button', { type: 'button', class: 'plain', 'aria-label': t('close'), onclick: close }, icon('close')),
  );
  while (place.childElementCount >= 3) place.firstElementChild?.remove();
  // An open dialog lies above the whole page: a notice is only seen inside it.
  const dialog = document.querySelector('dialog[open]');
  (dialog ?? document.body).append(place);
  place.append(line);
  if (kind === 'quiet') setTimeout(close, quietMs);
}

/** Runs a call to the simulator; a refusal is shown to the person. Resolves with the answer, or undefined when refused. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0) notice(t('unreachable'), 'alert unreachable');
    else notice(t('refused', { reason: error.message }));
    return undefined;
  }
}

/** Copies a value and says so. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notice(t('copied'), 'quiet');
  } catch {
    // No permission, or no secure context: the value stands on the page and can be selected.
    notice(t('copyFailed'));
  }
}
