import type { OperatorActions } from '../src/desk/operatorActions.ts';
import { type Say, sentenceOf } from '../src/text/text.ts';

/** What to say of a note: where it is kept, and why not in the channel when it isn't. */
export function notedLines(noted: Awaited<ReturnType<OperatorActions['note']>>, say: Say): string {
  if (noted.kept === 'channel') return say('answer.noted');
  const why = noted.refusal && sentenceOf(noted.refusal, say);
  return [say('answer.notedHere'), why].filter(Boolean).join('\n\n');
}
