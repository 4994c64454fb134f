import type { Message } from '../src/desk/message.ts';
import type { Person } from '../src/desk/settings.ts';

/** A card with the line that notifications and screen readers show in its place. */
export interface Drawn {
  card: Card;
  summary: string;
}

/** The root of an Adaptive Card as Teams takes it from bots: version 1.5, and who is mentioned in it. */
export interface Card {
  type: 'AdaptiveCard';
  $schema: string;
  version: '1.5';
  body: object[];
  actions?: object[];
  fallbackText: string;
  msteams?: object;
}

/** What our cards' buttons carry; `madoguchi` names the action. Every one of them is checked again when it comes back. */
export type CardAction =
  | { madoguchi: 'sendAgain' | 'sendWords' | 'markDelivered' | 'discard'; lane: string; delivery: string }
  | { madoguchi: 'sendCorrection'; lane: string; delivery: string; revision: number }
  | { madoguchi: 'confirm'; dialog: string; choice: 'run' | 'send' | 'note' | 'cancel'; suggestion?: number }
  | { madoguchi: 'command'; command: string }
  | { madoguchi: 'goOnHere'; lane: string }
  | { madoguchi: 'overview'; view: string; page: number }
  | { madoguchi: 'cannedUse' }
  | { madoguchi: 'cannedSend' | 'cannedCancel'; reply: string; mark: string; said?: string; typed?: string }
  | { madoguchi: 'pauseConnection'; connection: string; paused: boolean }
  | { madoguchi: 'disconnect'; connection: string }
  | { madoguchi: 'disconnectNow'; connection: string; what: 'credentials' | 'all' | 'nothing' }
  | { madoguchi: 'setup' | 'settings' | 'move' };

/** What a button that opens a form carries: the form's name, and what it needs to know. */
export interface FormAction {
  madoguchi: string;
  msteams: { type: 'task/fetch' };
}

export function adaptiveCard(
  fallbackText: string,
  body: object[],
  actions: object[] = [],
  mentioned: Person[] = [],
): Card {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body,
    ...(actions.length ? { actions } : {}),
    fallbackText,
    ...(mentioned.length
      ? { msteams: { width: 'Full', entities: mentioned.map(mentionOf) } }
      : { msteams: { width: 'Full' } }),
  };
}

/** A button that opens an address in the browser. */
export function openUrl(title: string, url: string): object {
  return { type: 'Action.OpenUrl', title, url };
}

/** A line of ours. Never give it words of an end user: it reads Markdown. */
export function line(text: string, style: object = {}): object {
  return { type: 'TextBlock', text, wrap: true, ...style };
}

/** Words of other people, verbatim: `TextRun` knows no Markdown, no mention and no macro. */
export function verbatim(text: string, style: object = {}): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}

/** A button whose press comes back to the bot as a message. */
export function button(title: string, data: CardAction, style: object = {}): object {
  return { type: 'Action.Submit', title, data, ...style };
}

/** A button that opens a form in a window of its own; `about` tells the form more. */
export function formButton(title: string, form: string, style: object = {}, about: object = {}): object {
  return {
    type: 'Action.Submit',
    title,
    data: { madoguchi: form, ...about, msteams: { type: 'task/fetch' } } satisfies FormAction,
    ...style,
  };
}

/** A moment in words of ours, which each client shows in its own time zone: only a `TextBlock` does. */
export function moment(at: number): string {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  return `{{DATE(${time},SHORT)}} {{TIME(${time})}}`;
}

/** The text that mentions a person; it must stand in the card letter for letter as in its entity. */
export function mentionText(person: Person): string {
  return `<at>${person.name.replace(/[<>&]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[sign] ?? sign)}</at>`;
}

function mentionOf(person: Person): object {
  return {
    type: 'mention',
    text: mentionText(person),
    mentioned: { id: person.teamsId ?? person.id, name: person.name },
  };
}

/** The words of a message without its pictures and the like. */
export function wordsIn({ parts }: Message): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

/** The first words of a text, for summaries. */
export function brief(text: string, longest = 120): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= longest ? flat : `${[...flat].slice(0, longest - 1).join('')}…`;
}
