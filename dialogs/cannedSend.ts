import type { TurnContext } from 'botbuilder';
import { cannedSentCard, draftCard } from '../cards/canned.ts';
import type { CannedReply, Draft } from '../src/desk/cannedReplies.ts';
import type { Conversation } from '../src/desk/conversation.ts';
import type { Say } from '../src/text/text.ts';
import { speaker } from '../src/text/text.ts';
import { show } from './answers.ts';
import { editDistance } from './editDistance.ts';
import type { Facts, Tools } from './facts.ts';
import { nearMiss } from './nearMiss.ts';
import { tellUnsent } from './reply.ts';
import { fold } from './words.ts';

/** A name that no canned reply has: what is asked before anything goes anywhere. `undefined`: there is one. */
export async function unknownReply(
  name: string,
  { deskId, locale }: Facts,
  { desk }: Tools,
): Promise<{ suggestions: string[]; why: string } | undefined> {
  if (await desk.canned.find(deskId, name)) return undefined;
  const near = nearestTo(name, await desk.canned.list(deskId)).map((found) => `/${found}`);
  const suggestions = [...near, ...(nearMiss(`/${name}`)?.suggestions ?? [])].slice(0, 3);
  return { suggestions, why: speaker(locale)('canned.unknown', { name: [...name].slice(0, 40).join('') }) };
}

/** Sends at once what has no blank left, and shows everything else first. Says something when it is neither. */
export async function sendCanned(
  context: TurnContext,
  reply: CannedReply,
  conversation: Conversation,
  facts: Facts,
  tools: Tools,
  say: Say,
): Promise<string | undefined> {
  const { deskId, threadId, activityId, person, typed, pictures = [] } = facts;
  const { desk } = tools;
  const draft = await desk.canned.draft(reply, conversation, person);
  if (draft.blanks.length > 0) {
    await show(context, draftCard(draft, { said: activityId, typed }, say));
    // The card goes out when somebody has filled it in, and holds words alone.
    if (pictures.length > 0)
      await desk.notices.tell(deskId, threadId, person, {
        sentence: 'cannedCard.withoutPictures',
        values: { name: reply.name },
      });
    await tellUnsent(facts, tools);
    return undefined;
  }
  const source = { threadId, activityId, person };
  const receipt = await desk.intake.reply({ deskId, source, text: draft.text, typed, pictures });
  if (receipt === 'withheld') return say('answer.withheld');
  if (receipt === 'left') return say('answer.leftNotSent');
  if (receipt === 'stored') await show(context, sentCard(draft, person.name, draft.text, say));
  await tellUnsent(facts, tools);
  return undefined;
}

export function sentCard({ reply }: Draft, by: string, text: string, say: Say) {
  return cannedSentCard(reply.name, by, text, say);
}

/** The names most like this one, best first, three at most: one within the other, or a few slips away. */
function nearestTo(name: string, replies: readonly CannedReply[]): string[] {
  const typed = fold(name);
  const cost = (other: string) => {
    if (other.includes(typed) || typed.includes(other)) return 0.5;
    return editDistance(typed, other, Math.max(1, Math.floor(other.length / 3)));
  };
  return replies
    .flatMap((reply) => {
      const found = cost(fold(reply.name));
      return found === undefined ? [] : [{ name: reply.name, cost: found }];
    })
    .sort((a, b) => a.cost - b.cost)
    .slice(0, 3)
    .map((found) => found.name);
}
