import type { Facts } from './facts.ts';

const FENCE = /```([\s\S]*?)```/g;

/** What of a message is marked for the end user in the guarded mode: the text in triple back-ticks, or in the block of code that a client makes of them. */
export function markedText({ text, code }: Pick<Facts, 'text' | 'code'>): string | undefined {
  const fenced = [...text.matchAll(FENCE)].map(([, inside = '']) => inside.trim()).filter(Boolean);
  if (fenced.length > 0) return fenced.join('\n');
  return code?.trim() || undefined;
}
