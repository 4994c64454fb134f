import type { CannedReply, Draft } from '../src/desk/cannedReplies.ts';
import type { Say } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, verbatim } from './card.ts';

/** How many canned replies stand on one page: with the longest names and the widest letters the card stays below 25 KB. */
const ON_A_PAGE = 20;

/** The longest value of a blank that the card takes; the desk checks it again. */
const LONGEST_VALUE = 200;

const labels = { name: 'cannedCard.name', operator: 'cannedCard.operator' } as const;

/** The input in which one of them is chosen, and those for the blanks of a draft. */
export const CHOSEN = 'reply';
export const blankInput = (at: number): string => `blank${at}`;

/** Whether a button's command turns a page of the list. */
export function isListPage(command: string): boolean {
  return /^canned list \d{1,3}$/.test(command);
}

/** A page of the desk's canned replies, counted from 1. Only in a customer's thread (`usable`) can one be taken from it. */
export function cannedListCard(replies: readonly CannedReply[], page: number, usable: boolean, say: Say): Drawn {
  const pages = Math.max(1, Math.ceil(replies.length / ON_A_PAGE));
  const at = Math.min(Math.max(1, page), pages);
  const here = replies.slice((at - 1) * ON_A_PAGE, at * ON_A_PAGE);
  const title = say('cannedCard.list', { count: replies.length });
  const body = [
    line(title, { weight: 'Bolder', size: 'Medium' }),
    ...here.map(({ name, text }) => ({
      type: 'RichTextBlock',
      inlines: [
        { type: 'TextRun', text: `/${name}`, weight: 'Bolder' },
        { type: 'TextRun', text: `  ${brief(text, 60)}`, isSubtle: true },
      ],
    })),
    ...(pages > 1 ? [line(say('cannedCard.page', { page: at, of: pages }), { size: 'Small', isSubtle: true })] : []),
    ...(usable ? [choiceOf(here, say)] : [line(say('cannedCard.howTo'), { size: 'Small', isSubtle: true })]),
  ];
  const turn = (to: number) => ({ madoguchi: 'command' as const, command: `canned list ${to}` });
  const actions = [
    ...(usable ? [button(say('cannedCard.use'), { madoguchi: 'cannedUse' })] : []),
    ...(at > 1 ? [button(say('cannedCard.before'), turn(at - 1))] : []),
    ...(at < pages ? [button(say('cannedCard.next'), turn(at + 1))] : []),
  ];
  return { card: adaptiveCard(title, body, actions), summary: title };
}

/**
 * What is about to be sent, with its blanks. `said`: the message that asked for it, `typed`: by what its words are known again; `problem`: why it is
 * shown again; `values`: what stood in its inputs.
 */
export function draftCard(
  draft: Draft,
  {
    said,
    typed,
    problem,
    values = [],
  }: { said?: string; typed?: string; problem?: string; values?: readonly string[] },
  say: Say,
): Drawn {
  const { reply, text, blanks, mark } = draft;
  const title = say('cannedCard.draft', { name: reply.name });
  const inputs = blanks.map(({ label, filling, suggested }, at) => ({
    type: 'Input.Text',
    id: blankInput(at),
    label: filling ? say(labels[filling]) : label,
    maxLength: LONGEST_VALUE,
    isRequired: true,
    errorMessage: say('connect.required'),
    value: values[at]?.slice(0, LONGEST_VALUE) ?? suggested?.slice(0, LONGEST_VALUE) ?? '',
  }));
  const body = [
    verbatim(title, { weight: 'Bolder' }),
    ...(problem ? [line(problem, { color: 'Attention' })] : []),
    verbatim(text),
    ...inputs,
  ];
  const data = { reply: reply.id, mark, ...(said ? { said, typed } : {}) };
  const actions = [
    button(say('cannedCard.send'), { madoguchi: 'cannedSend', ...data }, { style: 'positive' }),
    // Whoever cancels need not fill anything in.
    button(say('confirm.cancel'), { madoguchi: 'cannedCancel', ...data }, { associatedInputs: 'none' }),
  ];
  return { card: adaptiveCard(title, body, actions), summary: title };
}

/** What was sent, for everybody in the thread: the operator's own message says only its name. */
export function cannedSentCard(name: string, by: string, text: string, say: Say): Drawn {
  const title = say('cannedCard.sent', { name, by });
  const body = [verbatim(title, { size: 'Small', isSubtle: true }), verbatim(text)];
  return { card: adaptiveCard(title, body), summary: title };
}

function choiceOf(replies: readonly CannedReply[], say: Say): object {
  return {
    type: 'Input.ChoiceSet',
    id: CHOSEN,
    label: say('cannedCard.choose'),
    style: 'compact',
    isRequired: true,
    errorMessage: say('cannedCard.choose'),
    choices: replies.map(({ id, name }) => ({ title: name, value: id })),
  };
}
