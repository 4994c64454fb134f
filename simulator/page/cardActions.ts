import type { CardAction as Click, InvokeAnswer } from '../state.ts';
import { post } from './api.ts';
import type { CardAction } from './card.ts';
import { player, state } from './current.ts';
import { t } from './language.ts';
import { attempt, notice } from './notices.ts';
import { isWebAddress } from './postText.ts';
import { openTask } from './taskDialog.ts';
import { reply } from './thread.ts';

/** Does what Teams does when somebody presses a button of a card in a post. */
export async function runAction(action: CardAction, postId: string, threadId: string): Promise<void> {
  const kind = action.getJsonTypeName();
  if (kind === 'Action.OpenUrl') return openAddress((action as { url?: string }).url);
  const data = { ...((action as { data?: Record<string, unknown> }).data ?? {}) };
  const click: Click = { personId: player(state()).id, postId, data };
  if (kind === 'Action.Execute') {
    const verb = (action as { verb?: string }).verb;
    const answer = await attempt(() => post<InvokeAnswer>('tasks/execute', { ...click, verb }));
    if (answer) tell(answer);
    return;
  }
  if (kind !== 'Action.Submit') return;
  const { type, value, text } = (data.msteams ?? {}) as Record<string, unknown>;
  if (type === 'task/fetch') return openTask(click);
  // Both write in the person's name; a messageBack without a text only hands over its data.
  const words = type === 'imBack' ? value : type === 'messageBack' ? text : undefined;
  if (typeof words === 'string') {
    await reply(threadId, { text: words, mentionBot: true, mentions: [] });
    return;
  }
  if (await attempt(() => post('clicks', click))) notice(t('clickSent'), 'quiet');
}

/** Opens an address of a card in its own tab; other schemes than http(s) are refused. */
export function openAddress(url: unknown): void {
  if (isWebAddress(url)) window.open(url, '_blank', 'noopener,noreferrer');
  else notice(t('addressRefused'));
}

/** An Action.Execute may answer with a line of text; a new card comes as an update of the post. */
function tell({ status, body, error }: InvokeAnswer): void {
  if (status === 0 || status >= 400) notice(t('appUnreachable', { reason: error ?? `HTTP ${status}` }));
  const { type, value } = (body ?? {}) as { type?: unknown; value?: unknown };
  if (type === 'application/vnd.microsoft.activity.message') notice(String(value), 'quiet');
}
