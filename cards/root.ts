import type { EndUser } from '../src/desk/conversation.ts';
import type { Message } from '../src/desk/message.ts';
import type { RootView } from '../src/desk/ports.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, formButton, line, moment, verbatim } from './card.ts';
import { gist } from './enclosed.ts';
import { linkToThread } from './links.ts';

/** The commands that the card's buttons run, as if the person who presses one had written it in the thread. */
export const rootButtons = ['operator assign', 'close', 'open', 'history'] as const;

type RootButton = (typeof rootButtons)[number];

/** The card at the root of a customer's thread: who, from where, in what state, whose, what was said last. What people chose stands verbatim. */
export function rootCard(view: RootView, say: Say, repeat = false): Drawn {
  const { desk, conversation, last } = view;
  const title = say('root.title', { who: brief(endUserName(conversation.endUser, say), 80) });
  const body = [
    titled(title, conversation.endUser),
    ...(repeat ? [line(say('root.repeat'), { color: 'Warning', size: 'Small' })] : []),
    ...factsOf(view, say).map(factRow),
    ...(conversation.blockedAt === undefined ? [] : [line(say('root.blocked'), { color: 'Attention' })]),
    ...(conversation.unansweredSince === undefined
      ? []
      : [line(say('root.unanswered', { since: moment(conversation.unansweredSince) }), { color: 'Warning' })]),
    ...(last ? lastRows(last, say) : []),
    line(say('root.howToReply', { bot: desk.botName }), { isSubtle: true, size: 'Small' }),
  ];
  return { card: adaptiveCard(title, body, buttonsOf(view, say)), summary: title };
}

function factsOf({ conversation, assigneePerson }: RootView, say: Say): [string, string][] {
  const { assignee, pageUrl, status } = conversation;
  const name = assignee && (assigneePerson?.name ?? assignee.name ?? (assignee.isBot ? say('root.bot') : assignee.id));
  return [
    [say('root.status'), say(`status.${status}`)],
    [say('root.assignee'), name ?? say('root.nobody')],
    ...(pageUrl ? [[say('root.page'), brief(pageUrl, 300)] as [string, string]] : []),
  ];
}

/** The customer’s name, beside their picture where the channel has one. */
function titled(title: string, { pictureUrl }: EndUser): object {
  const name = verbatim(title, { weight: 'Bolder', size: 'Medium' });
  if (!pictureUrl) return name;
  const picture = { type: 'Image', url: pictureUrl, altText: '', style: 'Person', size: 'Small' };
  return {
    type: 'ColumnSet',
    columns: [
      { type: 'Column', width: 'auto', items: [picture] },
      { type: 'Column', width: 'stretch', verticalContentAlignment: 'Center', items: [name] },
    ],
  };
}

/** Who said something last, when, and its first words. */
function lastRows(last: Message, say: Say): object[] {
  const who = say(last.author.kind === 'endUser' ? 'root.lastFromCustomer' : 'root.lastFromUs');
  return [
    line(`${who} ${moment(last.at)}`, { isSubtle: true, size: 'Small', spacing: 'Small' }),
    verbatim(brief(gist(last, say) || say('root.lastHasNoWords'), 200)),
  ];
}

function buttonsOf({ desk, conversation, consoleUrl, hasHistory }: RootView, say: Say): object[] {
  const before = conversation.movedFrom?.threadId;
  const press = (command: RootButton, title: SentenceKey) => button(say(title), { madoguchi: 'command', command });
  return [
    press('operator assign', 'root.assignMe'),
    formButton(say('root.assign'), 'assign'),
    conversation.status === 'closed' ? press('open', 'root.reopen') : press('close', 'root.close'),
    formButton(say('root.note'), 'note'),
    ...(hasHistory ? [press('history', 'root.history')] : []),
    ...(consoleUrl
      ? [{ type: 'Action.OpenUrl', title: say('root.openConsole'), url: consoleUrl, mode: 'secondary' }]
      : []),
    ...(before
      ? [{ type: 'Action.OpenUrl', title: say('root.movedFrom'), url: linkToThread(desk, before), mode: 'secondary' }]
      : []),
    formButton(say('root.move'), 'move', { mode: 'secondary' }),
  ];
}

/** Name and value side by side; a `FactSet` would read Markdown in what customers chose. */
function factRow([name, value]: [string, string], at: number): object {
  return {
    type: 'ColumnSet',
    spacing: at === 0 ? 'Default' : 'Small',
    columns: [
      { type: 'Column', width: '72px', items: [verbatim(name, { isSubtle: true })] },
      { type: 'Column', width: 'stretch', items: [verbatim(value)] },
    ],
  };
}

/** What a customer is called on cards. The site chose the id: it stands verbatim. */
export function endUserName({ key, userId, name }: EndUser, say: Say): string {
  return name ?? say(userId ? 'root.member' : 'root.visitor', { id: userId ?? key });
}
