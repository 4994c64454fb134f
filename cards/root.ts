import type { EndUser } from '../src/desk/conversation.ts';
import type { RootView } from '../src/desk/ports.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, verbatim } from './card.ts';
import { linkToThread } from './links.ts';
import { moveButton } from './move.ts';

/** The commands that the card's buttons run, as if the person who presses one had written it in the thread. */
export const rootButtons = ['operator assign', 'close', 'open'] as const;

type RootButton = (typeof rootButtons)[number];

/** The card at the root of a customer's thread: who, from where, in what state, whose. What customers chose stands verbatim. */
export function rootCard(
  { desk, conversation, consoleUrl, assigneePerson }: RootView,
  say: Say,
  repeat = false,
): Drawn {
  const who = brief(nameOf(conversation.endUser, say), 80);
  const title = say('root.title', { who });
  const assignee =
    conversation.assignee &&
    (assigneePerson?.name ??
      conversation.assignee.name ??
      (conversation.assignee.isBot ? say('root.bot') : conversation.assignee.id));
  const facts: [string, string][] = [
    [say('root.status'), say(`status.${conversation.status}`)],
    [say('root.assignee'), assignee ?? say('root.nobody')],
    ...(conversation.pageUrl ? [[say('root.page'), brief(conversation.pageUrl, 300)] as [string, string]] : []),
  ];
  const body = [
    verbatim(title, { weight: 'Bolder', size: 'Medium' }),
    ...(repeat ? [line(say('root.repeat'), { color: 'Warning', size: 'Small' })] : []),
    ...facts.map(factRow),
    line(say('root.howToReply', { bot: desk.botName }), { isSubtle: true, size: 'Small' }),
  ];
  const before = conversation.movedFrom?.threadId;
  const press = (command: RootButton, title: SentenceKey) => button(say(title), { madoguchi: 'command', command });
  const actions = [
    press('operator assign', 'root.assignMe'),
    conversation.status === 'closed' ? press('open', 'root.reopen') : press('close', 'root.close'),
    ...(consoleUrl ? [{ type: 'Action.OpenUrl', title: say('root.openConsole'), url: consoleUrl }] : []),
    ...(before ? [{ type: 'Action.OpenUrl', title: say('root.movedFrom'), url: linkToThread(desk, before) }] : []),
    moveButton(say('root.move'), { mode: 'secondary' }),
  ];
  return { card: adaptiveCard(title, body, actions), summary: title };
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

function nameOf({ key, userId, name }: EndUser, say: Say): string {
  return name ?? say(userId ? 'root.member' : 'root.visitor', { id: userId ?? key });
}
