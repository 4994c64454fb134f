import type { Post } from '../../simulator/state.ts';
import type { Stand } from './stand.ts';

/** The pictures that a post's card shows. */
export function imagesOf(post: Post | undefined): { url: string; altText: string }[] {
  const card = post?.attachments[0]?.content as { body?: { type: string }[] } | undefined;
  return (card?.body ?? []).filter(({ type }) => type === 'Image') as unknown as { url: string; altText: string }[];
}

/** The links to files of ours in a text. */
export function linksIn(text: string): string[] {
  return text.match(/https?:\/\/\S+\/files\/\S+/g) ?? [];
}

/** Opens a link of ours, at the product itself. */
export async function opened({ running }: Stand, link = '', init?: RequestInit) {
  const { pathname, search } = new URL(link);
  const answer = await fetch(`${running.url}${pathname}${search}`, init);
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** Every call for a file that the product made at one side. */
export function fetched({ simulator }: Stand, side: 'teams' | 'karte') {
  const pattern = side === 'teams' ? /^\/v3\/attachments\// : /^\/files\//;
  return simulator[side].calls.filter(({ method, path }) => method === 'GET' && pattern.test(path));
}
