import { readFacts } from './disguise.ts';
import type { Facts } from './facts.ts';

const FENCE = /```([\s\S]*?)```/g;

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
    // There it is asked about: the word may be part of the answer.
    if (!facts.guarded) return undefined;
    const { text } = reading.command;
    return (markedText({ text }) ?? text) || undefined;
  }
  if (reading.kind !== 'text') return undefined;
  return facts.guarded ? markedText(facts) : facts.text;
}
