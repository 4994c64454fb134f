import type { TurnContext } from 'botbuilder';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { Person } from '../../src/desk/settings.ts';
import type { Say } from '../../src/text/text.ts';
import type { Facts, Tools } from '../facts.ts';
import type { Command } from '../grammar.ts';
import { HasLeft } from '../left.ts';
import { Refusal } from '../refusal.ts';

/** The message that a command stands in, and what running it takes. */
export interface CommandTurn {
  context: TurnContext;
  facts: Facts;
  tools: Tools;
  say: Say;
}

/**
 * Runs one kind of command; the answer is said in its thread, `undefined` says nothing more, `false`: it was not done, and why has been said. Rejects with a
 * DeskError that has a sentence.
 */
export type Run<N extends Command['name']> = (
  command: Extract<Command, { name: N }>,
  turn: CommandTurn,
) => Promise<string | undefined | false>;

/** What runs each of these commands. */
export type Runs<N extends Command['name']> = { [Name in N]: Run<Name> };

/** The conversation whose thread the command stands in; refuses where there is none of this desk, or it has left that thread. */
export async function conversationHere({ facts, tools }: CommandTurn): Promise<Conversation> {
  const found = await tools.desk.directory.conversationOf(facts.threadId);
  if (found?.value.deskId !== facts.deskId) throw new Refusal('answer.onlyInThread');
  if (tools.desk.moves.hasLeft(found.value, facts.threadId)) throw new HasLeft(found.value);
  return found.value;
}

/** The person mentioned beside the bot, when they belong to the team. */
export async function firstMentioned({ facts, tools }: CommandTurn): Promise<Person | undefined> {
  const [first] = facts.mentioned;
  if (!first) return undefined;
  const member = await tools.member(facts.deskId, first.id);
  if (!member) throw new Refusal('answer.notMember');
  return member.person;
}
