import type { TurnContext } from 'botbuilder';
import { speaker } from '../src/text/text.ts';
import { help, tell } from './answers.ts';
import type { Facts, Tools } from './facts.ts';
import { markedText } from './marked.ts';
import { keepNote } from './note.ts';
import { once } from './once.ts';

/** What was written and is no command: it goes to the end user, unless this desk sends only what is marked. */
export async function sendText(context: TurnContext, facts: Facts, tools: Tools): Promise<void> {
  if (!facts.guarded) return sendReply(context, facts, tools);
  const marked = markedText(facts);
  if (marked !== undefined) return sendReply(context, { ...facts, text: marked }, tools);
  await once(context, facts, tools, () => keepNote(context, facts, tools));
}

/** Sends it to the end user, and says why when it goes nowhere. */
export async function sendReply(context: TurnContext, facts: Facts, tools: Tools): Promise<void> {
  const { deskId, threadId, activityId, person, text, locale, botName } = facts;
  const say = speaker(locale);
  const receipt = await tools.desk.intake.reply({ deskId, source: { threadId, activityId, person }, text });
  if (receipt === 'withheld') await once(context, facts, tools, () => tell(context, say('answer.withheld')));
  if (receipt === 'ignored')
    await once(context, facts, tools, () => help(context, say, botName, say('answer.notSent')));
  if (receipt === 'stored' && facts.attachments) await tell(context, say('answer.attachments'));
}
