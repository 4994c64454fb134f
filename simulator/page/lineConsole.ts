import type { LineAccount, LineWebhookTest } from '../line/world.ts';
import type { SimulatorState } from '../state.ts';
import { part, post } from './api.ts';
import { h, onChange, type Piece, setText, setValue } from './dom.ts';
import { copyButton } from './karteValues.ts';
import { t } from './language.ts';
import { shownAccount } from './lineCurrent.ts';
import { attempt } from './notices.ts';
import type { Word } from './words.ts';

/** LINE's two consoles, small: the webhook and its switches, Verify, the month's limit, and the values that the desk asks for. */
export function lineConsole(): Piece<SimulatorState> {
  let account: LineAccount | undefined;
  const summary = h('summary');
  const hint = h('p', { class: 'quiet' });
  const url = h('input', {
    id: 'line-url',
    type: 'url',
    maxlength: 500,
    'data-testid': 'line-webhook',
    onchange: save,
  });
  const active = h('input', { id: 'line-active', type: 'checkbox', 'data-testid': 'line-active', onchange: save });
  const redelivery = h('input', { id: 'line-redelivery', type: 'checkbox', onchange: save });
  const chat = h('input', { id: 'line-chat', type: 'checkbox', onchange: save });
  const quota = h('input', { id: 'line-quota', type: 'number', min: 0, onchange: save });
  const used = h('output', { id: 'line-used' });
  const rows = [
    row('lineWebhookUrl', url),
    row('lineUseWebhook', active),
    row('lineRedelivery', redelivery),
    row('lineChat', chat),
    row('lineQuota', quota),
    row('lineUsed', used),
  ];
  const verify = h('button', { type: 'button', class: 'small', 'data-testid': 'line-verify', onclick: verifyUrl });
  const verified = h('span', { role: 'status', 'data-testid': 'line-verified' });
  const values = h('details', { class: 'karte-values', 'data-testid': 'line-values' });
  const element = h(
    'details',
    { class: 'karte', 'data-testid': 'line-console' },
    summary,
    h(
      'div',
      { class: 'karte-body' },
      hint,
      h('div', { class: 'fields' }, ...rows.flatMap(({ label, field }) => [label, field])),
      h('div', { class: 'row' }, verify, verified),
      values,
    ),
  );

  const ask = <T>(path: string, body: unknown): Promise<T | undefined> =>
    attempt(() => post<T>(`line/accounts/${part(account?.channelId ?? '')}${path}`, body));

  async function save(): Promise<void> {
    const address = url.value.trim();
    const webhook = { active: active.checked, redelivery: redelivery.checked, ...(address ? { url: address } : {}) };
    const limit = quota.value === '' ? null : Math.max(0, Math.trunc(quota.valueAsNumber || 0));
    await ask('', { webhook, quota: limit, chatMode: chat.checked ? 'chat' : 'bot' });
    if (account) show(account);
  }

  async function verifyUrl(): Promise<void> {
    setText(verified, '');
    const test = await ask<LineWebhookTest>('/verify', {});
    if (!test) return;
    const { success, reason, detail } = test;
    setText(verified, success ? t('lineVerified', { detail }) : t('lineNotVerified', { reason, detail }));
  }

  function show({ webhook, chatMode, quota: limit, used: count }: LineAccount): void {
    if (document.activeElement !== url) setValue(url, webhook.url ?? '');
    if (document.activeElement !== quota) setValue(quota, limit === null ? '' : String(limit));
    active.checked = webhook.active;
    redelivery.checked = webhook.redelivery;
    chat.checked = chatMode === 'chat';
    setText(used, String(count));
  }

  const drawValues = onChange<LineAccount>(
    (one) => JSON.stringify([t('lineValues'), one.channelId, one.channelSecret, one.basicId, one.accessToken]),
    (one) => {
      const list = valuesOf(one).flatMap(([word, value]) => [
        h('dt', {}, t(word)),
        h('dd', {}, h('code', {}, value), copyButton(t(word), value)),
      ]);
      values.replaceChildren(
        h('summary', {}, t('lineValues')),
        h('dl', {}, ...list),
        h('div', { class: 'row' }, reissue('lineSecret', '/secret'), reissue('lineToken', '/token')),
      );
    },
  );

  function reissue(word: Word, path: string): HTMLElement {
    const words = t('lineReissue', { name: t(word) });
    return h('button', { type: 'button', class: 'small', onclick: () => ask(path, {}) }, words);
  }

  return {
    element,
    update(now) {
      account = shownAccount(now);
      setText(summary, t('lineConsole'));
      setText(hint, t('lineConsoleHint'));
      for (const { label, word } of rows) setText(label, t(word));
      setText(verify, t('lineVerify'));
      verify.disabled = account?.webhook.url === undefined;
      if (!account) return;
      show(account);
      drawValues(account);
    },
  };
}

function row(word: Word, field: HTMLElement) {
  return { word, field, label: h('label', { for: field.id }) };
}

function valuesOf({ channelId, channelSecret, basicId, accessToken }: LineAccount): [Word, string][] {
  return [
    ['lineChannelId', channelId],
    ['lineSecret', channelSecret],
    ['lineBasicId', basicId],
    ['lineToken', accessToken],
  ];
}
