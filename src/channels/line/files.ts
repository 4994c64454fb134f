import { setTimeout as pause } from 'node:timers/promises';
import type { FetchedFile } from '../../desk/ports.ts';
import type { Answer, Call, Content } from './api.ts';
import { messageIn } from './content.ts';

/** How long to wait before LINE is asked again about a content that it is still preparing (ms). */
const AGAIN = 1_000;

/** How contents are asked for, each with the token of the account in question. */
export interface ContentCalls {
  bytes(path: string, most: number, patience: number): Promise<Content>;
  ask(call: Omit<Call, 'token'>): Promise<Answer>;
}

/**
 * The content of a message. LINE prepares long videos and voice messages for a while (202): it is asked how far that is as long as there is patience.
 * Source: developers.line.biz/en/reference/messaging-api/#get-content
 */
export async function fetched(
  { bytes, ask }: ContentCalls,
  url: string,
  { most, patience }: { most: number; patience: number },
): Promise<FetchedFile> {
  const messageId = messageIn(url);
  // A content that somebody else provides lies anywhere: nobody is asked for it.
  if (messageId === undefined) return refused('picture.foreignHost');
  const path = `/v2/bot/message/${encodeURIComponent(messageId)}/content`;
  const end = performance.now() + patience;
  for (;;) {
    const content = await bytes(path, most, Math.max(1, end - performance.now()));
    if (content.kind === 'bytes') return content;
    if (content.kind !== 'preparing') return whyNot(content);
    for (let state = 'processing'; state === 'processing'; ) {
      if (performance.now() + AGAIN >= end) return refused('picture.unavailable', true);
      await pause(AGAIN);
      state = await stateOf(ask, path);
      // It was the customer's file that LINE could make nothing of: asking again changes nothing.
      if (state === 'failed') return refused('picture.gone');
    }
  }
}

/** How far the preparation is. Where LINE does not say, the content itself will. */
async function stateOf(ask: ContentCalls['ask'], path: string): Promise<string> {
  const answer = await ask({ method: 'GET', path: `${path}/transcoding`, data: true });
  const status = answer.kind === 'delivered' ? (answer.body as { status?: unknown } | undefined)?.status : undefined;
  return typeof status === 'string' ? status : 'unknown';
}

function whyNot(content: Exclude<Content, { kind: 'bytes' }>): FetchedFile {
  if (content.kind === 'tooLarge') return refused('picture.tooLarge');
  if (content.kind === 'refused' && ['line.notFound', 'line.gone'].includes(content.code))
    return refused('picture.gone');
  if (content.kind === 'refused' && ['line.unauthorized', 'line.forbidden', 'line.badSecret'].includes(content.code))
    return refused('picture.notAllowed');
  return refused('picture.unavailable', true);
}

function refused(code: string, transient = false): FetchedFile {
  return { kind: 'refused', code, transient };
}
