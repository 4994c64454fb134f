import { moveOfferCard } from '../../cards/move.ts';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { SentenceKey } from '../../src/text/text.ts';
import { show } from '../answers.ts';
import type { EventProblem } from '../eventArguments.ts';
import { markedText } from '../marked.ts';
import { notedLines } from '../note.ts';
import { sendReply } from '../reply.ts';
import { type CommandTurn, conversationHere, type Runs } from './command.ts';

const changeStatus =
  (status: Conversation['status'], done: SentenceKey) =>
  async (_command: unknown, turn: CommandTurn): Promise<string> => {
    const { operators, duty } = turn.tools.desk;
    const conversation = await conversationHere(turn);
    await operators.changeStatus(conversation, status);
    if (status === 'closed') await duty.freed(conversation);
    return turn.say(done);
  };

/** What is done with the conversation whose thread the command stands in. */
export const conversations: Runs<'reply' | 'note' | 'close' | 'open' | 'waiting' | 'event' | 'move'> = {
  close: changeStatus('closed', 'answer.closed'),
  open: changeStatus('open', 'answer.opened'),
  waiting: changeStatus('waiting', 'answer.waiting'),

  async reply({ text }, turn) {
    const { context, facts, tools, say } = turn;
    if (!text && !facts.pictures?.length && !facts.unsent?.length) return say('answer.needsReply');
    const words = (facts.guarded && markedText({ text })) || text;
    // A command runs once as a whole.
    return (await sendReply(context, { ...facts, text: words }, tools, (act) => act())) ? undefined : false;
  },

  async note({ text }, turn) {
    const { tools, facts, say } = turn;
    if (!text) return say('answer.needsNote');
    return notedLines(await tools.desk.operators.note(await conversationHere(turn), facts.person, text), say);
  },

  async move(_command, turn) {
    await conversationHere(turn);
    await show(turn.context, moveOfferCard(turn.say));
    return undefined;
  },

  async event({ problem, eventName, values }, turn) {
    const conversation = await conversationHere(turn);
    if (problem) return turn.say(wrongEvent[problem.code], { word: problem.word });
    if (!eventName) return turn.say('answer.needsEventName');
    await turn.tools.desk.operators.writeEvent(conversation, eventName, values);
    return turn.say('answer.eventWritten', { event: eventName });
  },
};

const wrongEvent: Record<EventProblem['code'], SentenceKey> = {
  missingName: 'answer.needsEventName',
  badName: 'answer.badEvent',
  badField: 'answer.badEvent',
  notKeyValue: 'answer.eventNotKeyValue',
  repeatedField: 'answer.eventRepeated',
  openQuote: 'answer.eventOpenQuote',
  valueTooLong: 'answer.eventTooLong',
};
