import { blankInput, CHOSEN, draftCard } from '../cards/canned.ts';
import { settledCard } from '../cards/failure.ts';
import type { Draft } from '../src/desk/cannedReplies.ts';
import { type SentenceKey, speaker } from '../src/text/text.ts';
import { replaceClicked, show, tell } from './answers.ts';
import { sentCard } from './cannedSend.ts';
import type { Tools } from './facts.ts';
import { HasLeft } from './left.ts';
import type { Press, Presser } from './presses.ts';
import { Refusal } from './refusal.ts';

/** What is said of a canned reply that was not stored now. */
const notSent: Record<'repeat' | 'ignored' | 'withheld' | 'left', SentenceKey> = {
  repeat: 'cannedCard.alreadySent',
  ignored: 'answer.notSent',
  withheld: 'answer.withheld',
  left: 'answer.leftNotSent',
};

/** The buttons of the list of canned replies and of a draft. */
export function cannedPresses(tools: Tools): Record<'cannedUse' | 'cannedSend' | 'cannedCancel', Press> {
  const { canned, directory, intake, moves } = tools.desk;

  /** The draft that this person would send here now, of a canned reply of their own desk in a customer's thread of their own desk. */
  const draftFor = async ({ deskId, threadId, person }: Presser, id: unknown): Promise<Draft | undefined> => {
    const conversation = await directory.conversationOf(threadId);
    if (conversation?.value.deskId !== deskId) throw new Refusal('answer.onlyInThread');
    if (moves.hasLeft(conversation.value, threadId)) throw new HasLeft(conversation.value);
    const reply = typeof id === 'string' && id !== '' ? await canned.read(deskId, id) : undefined;
    return reply && canned.draft(reply, conversation.value, person);
  };

  return {
    async cannedUse(context, presser, data) {
      const say = speaker(presser.locale);
      const draft = await draftFor(presser, data[CHOSEN]);
      if (!draft) return tell(context, say(data[CHOSEN] ? 'cannedCard.gone' : 'cannedCard.choose'));
      await show(context, draftCard(draft, {}, say));
    },

    async cannedSend(context, presser, data) {
      const { deskId, threadId, person, locale } = presser;
      const say = speaker(locale);
      const draft = await draftFor(presser, data.reply);
      if (!draft) return replaceClicked(context, settledCard(say('cannedCard.gone')));
      const said = textIn(data.said, 200);
      const typed = textIn(data.typed, 100);
      const values = draft.blanks.map((_, at) => textIn(data[blankInput(at)]) ?? '');
      const text = canned.complete(draft, values);
      const problem = draft.mark !== data.mark ? 'cannedCard.changed' : text === undefined ? 'cannedCard.fillIn' : '';
      if (problem || text === undefined)
        return replaceClicked(
          context,
          draftCard(draft, { said, typed, problem: problem ? say(problem) : undefined, values }, say),
        );
      // One card sends once, whoever presses it and however often; one that a message asked for is that message’s reply.
      const card = context.activity.replyToId ?? context.activity.id ?? '';
      const source = { threadId, activityId: said ?? card, person };
      const key = said ? undefined : `${source.threadId}\ncanned\n${card}`;
      const receipt = await intake.reply({ deskId, source, text, typed, key });
      if (receipt === 'stored') return replaceClicked(context, sentCard(draft, person.name, text, say));
      await tell(context, say(notSent[receipt]));
    },

    async cannedCancel(context, { person, locale }) {
      await replaceClicked(context, settledCard(speaker(locale)('confirm.cancelled', { name: person.name })));
    },
  };
}

function textIn(value: unknown, longest = 2_000): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longest) : undefined;
}
