import type { Earlier } from '../src/desk/earlier.ts';
import type { Message } from '../src/desk/message.ts';
import type { Say } from '../src/text/text.ts';
import { adaptiveCard, brief, type Drawn, line, moment, verbatim } from './card.ts';
import { gist } from './enclosed.ts';

/** How many messages one post holds: with their names and times around them it stays under 25 KB. */
export const IN_A_POST = 20;

/** All words of one post together (UTF-16 units). */
const MOST_WORDS = 5_000;

/** Earlier messages, oldest first, in as many posts as they need. */
export function historyCards({ messages, consoleUrl }: Earlier, say: Say): Drawn[] {
  const posts = Math.max(1, Math.ceil(messages.length / IN_A_POST));
  return Array.from({ length: posts }, (_, at) => {
    const here = messages.slice(at * IN_A_POST, (at + 1) * IN_A_POST);
    return historyCard({ messages: here, consoleUrl }, say, messages.length);
  });
}

/** One post of earlier messages, marked as such. What is too long for it is cut with a mark, and stands whole behind the button. */
export function historyCard({ messages, consoleUrl }: Earlier, say: Say, count = messages.length): Drawn {
  const title = count > 0 ? say('history.title', { count }) : say('history.none');
  const longest = Math.floor(MOST_WORDS / Math.max(1, messages.length));
  const body = [
    line(title, { weight: 'Bolder' }),
    ...messages.flatMap(({ message, name }) => [
      line(moment(message.at), { isSubtle: true, size: 'Small' }),
      row(
        `${brief(who(message, name, say), 40)}: `,
        shortened(gist(message, say) || say('root.lastHasNoWords'), longest, say),
      ),
    ]),
  ];
  const open = consoleUrl ? [{ type: 'Action.OpenUrl', title: say('root.openConsole'), url: consoleUrl }] : [];
  return { card: adaptiveCard(title, body, open), summary: title };
}

function row(name: string, text: string): object {
  const { inlines, ...block } = verbatim(text) as { inlines: object[] };
  return { ...block, spacing: 'None', inlines: [{ type: 'TextRun', text: name, weight: 'Bolder' }, ...inlines] };
}

function who({ author }: Message, name: string | undefined, say: Say): string {
  if (author.kind === 'endUser') return say('history.customer');
  return name ?? author.name ?? say(author.kind === 'bot' ? 'root.bot' : 'message.unnamedOperator');
}

function shortened(text: string, longest: number, say: Say): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).toWellFormed().trimEnd()}… ${say('history.cut')}`;
}
