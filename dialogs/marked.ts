import { readFacts } from './disguise.ts';
import type { Facts } from './facts.ts';

const FENCE = /```([\s\S]*?)```/g;

/** How talk about a reply goes on behind that word, where an answer would hardly begin so. */
const TALK =
  /^(?:(?:is|was|are|were|will|would|should|must|has|have|had|to|the|that|from|by|and|or|not|later|needed|pending|late)(?![\p{L}\d])|は(?!い)|が(?!ん)|を)/iu;

/** Whether what stands behind “reply” may be talk among colleagues: “reply is late”, 「返信 は不要です」. */
export function isTalk(text: string): boolean {
  return TALK.test(text);
}

/** What of a message is marked for the end user in the guarded mode: the text in triple back-ticks, or in the block of code that a client makes of them. */
export function markedText({ text, code }: Pick<Facts, 'text' | 'code'>): string | undefined {
  const fenced = [...text.matchAll(FENCE)].map(([, inside = '']) => inside.trim()).filter(Boolean);
  if (fenced.length > 0) return fenced.join('\n');
  return code?.trim() || undefined;
}

/** What of a message goes to the end user at this desk; `undefined`: nothing, it is a command, a note, or has to be asked about. */
export function replyIn(facts: Facts): string | undefined {
  const reading = readFacts(facts);
  if (reading.kind === 'command' && reading.command.name === 'reply') {
    // What is asked about is not sent: the word may be part of the answer, or of talk about one.
    const { text } = reading.command;
    if (!facts.guarded || isTalk(text)) return undefined;
    return (markedText({ text }) ?? text) || undefined;
  }
  if (reading.kind !== 'text') return undefined;
  return facts.guarded ? markedText(facts) : facts.text;
}
