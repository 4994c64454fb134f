import { historyCards } from '../../cards/history.ts';
import { show } from '../answers.ts';
import { overviewOf } from '../overview.ts';
import { conversationHere, type Runs } from './command.ts';

/** More than these are read better in the channel's own screen. */
const MOST_EARLIER = 50;

/** Shown when neither the person nor the desk says how many. */
const USUAL_EARLIER = 10;

/** What is to be looked at: what was said before, and what the desk has in front of it. */
export const lists: Runs<'history' | 'status'> = {
  async status(_command, { context, facts, tools, say }) {
    await show(context, await overviewOf(tools, facts, 'all', 1, say));
    return undefined;
  },

  async history({ count }, turn) {
    const { context, facts, tools, say } = turn;
    const conversation = await conversationHere(turn);
    const { rules } = await tools.desk.administration.read(facts.deskId);
    const wanted = count ?? (rules?.history || USUAL_EARLIER);
    const earlier = await tools.desk.operators.history(conversation, Math.min(Math.max(1, wanted), MOST_EARLIER));
    for (const card of historyCards(earlier, say)) await show(context, card);
    return wanted > MOST_EARLIER ? say('history.most', { most: MOST_EARLIER }) : undefined;
  },
};
