import type { Message, Part } from '../src/desk/message.ts';
import type { ThreadPost } from '../src/desk/ports.ts';
import { keyOf, type Say } from '../src/text/text.ts';
import { adaptiveCard, brief, type Drawn, line, mentionText, openUrl, verbatim } from './card.ts';
import { enclosed, gist, linksOf } from './enclosed.ts';

const LONGEST_NAME = 300;

/** One message in a customer's thread: the end user's words, or what an operator wrote on the channel's own screen, verbatim. */
export function messageCard(
  { message, channel, mention, repeat }: Extract<ThreadPost, { type: 'message' }>,
  say: Say,
): Drawn {
  const heading = headingOf(message, channel, say);
  const body = [
    ...(mention ? [line(mentionText(mention), { size: 'Small' })] : []),
    ...(repeat ? [line(say('message.repeat'), { color: 'Warning', size: 'Small' })] : []),
    ...(heading ? [verbatim(heading, { size: 'Small', isSubtle: true })] : []),
    ...message.parts.map((part) => drawn(part, channel, say)),
    ...(message.piece
      ? [
          line(say('message.continued', { part: message.piece.number, of: message.piece.of }), {
            isSubtle: true,
            size: 'Small',
          }),
        ]
      : []),
  ];
  const actions = linksOf(message.parts, say).map(({ title, url }) => openUrl(title, url));
  const summary = brief(gist(message, say) || say('root.lastHasNoWords'));
  return { card: adaptiveCard(summary, body, actions, mention ? [mention] : []), summary };
}

function headingOf({ author }: Message, channel: string, say: Say): string | undefined {
  if (author.kind === 'endUser') return undefined;
  return say('message.fromConsole', { name: nameOf(author.name, say), channel: say(keyOf(`channels.${channel}`)) });
}

/** As it is, unless somebody chose a name that would fill the card. */
function nameOf(name: string | undefined, say: Say): string {
  if (!name) return say('message.unnamedOperator');
  return name.length > LONGEST_NAME ? brief(name, LONGEST_NAME) : name;
}

function drawn(part: Part, channel: string, say: Say): object {
  if (part.kind === 'text') return verbatim(part.text);
  return enclosed(part, channel, say);
}
