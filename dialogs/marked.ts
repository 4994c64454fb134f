import { isAboutReplying } from './aboutReplying.ts';
import { readFacts } from './disguise.ts';
import type { Facts } from './facts.ts';

/** Three back-ticks or more, however many a hurried hand typed. */
const FENCE = /`{3,}/g;

/** What of a message is marked for the end user. `outside`: what stands beside the marks; `unclear`: it can't be told where a mark ends. */
export type Marked = { kind: 'none' | 'unclear' } | { kind: 'marked'; text: string; outside: string };

/** Reads the marks of the guarded mode: text between triple back-ticks, or the block of code that a client makes of them. */
export function marksIn({ text, code = '', quoted = '' }: Pick<Facts, 'text' | 'code' | 'quoted'>): Marked {
  const pieces = text.split(FENCE);
  const fences = pieces.length - 1;
  // Marks that somebody else set, when they wrote what is quoted now.
  if (fences > 0 && quoted.includes('```')) return { kind: 'unclear' };
  if (code.trim() !== '') {
    const beside = fences - (code.split(FENCE).length - 1);
    return beside > 0 ? { kind: 'unclear' } : { kind: 'marked', text: code.trim(), outside: '' };
  }
  if (fences % 2 === 1) return { kind: 'unclear' };
  const parts = (odd: number) => pieces.filter((_, at) => at % 2 === odd).map((part) => part.trim());
  const inside = parts(1).filter(Boolean).join('\n');
  return inside === '' ? { kind: 'none' } : { kind: 'marked', text: inside, outside: parts(0).join('') };
}

/** What is marked; `undefined`: nothing is, or not clearly. */
export function markedText(facts: Pick<Facts, 'text' | 'code' | 'quoted'>): string | undefined {
  const marks = marksIn(facts);
  return marks.kind === 'marked' ? marks.text : undefined;
}

/** What of the words behind `reply` goes out in the guarded mode; `undefined`: that has to be asked. */
export function behindReply(text: string): string | undefined {
  const marks = marksIn({ text });
  if (marks.kind === 'none') return isAboutReplying(text) ? undefined : text;
  return marks.kind === 'marked' && marks.outside === '' ? marks.text : undefined;
}

/**
 * What of a message goes to the end user at this desk; `undefined`: nothing, it is a command, a note, or has to be asked about. No `pictures`: none
 * of them goes out, or there are none.
 */
export function replyIn(facts: Facts): Pick<Facts, 'text' | 'pictures'> | undefined {
  const { guarded } = facts;
  const pictures = facts.pictures?.length ? facts.pictures : undefined;
  const reading = readFacts(facts);
  if (reading.kind === 'command' && reading.command.name === 'reply' && guarded) {
    const text = behindReply(reading.command.text);
    return text === undefined || (text === '' && !pictures) ? undefined : { text, pictures };
  }
  if (reading.kind === 'empty') return guarded || !pictures ? undefined : { text: '', pictures };
  if (reading.kind !== 'text') return undefined;
  if (!guarded) return { text: facts.text, pictures };
  const text = markedText(facts);
  // A picture stands outside of the marks.
  return text === undefined ? undefined : { text };
}
