import type { TurnContext } from 'botbuilder';
import { speaker } from '../src/text/text.ts';
import { help, tell } from './answers.ts';
import type { Facts, Tools } from './facts.ts';
import { showWhereItWent } from './left.ts';
import { once } from './once.ts';

/** Sends what was written to the end user, and says why when it goes nowhere. */
export async function sendReply(context: TurnContext, facts: Facts, tools: Tools): Promise<void> {
  const { deskId, threadId, activityId, person, text, locale, botName } = facts;
  const say = speaker(locale);
  const receipt = await tools.desk.intake.reply({ deskId, source: { threadId, activityId, person }, text });
  if (receipt === 'withheld') await once(context, facts, tools, () => tell(context, say('answer.withheld')));
  if (receipt === 'ignored')
    await once(context, facts, tools, () => help(context, say, botName, say('answer.notSent')));
  if (receipt === 'left') {
    const found = await tools.desk.directory.conversationOf(threadId);
    if (!found) return;
    await once(context, facts, tools, () => showWhereItWent(context, facts, tools, found.value, 'answer.leftNotSent'));
  }
  if (receipt === 'stored' && facts.attachments) await tell(context, say('answer.attachments'));
}
