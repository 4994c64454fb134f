import type { CardAction as Click, InvokeAnswer } from '../state.ts';
import { post } from './api.ts';
import { type CardAction, cardPlace } from './card.ts';
import { openAddress } from './cardActions.ts';
import { h, setAttribute, setText } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { attempt } from './notices.ts';

interface Task {
  type?: 'continue' | 'message';
  value?: unknown;
}

const widths: Record<string, string> = { small: '26rem', medium: '38rem', large: '52rem' };

const title = h('h2', { id: 'task-title' });
const closeButton = h('button', { type: 'button', class: 'plain', onclick: close }, icon('close'));
const place = h('div', { class: 'task-body' });
const dialog = h(
  'dialog',
  { class: 'task', 'data-testid': 'task-dialog', 'aria-labelledby': 'task-title' },
  h('header', {}, title, closeButton),
  place,
);
/** The click that opened the dialog: its post is where submits belong to. */
let origin: Click | undefined;
const card = cardPlace((action) => void run(action));

function close(): void {
  dialog.close();
}

/** Puts the (closed) dialog on the page, once. */
export function mountTaskDialog(): void {
  document.body.append(dialog);
  // A late answer must not open what the person closed.
  dialog.addEventListener('close', () => {
    origin = undefined;
  });
}

/** Opens a task module: asks the bot for its card (`task/fetch`) and shows it until it is submitted or closed. */
export async function openTask(click: Click): Promise<void> {
  origin = click;
  setText(title, t('taskLoading'));
  setAttribute(closeButton, 'aria-label', t('close'));
  dialog.style.width = widths.medium as string;
  place.replaceChildren(h('p', { class: 'loading', role: 'status' }, t('taskLoading')));
  dialog.showModal();
  await ask('tasks/fetch', click);
}

async function run(action: CardAction): Promise<void> {
  if (action.getJsonTypeName() === 'Action.OpenUrl') return openAddress((action as { url?: string }).url);
  if (action.getJsonTypeName() !== 'Action.Submit' || !origin) return;
  const data = (action as { data?: Record<string, unknown> }).data ?? {};
  await ask('tasks/submit', { ...origin, data });
}

async function ask(path: string, click: Click): Promise<void> {
  const asked = origin;
  place.inert = true;
  setAttribute(dialog, 'aria-busy', 'true');
  const answer = await attempt(() => post<InvokeAnswer>(path, click));
  place.inert = false;
  setAttribute(dialog, 'aria-busy', undefined);
  if (origin !== asked) return;
  if (!answer) {
    if (path === 'tasks/fetch') dialog.close();
    return;
  }
  if (answer.status === 0 || answer.status >= 400)
    return say(t('appUnreachable', { reason: answer.error ?? `HTTP ${answer.status}` }));
  show((answer.body as { task?: Task } | undefined)?.task);
}

/** `continue` shows a card, `message` a sentence, nothing closes. */
function show(task: Task | undefined): void {
  if (task?.type === 'message') say(String(task.value ?? ''));
  else if (task?.type === 'continue') showCard(task.value);
  else dialog.close();
}

function showCard(content: unknown): void {
  const value = (content ?? {}) as { title?: string; width?: string | number; card?: { content?: unknown } };
  setText(title, value.title ?? '');
  dialog.style.width =
    typeof value.width === 'number' ? `${value.width}px` : (widths[value.width ?? 'medium'] ?? '38rem');
  card.forget();
  card.draw(value.card?.content ?? {});
  place.replaceChildren(card.element);
  place.querySelector<HTMLElement>('input, textarea, select')?.focus();
}

function say(text: string): void {
  const done = h('button', { type: 'button', class: 'primary', onclick: close }, t('close'));
  place.replaceChildren(h('p', { class: 'task-message', role: 'status' }, text), h('div', { class: 'row end' }, done));
  done.focus();
}
