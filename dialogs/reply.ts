import type { TurnContext } from 'botbuilder';
import { speaker } from '../src/text/text.ts';
import { help, tell } from './answers.ts';
import type { Facts, Tools } from './facts.ts';
import { showWhereItWent } from './left.ts';
import { markedText } from './marked.ts';
import { keepNote } from './note.ts';
import { once } from './once.ts';

/** What was written and is no command: it goes to the end user, unless this desk sends only what is marked. */
export async function sendText(context: TurnContext, facts: Facts, tools: Tools): Promise<void> {
  if (facts.guarded) return sendMarked(context, facts, tools);
  await sendReply(context, facts, tools);
}

/** All that there is to tell of one message is told in one turn. */
async function sendMarked(context: TurnContext, facts: Facts, tools: Tools): Promise<void> {
  const marked = markedText(facts);
  const tellings: (() => Promise<unknown>)[] = [];
  const toTell: Telling = async (act) => void tellings.push(act);
  if (marked !== undefined) await sendReply(context, { ...facts, text: marked, pictures: [] }, tools, toTell);
  else if (facts.text === '') await tellUnsent(facts, tools, toTell);
  else tellings.push(() => keepNote(context, facts, tools));
  // A picture bears no mark, and stands outside of those in the text.
  if (facts.pictures?.length && (marked !== undefined || facts.text === ''))
    tellings.push(() => tell(context, speaker(facts.locale)('answer.pictureNotMarked')));
  if (tellings.length === 0) return;
  await once(context, facts, tools, async () => {
    for (const telling of tellings) await telling();
  });
}

/** How something is told: one time for a message that may come again, at once where a press comes only once. */
export type Telling = (act: () => Promise<void>) => Promise<unknown>;

/** Sends it to the end user, and says why when it goes nowhere, or not as a whole; whether it is on its way. */
export async function sendReply(
  context: TurnContext,
  facts: Facts,
  tools: Tools,
  telling: Telling = (act) => once(context, facts, tools, act),
): Promise<boolean> {
  const { deskId, threadId, activityId, person, text, typed, pictures = [], locale, botName } = facts;
  const say = speaker(locale);
  // Files alone: there is nothing to send, and their writer hears of it all the same.
  if (text === '' && pictures.length === 0) {
    await tellUnsent(facts, tools, telling);
    return false;
  }
  const source = { threadId, activityId, person };
  const receipt = await tools.desk.intake.reply({ deskId, source, text, typed, pictures });
  if (receipt === 'withheld') await telling(() => tell(context, say('answer.withheld')));
  if (receipt === 'ignored') await telling(() => help(context, say, botName, say('answer.notSent')));
  if (receipt === 'left') {
    const found = await tools.desk.directory.conversationOf(threadId);
    if (found) await telling(() => showWhereItWent(context, facts, tools, found.value, 'answer.leftNotSent'));
  }
  const goes = receipt === 'stored' || receipt === 'repeat';
  if (goes) await tellUnsent(facts, tools, telling);
  return goes;
}

/** Names, to their writer alone, the files that Teams does not hand to a bot, and how they can be sent instead. */
export async function tellUnsent(facts: Facts, tools: Tools, telling: Telling = (act) => act()): Promise<void> {
  const { deskId, threadId, person, unsent = [], locale } = facts;
  if (unsent.length === 0) return;
  const say = speaker(person.locale ?? locale);
  const named = (name: string) => (name === '' ? say('answer.unnamedFile') : say('answer.namedFile', { name }));
  const names = unsent.map(named).join(' ');
  await telling(() =>
    tools.desk.notices.tell(deskId, threadId, person, { sentence: 'answer.filesNotSent', values: { names } }),
  );
}
