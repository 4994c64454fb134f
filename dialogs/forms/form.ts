import type { Card } from '../../cards/card.ts';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { DeskSettings, Person } from '../../src/desk/settings.ts';
import { type Locale, type Say, sentenceOf, speaker } from '../../src/text/text.ts';
import { memberFor } from '../connecting.ts';
import type { Tools } from '../facts.ts';
import { HasLeft } from '../left.ts';
import { Refusal } from '../refusal.ts';

/** Who opened or sent a form, and where. */
export interface FormTurn {
  deskId: string;
  room: string;
  threadId: string;
  /** The press or the sending itself, for what must happen once. */
  activityId: string;
  person: Person;
  locale: Locale;
}

/** What Teams is answered for `task/fetch` and `task/submit`: the form (again), or a last word. */
export type TaskAnswer =
  | {
      task: {
        type: 'continue';
        value: { title: string; width: 'medium'; height: Height; card: { contentType: string; content: Card } };
      };
    }
  | { task: { type: 'message'; value: string } };

type Height = 'small' | 'medium' | 'large';

/**
 * A form in a window of its own. Its button's data names it (`madoguchi`) and comes in as `data`, with the inputs when it is sent. Anybody can
 * press and make up data: both calls check who asks. `announce` says a line in the thread.
 */
export interface Form {
  open(turn: FormTurn, data: Record<string, unknown>): Promise<TaskAnswer>;
  submit(turn: FormTurn, data: Record<string, unknown>, announce: (text: string) => Promise<void>): Promise<TaskAnswer>;
}

/** Shows a form, or shows it again. */
export function shown(title: string, content: Card, height: Height = 'medium'): TaskAnswer {
  const card = { contentType: 'application/vnd.microsoft.card.adaptive', content };
  return { task: { type: 'continue', value: { title, width: 'medium', height, card } } };
}

/** Closes the form with a last word. */
export function lastWord(value: string): TaskAnswer {
  return { task: { type: 'message', value } };
}

/** Works for an admin of the desk; what refuses is said in the window. */
export function asAdmin(
  tools: Tools,
  turn: FormTurn,
  work: (admin: Person, say: Say, desk: DeskSettings) => Promise<TaskAnswer>,
): Promise<TaskAnswer> {
  return inWords(turn, async (say) => {
    const person = await memberFor(tools, turn.deskId, turn.person.id);
    return work(person, say, await tools.desk.administration.forAdmin(turn.deskId, person));
  });
}

/** Works for a member of the desk's team, guests included: they can answer in the Teams channel as well. */
export function asMember(
  tools: Tools,
  turn: FormTurn,
  work: (person: Person, say: Say) => Promise<TaskAnswer>,
): Promise<TaskAnswer> {
  return inWords(turn, async (say) => {
    const member = await tools.member(turn.deskId, turn.person.id);
    return member ? work(member.person, say) : lastWord(say('answer.notMember'));
  });
}

/** The conversation whose thread the form was opened in; refuses where there is none of this desk, or it goes on in another one. */
export async function conversationOf(tools: Tools, { threadId, deskId }: FormTurn): Promise<Conversation> {
  const found = await tools.desk.directory.conversationOf(threadId);
  if (found?.value.deskId !== deskId) throw new Refusal('answer.onlyInThread');
  // Until there is a new thread, the old one is the only place where something can be done about it.
  if (found.value.thread && tools.desk.moves.hasLeft(found.value, threadId)) throw new HasLeft(found.value);
  return found.value;
}

async function inWords({ locale }: FormTurn, work: (say: Say) => Promise<TaskAnswer>): Promise<TaskAnswer> {
  const say = speaker(locale);
  try {
    return await work(say);
  } catch (error) {
    const reason = sentenceOf(error, say);
    if (reason === undefined) throw error;
    return lastWord(reason);
  }
}
