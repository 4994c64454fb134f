import type { TurnContext } from 'botbuilder';
import type { OperatorActions } from '../src/desk/operatorActions.ts';
import { type Say, sentenceOf, speaker } from '../src/text/text.ts';
import { help, tell } from './answers.ts';
import type { Facts, Tools } from './facts.ts';
import { showWhereItWent } from './left.ts';

/** What to say of a note: where it is kept, and why not in the channel when it isn't. */
export function notedLines(noted: Awaited<ReturnType<OperatorActions['note']>>, say: Say): string {
  if (noted.kept === 'channel') return say('answer.noted');
  const why = noted.refusal && sentenceOf(noted.refusal, say);
  return [say('answer.notedHere'), why].filter(Boolean).join('\n\n');
}

/** In the guarded mode: what was written without a mark stays among colleagues, and its writer is told how to send it. Whether it was kept. */
export async function keepNote(context: TurnContext, facts: Facts, tools: Tools): Promise<boolean> {
  const { deskId, threadId, person, text, locale, botName } = facts;
  const say = speaker(locale);
  const found = await tools.desk.directory.conversationOf(threadId);
  if (found?.value.deskId !== deskId) {
    await help(context, say, botName, say('answer.notSent'));
    return false;
  }
  if (tools.desk.moves.hasLeft(found.value, threadId)) {
    await showWhereItWent(context, facts, tools, found.value, 'answer.leftNotDone');
    return false;
  }
  try {
    const noted = await tools.desk.operators.note(found.value, person, text);
    await tell(context, [notedLines(noted, say), say('answer.howToSend')].join('\n\n'));
    return true;
  } catch (error) {
    const reason = sentenceOf(error, say);
    if (reason === undefined) throw error;
    await tell(context, [reason, say('answer.howToSend')].join('\n\n'));
    return false;
  }
}
