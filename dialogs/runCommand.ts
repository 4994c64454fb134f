import type { TurnContext } from 'botbuilder';
import { sentenceOf, speaker } from '../src/text/text.ts';
import { help, tell } from './answers.ts';
import { administrators } from './commands/administrators.ts';
import { cannedReplies } from './commands/cannedReplies.ts';
import type { Run, Runs } from './commands/command.ts';
import { connections } from './commands/connections.ts';
import { conversations } from './commands/conversations.ts';
import { lists } from './commands/lists.ts';
import { operators } from './commands/operators.ts';
import type { Facts, Tools } from './facts.ts';
import type { Command } from './grammar.ts';
import { HasLeft, showWhereItWent } from './left.ts';

/** Every command there is, in the rooms of who uses it. */
const runs: Runs<Command['name']> = {
  ...operators,
  ...conversations,
  ...administrators,
  ...connections,
  ...cannedReplies,
  ...lists,

  async help(_command, { context, facts, say }) {
    await help(context, say, facts.botName);
    return undefined;
  },
};

/** Runs one command and says what came of it, in the thread where it was given. Whatever goes wrong is said there too. Whether it was done. */
export async function runCommand(context: TurnContext, command: Command, facts: Facts, tools: Tools): Promise<boolean> {
  const say = speaker(facts.locale);
  try {
    const run = runs[command.name] as Run<Command['name']>;
    const answer = await run(command, { context, facts, tools, say });
    if (answer) await tell(context, answer);
    return answer !== false;
  } catch (error) {
    if (error instanceof HasLeft) {
      await showWhereItWent(context, facts, tools, error.conversation, error.code);
      return false;
    }
    const reason = sentenceOf(error, say);
    if (reason === undefined) throw error;
    await tell(context, reason);
    return false;
  }
}
