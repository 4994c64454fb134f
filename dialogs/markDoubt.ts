import { speaker } from '../src/text/text.ts';
import type { Facts } from './facts.ts';
import { behindReply, marksIn } from './marked.ts';

/** What is asked before anything goes anywhere: what can be run instead, and why it is not clear. */
interface MarkDoubt {
  suggestions: string[];
  why?: string;
}

/** In the guarded mode, marks of which nobody can tell where they end; `undefined`: it is clear what goes out, if anything does. */
export function markDoubt({ text, code, quoted, guarded, locale }: Facts): MarkDoubt | undefined {
  if (!guarded || marksIn({ text, code, quoted }).kind !== 'unclear') return undefined;
  const bare = text.trim();
  // With one fence around all of it, it was only left open.
  const [before = '', behind = '', ...more] = bare.split(/`{3,}/);
  const whole =
    !code && !quoted && more.length === 0 && (before === '' || behind === '') ? `${before}${behind}`.trim() : '';
  return { suggestions: whole ? [`reply ${whole}`] : [], why: speaker(locale)('confirm.unclearMark') };
}

/** Whether words behind `reply` have to be asked about. `typed` is the command as it stands. */
export function replyDoubt(text: string, typed: string, { guarded, locale }: Facts): MarkDoubt | undefined {
  const why = text === '' ? undefined : speaker(locale)('confirm.replyOrTalk');
  // Where everything goes out, the word may be part of the answer (“Reply to this message …”).
  if (!guarded) return { suggestions: [typed], why };
  if (behindReply(text) !== undefined) return undefined;
  const marks = marksIn({ text });
  if (marks.kind === 'none') return { suggestions: [typed], why };
  const suggestions = marks.kind === 'marked' ? [`reply ${marks.text}`] : [];
  return { suggestions, why: speaker(locale)('confirm.unclearMark') };
}
