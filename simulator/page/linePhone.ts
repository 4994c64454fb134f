import type { SentFile, SimulatorState } from '../state.ts';
import { composer } from './composer.ts';
import { h, keyedList, type Piece, setAttribute, setText } from './dom.ts';
import { t } from './language.ts';
import { befriend, sendLine, shownAccount, shownLineCustomer } from './lineCurrent.ts';
import { lineExtras } from './lineExtras.ts';
import { lineMessagePiece, type Shown } from './lineMessage.ts';
import { stickToEnd } from './scroll.ts';

/** A phone with the talk between one customer and the account open. */
export function linePhone(): Piece<SimulatorState> {
  let latest: SimulatorState | undefined;
  let clock: ReturnType<typeof setTimeout> | undefined;
  const title = h('strong');
  const friendship = h('small');
  const friend = h('button', { type: 'button', class: 'small', 'data-testid': 'line-friend', onclick: toggle });
  const empty = h('p', { class: 'greeting' });
  const log = h('ol', { class: 'chat-log', role: 'log', tabindex: 0, 'data-testid': 'line-messages' });
  const draw = keyedList<Shown>(log, ({ message }) => message.id, lineMessagePiece);
  const stick = stickToEnd(log);
  const dots = h('span', { class: 'dots-moving', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
  const loadingWords = h('span', { class: 'hidden' });
  const loading = h('p', { class: 'line-loading', role: 'status', 'data-testid': 'line-loading' }, dots, loadingWords);
  const blocked = h('p', { class: 'line-blocked', role: 'status' });
  const extras = lineExtras();
  const write = composer({
    name: 'line',
    label: () => t('lineWrites'),
    placeholder: () => t('customerPlaceholder'),
    enclose: { most: 10, files: false },
    send: async ({ text, pictures }) => {
      const sent = await say(text, pictures);
      if (sent) stick.end();
      return sent;
    },
  });
  const element = h(
    'div',
    { class: 'phone' },
    h(
      'div',
      { class: 'chat' },
      h('header', {}, h('div', {}, title, friendship), friend),
      h('div', { class: 'chat-body' }, empty, log, loading),
      blocked,
      extras.element,
      write.element,
    ),
  );

  async function toggle(): Promise<void> {
    const customer = latest && shownLineCustomer(latest);
    if (customer) await befriend(customer, customer.friendship === 'friend' ? 'blocked' : 'friend');
  }

  /** The dots go by themselves when their time is over. */
  function drawLoading(until: string | undefined): void {
    clearTimeout(clock);
    const left = until === undefined ? 0 : Date.parse(until) - Date.now();
    loading.hidden = left <= 0;
    setText(loadingWords, left > 0 ? t('lineLoading') : '');
    if (left > 0) clock = setTimeout(() => drawLoading(until), left);
  }

  return {
    element,
    update(now) {
      latest = now;
      const customer = shownLineCustomer(now);
      const account = shownAccount(now);
      const isBlocked = customer?.friendship === 'blocked';
      const messages = customer?.messages ?? [];
      setText(title, account?.displayName ?? '');
      setText(friendship, customer ? `${customer.name} · ${t(friendWord[customer.friendship])}` : t('writingAsNobody'));
      setText(friend, customer ? t(nextWord[customer.friendship]) : '');
      friend.hidden = !customer;
      setText(empty, t('lineEmptyTalk'));
      empty.hidden = messages.length > 0;
      setAttribute(log, 'aria-label', t('lineLog'));
      setText(blocked, isBlocked ? t('lineBlockedNote') : '');
      blocked.hidden = !isBlocked;
      write.element.hidden = isBlocked;
      extras.element.hidden = isBlocked;
      const shown = messages.map((message) => ({
        message,
        customerId: customer?.id ?? '',
        accountName: account?.displayName ?? '',
      }));
      stick(() => {
        drawLoading(customer?.loadingUntil);
        draw(shown);
      }, customer?.id ?? '');
      extras.update();
      write.update();
    },
  };
}

const friendWord = { friend: 'lineFriend', none: 'lineNone', blocked: 'lineBlocked' } as const;
const nextWord = { friend: 'lineBlock', none: 'lineAdd', blocked: 'lineUnblock' } as const;

/** LINE has no picture with words: they go as messages of their own, pictures first. */
async function say(text: string, files: SentFile[]): Promise<boolean> {
  if (files.length > 0 && !(await sendLine({ type: 'image', files }))) return false;
  return text === '' || (await sendLine({ type: 'text', text }));
}
