import type { OpenConversation, Overview } from '../src/desk/overview.ts';
import type { DeskSettings } from '../src/desk/settings.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, moment } from './card.ts';
import { linkToThread } from './links.ts';
import { endUserName } from './root.ts';

/** What can be asked for by a button. */
export const views = ['all', 'unanswered', 'mine', 'unassigned'] as const;
export type View = (typeof views)[number];

/** With the longest names and links a page stays under 25 KB. */
const ON_A_PAGE = 10;

/** What the desk has in front of it: how much, and a page of it (counted from 1), the longest wait first, each with a link to its thread. */
export function overviewCard(desk: DeskSettings, overview: Overview, view: View, page: number, say: Say): Drawn {
  const { rows } = overview;
  const pages = Math.max(1, Math.ceil(rows.length / ON_A_PAGE));
  const at = Math.min(Math.max(1, page), pages);
  const title = say('overview.title', { count: `${overview.open + overview.waiting}${overview.more ? '+' : ''}` });
  const shown = rows.slice((at - 1) * ON_A_PAGE, at * ON_A_PAGE);
  const body = [
    line(title, { weight: 'Bolder', size: 'Medium' }),
    line(countsOf(overview, say), { isSubtle: true }),
    ...(overview.undelivered > 0
      ? [line(say('overview.undelivered', { count: overview.undelivered }), { color: 'Attention' })]
      : []),
    line(say(`overview.${view}` as SentenceKey, { count: rows.length }), { separator: true, weight: 'Bolder' }),
    ...(shown.length > 0 ? shown.map((row) => rowOf(row, desk, say)) : [line(say('overview.nothing'))]),
    ...(pages > 1 ? [line(say('overview.page', { page: at, of: pages }), { isSubtle: true, size: 'Small' })] : []),
  ];
  const go = (words: SentenceKey, to: View, number: number) =>
    button(say(words), { madoguchi: 'overview', view: to, page: number });
  const actions = [
    ...views.filter((other) => other !== view).map((other) => go(`overview.show.${other}` as SentenceKey, other, 1)),
    ...(at > 1 ? [go('overview.before', view, at - 1)] : []),
    ...(at < pages ? [go('overview.next', view, at + 1)] : []),
    go('overview.refresh', view, at),
  ];
  return { card: adaptiveCard(title, body, actions), summary: title };
}

function countsOf({ unanswered, unassigned, waiting }: Overview, say: Say): string {
  return say('overview.counts', { unanswered, unassigned, waiting });
}

/** Who (a link into the thread), since when, and whose. */
function rowOf({ conversation, assigneeName, since }: OpenConversation, desk: DeskSettings, say: Say): object {
  const { endUser, thread, status, unansweredSince } = conversation;
  const name = brief(endUserName(endUser, say), 40);
  const link = thread && { type: 'Action.OpenUrl', title: name, url: linkToThread(desk, thread.id) };
  const state = say(unansweredSince === undefined ? `status.${status}` : 'overview.waits');
  return {
    type: 'Container',
    spacing: 'Small',
    items: [
      {
        type: 'RichTextBlock',
        inlines: [
          { type: 'TextRun', text: name, weight: 'Bolder', ...(link ? { selectAction: link } : {}) },
          { type: 'TextRun', text: `  ${brief(assigneeName ?? say('root.nobody'), 30)}` },
        ],
      },
      line(`${state} ${moment(since)}`, {
        isSubtle: unansweredSince === undefined,
        size: 'Small',
        spacing: 'None',
        ...(unansweredSince === undefined ? {} : { color: 'Warning' }),
      }),
    ],
  };
}
