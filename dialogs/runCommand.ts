import type { TurnContext } from 'botbuilder';
import { setupFields, setupOfferCard } from '../cards/setup.ts';
import type { Conversation } from '../src/desk/conversation.ts';
import { type Say, type SentenceKey, sentenceOf, speaker } from '../src/text/text.ts';
import { help, show, tell } from './answers.ts';
import type { EventProblem } from './eventArguments.ts';
import type { Facts, Tools } from './facts.ts';
import type { Command } from './grammar.ts';
import { Refusal } from './refusal.ts';
import { memberFor, setUp } from './setup.ts';

/** Runs one command and says what came of it, in the thread where it was given. Whatever goes wrong is said there too. */
export async function runCommand(context: TurnContext, command: Command, facts: Facts, tools: Tools): Promise<void> {
  const say = speaker(facts.locale);
  try {
    const answer = await answerTo(context, command, facts, tools, say);
    if (answer) await tell(context, answer);
  } catch (error) {
    const reason = sentenceOf(error, say);
    if (reason === undefined) throw error;
    await tell(context, reason);
  }
}

async function answerTo(
  context: TurnContext,
  command: Command,
  facts: Facts,
  tools: Tools,
  say: Say,
): Promise<string | undefined> {
  const { operators, administration } = tools.desk;
  const { deskId, person } = facts;
  switch (command.name) {
    case 'help':
      await help(context, say, facts.botName);
      return undefined;
    case 'setup':
      return command.values.length === 0 ? offerForm(context, say) : setUpFromText(command.values, facts, tools, say);
    case 'operatorLink': {
      if (!command.operatorId) return say('answer.needsOperatorId');
      const link = await operators.link(deskId, person, command.operatorId);
      return say('answer.linked', { person: person.name, operator: link.operatorName ?? link.operatorId });
    }
    case 'operatorUnlink':
      return say((await operators.unlink(deskId, person)) ? 'answer.unlinked' : 'answer.wasNotLinked');
    case 'operatorAssign': {
      const conversation = await conversationHere(facts, tools);
      const assignee = (await firstMentioned(facts, tools)) ?? person;
      await operators.assign(conversation, assignee);
      return say('answer.assigned', { name: assignee.name });
    }
    case 'operatorUnassign':
      await operators.unassign(await conversationHere(facts, tools));
      return say('answer.unassigned');
    case 'event': {
      const conversation = await conversationHere(facts, tools);
      if (command.problem) return say(wrongEvent[command.problem.code], { word: command.problem.word });
      if (!command.eventName) return say('answer.needsEventName');
      await operators.writeEvent(conversation, command.eventName, command.values);
      return say('answer.eventWritten', { event: command.eventName });
    }
    case 'adminAdd': {
      // Whoever acts now: the one who writes, or who presses “run” below a mistyped command of somebody else.
      const by = await memberFor(tools, deskId, context.activity.from.id);
      const added = await firstMentioned(facts, tools);
      if (!added) return say('answer.needsPerson');
      await administration.addAdmin(deskId, by, await memberFor(tools, deskId, added.id));
      return say('answer.adminAdded', { name: added.name });
    }
    case 'adminList': {
      const { admins } = await administration.read(deskId);
      return admins.length
        ? say('answer.admins', { names: admins.map(({ name }) => name).join(', ') })
        : say('answer.noAdmins');
    }
    case 'note': {
      if (!command.text) return say('answer.needsNote');
      const noted = await operators.note(await conversationHere(facts, tools), person, command.text);
      if (noted.kept === 'channel') return say('answer.noted');
      const why = noted.refusal && sentenceOf(noted.refusal, say);
      return [say('answer.notedHere'), why].filter(Boolean).join('\n\n');
    }
    case 'close':
      await operators.changeStatus(await conversationHere(facts, tools), 'closed');
      return say('answer.closed');
    case 'open':
      await operators.changeStatus(await conversationHere(facts, tools), 'open');
      return say('answer.opened');
    case 'notYet':
      return say('answer.notYet', { word: command.word });
  }
}

const wrongEvent: Record<EventProblem['code'], SentenceKey> = {
  missingName: 'answer.needsEventName',
  badName: 'answer.badEvent',
  badField: 'answer.badEvent',
  notKeyValue: 'answer.eventNotKeyValue',
  repeatedField: 'answer.eventRepeated',
  openQuote: 'answer.eventOpenQuote',
  valueTooLong: 'answer.eventTooLong',
};

async function offerForm(context: TurnContext, say: Say): Promise<undefined> {
  await show(context, setupOfferCard(say));
}

/** The old form with its values in the channel: it works, and the message has to go. */
async function setUpFromText(values: string[], facts: Facts, tools: Tools, say: Say): Promise<string> {
  const remove = say('setup.deleteMessage');
  const required = setupFields.filter((field) => field.required);
  if (values.length !== required.length) return `${say('setup.wrongCount', { count: values.length })}\n\n${remove}`;
  const typed = Object.fromEntries(required.map(({ id }, at) => [id, values[at]]));
  const result = await setUp(tools, say, facts, facts.person.id, typed);
  return [...(result.done ? result.lines : [result.problem]), remove].join('\n\n');
}

async function conversationHere(facts: Facts, tools: Tools): Promise<Conversation> {
  const found = await tools.desk.directory.conversationOf(facts.threadId);
  if (found?.value.deskId !== facts.deskId) throw new Refusal('answer.onlyInThread');
  return found.value;
}

async function firstMentioned(facts: Facts, tools: Tools) {
  const [first] = facts.mentioned;
  if (!first) return undefined;
  const member = await tools.member(facts.deskId, first.id);
  if (!member) throw new Refusal('answer.notMember');
  return member.person;
}
