import type { TurnContext } from 'botbuilder';
import { leftCard } from '../cards/move.ts';
import type { Conversation } from '../src/desk/conversation.ts';
import { type SentenceKey, speaker } from '../src/text/text.ts';
import { show } from './answers.ts';
import type { Facts, Tools } from './facts.ts';
import { Refusal } from './refusal.ts';

/** What was asked for in a thread that its conversation has left. */
export class HasLeft extends Refusal {
  readonly conversation: Conversation;

  constructor(conversation: Conversation) {
    super('answer.leftNotDone');
    this.conversation = conversation;
  }
}

/** Says that nothing was done, with a link to where the conversation goes on. */
export async function showWhereItWent(
  context: TurnContext,
  { deskId, locale }: Facts,
  { desk }: Tools,
  conversation: Conversation,
  sentence: SentenceKey,
): Promise<void> {
  const team = await desk.administration.read(deskId);
  await show(context, leftCard(team, conversation, sentence, speaker(locale)));
}
