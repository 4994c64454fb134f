import type { TurnContext } from 'botbuilder';
import { speaker } from '../src/text/text.ts';
import { tell } from './answers.ts';
import type { Facts, Tools } from './facts.ts';

/** What a message that acts at once is known by. */
export function turnOf({ threadId, activityId }: Pick<Facts, 'threadId' | 'activityId'>): string {
  return `turn\n${threadId}\n${activityId}`;
}

/** Does what acts at once one time, however often Teams delivers the message; what `act` gave, or `undefined` when it was done before. */
export async function once<T>(
  context: TurnContext,
  facts: Facts,
  { desk }: Tools,
  act: () => Promise<T>,
): Promise<T | undefined> {
  let result: T | undefined;
  const turn = await desk.turns.once(turnOf(facts), async () => {
    result = await act();
  });
  if (turn === 'interrupted') await tell(context, speaker(facts.locale)('answer.interrupted'));
  return result;
}
