import type { TurnContext } from 'botbuilder';
import { sentenceOf, speaker } from '../src/text/text.ts';
import { tell } from './answers.ts';
import { cannedPresses } from './cannedPresses.ts';
import { connectionPresses } from './connectionPresses.ts';
import type { Facts, Tools } from './facts.ts';
import { overviewPress } from './overview.ts';

/** Who pressed a button, and where. They are a member of the team; what the button's data says can be made up. */
export type Presser = Pick<Facts, 'deskId' | 'room' | 'threadId' | 'person' | 'locale'>;

/** Does what a card's button asks for, once for each press. */
export type Press = (context: TurnContext, presser: Presser, data: Record<string, unknown>) => Promise<void>;

/** Every button that is more than a command, by the name that its data carries. Whatever goes wrong is said in the thread. */
export function pressesOf(tools: Tools): ReadonlyMap<string, Press> {
  const all = Object.entries({ ...cannedPresses(tools), ...connectionPresses(tools), overview: overviewPress(tools) });
  return new Map(all.map(([name, press]) => [name, saying(press)]));
}

function saying(press: Press): Press {
  return async (context, presser, data) => {
    try {
      await press(context, presser, data);
    } catch (error) {
      const reason = sentenceOf(error, speaker(presser.locale));
      if (reason === undefined) throw error;
      await tell(context, reason);
    }
  };
}
