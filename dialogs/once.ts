import type { TurnContext } from 'botbuilder';
import { speaker } from '../src/text/text.ts';
import { tell } from './answers.ts';
import type { Facts, Tools } from './facts.ts';

/** Does what acts at once one time, however often Teams delivers the message; what `act` gave, or `undefined` when it was done before. */
export async function once<T>(
  context: TurnContext,
  { threadId, activityId, locale }: Facts,
  { desk }: Tools,
  act: () => Promise<T>,
): Promise<T | undefined> {
  let result: T | undefined;
  const turn = await desk.turns.once(`turn\n${threadId}\n${activityId}`, async () => {
    result = await act();
  });
  if (turn === 'interrupted') await tell(context, speaker(locale)('answer.interrupted'));
  return result;
}
