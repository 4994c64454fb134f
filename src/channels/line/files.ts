import { setTimeout as pause } from 'node:timers/promises';
import type { FetchedFile } from '../../desk/ports.ts';
import type { Content, LineApi } from './api.ts';
import { messageIn } from './content.ts';

/** How long to wait before LINE is asked again for a content that it is still preparing (ms). */
const AGAIN = 1_000;

/**
 * The content of a message. LINE prepares long videos and voice messages for a while (202): it is asked again as long as there is patience.
 * Source: developers.line.biz/en/reference/messaging-api/#get-content
 */
export async function fetched(
  api: LineApi,
  token: string,
  url: string,
  { most, patience }: { most: number; patience: number },
): Promise<FetchedFile> {
  const messageId = messageIn(url);
  // A content that somebody else provides lies anywhere: nobody is asked for it.
  if (messageId === undefined) return { kind: 'refused', code: 'picture.foreignHost', transient: false };
  const path = `/v2/bot/message/${encodeURIComponent(messageId)}/content`;
  const end = performance.now() + patience;
  for (;;) {
    const content = await api.content(path, token, most, Math.max(1, end - performance.now()));
    if (content.kind === 'bytes') return content;
    if (content.kind !== 'preparing' || performance.now() + AGAIN >= end) return whyNot(content);
    await pause(AGAIN);
  }
}

function whyNot(content: Exclude<Content, { kind: 'bytes' }>): FetchedFile {
  if (content.kind === 'tooLarge') return { kind: 'refused', code: 'picture.tooLarge', transient: false };
  if (content.kind === 'refused' && ['line.notFound', 'line.gone'].includes(content.code))
    return { kind: 'refused', code: 'picture.gone', transient: false };
  if (content.kind === 'refused' && ['line.unauthorized', 'line.forbidden'].includes(content.code))
    return { kind: 'refused', code: 'picture.notAllowed', transient: false };
  return { kind: 'refused', code: 'picture.unavailable', transient: true };
}
