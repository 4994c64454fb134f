import type { ConnectionForm } from '../src/desk/ports.ts';
import type { Connection, Room } from '../src/desk/settings.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, type Card, type Drawn, formButton, line } from './card.ts';
import { choiceInput, toggleInput } from './inputs.ts';
import { nameOf } from './move.ts';

const LONGEST_VALUE = 500;

/** The input that takes a kept secret away which is not required. */
export const dropInput = (field: string): string => `drop-${field}`;

/** What the form asks for, and what is known: the connection that is changed, and the Teams channels that new conversations may go to. */
export interface Asked {
  channel: string;
  form: ConnectionForm;
  rooms: readonly Room[];
  room: string;
  connection?: Connection;
}

/** Offers the form of one channel, or of each there is, so that secrets never stand in a Teams channel. Whoever presses a button is checked when it opens. */
export function connectOfferCard(channels: readonly string[], say: Say): Drawn {
  const [only = ''] = channels;
  const title = channels.length === 1 ? connectTitle(only, say) : say('connect.which');
  const buttons = channels.map((channel) =>
    formButton(
      channels.length === 1 ? say('connect.open') : nameOfChannel(channel, say),
      'connect',
      { style: 'positive' },
      { channel },
    ),
  );
  return {
    card: adaptiveCard(title, [line(title, { weight: 'Bolder' }), line(say('connect.offerText'))], buttons),
    summary: title,
  };
}

/** The form itself. `problem` says why it is shown again; what was typed stays, secrets excepted: they are typed anew. */
export function connectForm(
  { channel, form, rooms, room, connection }: Asked,
  say: Say,
  problem?: string,
  typed: Readonly<Record<string, string>> = {},
): Card {
  const title = connectTitle(channel, say);
  const known: Record<string, string> = connection
    ? { ...connection.settings, [form.account]: connection.account }
    : {};
  const inputs = form.fields.flatMap(({ id, secret, required }) => {
    // A secret that is kept already need not be typed again.
    const isRequired = required && !(secret && connection);
    const input = {
      type: 'Input.Text',
      id,
      label: say(`connect.${channel}.${id}` as SentenceKey),
      isRequired,
      maxLength: LONGEST_VALUE,
      ...(isRequired ? { errorMessage: say('connect.required') } : {}),
      ...(secret
        ? { style: 'Password', ...(connection ? { placeholder: say('connect.kept') } : {}) }
        : { value: (typed[id] ?? known[id] ?? '').slice(0, LONGEST_VALUE) }),
    };
    const drop = { id: dropInput(id), label: say('connect.drop'), typed: typed[dropInput(id)] ?? '' };
    return secret && connection && !required ? [input, toggleInput(drop)] : [input];
  });
  const choices = rooms.map((each) => ({ title: nameOf(each, say), value: each.id }));
  const chosen = choices.some(({ value }) => value === typed.room) ? (typed.room ?? room) : room;
  const where =
    choices.length > 1 ? [choiceInput({ id: 'room', label: say('connect.room'), typed: chosen }, choices)] : [];
  const data = { madoguchi: 'connect', channel, ...(connection ? { connection: connection.id } : {}) };
  const submit = { type: 'Action.Submit', title: say('connect.save'), style: 'positive', data };
  const told = problem ? [line(problem, { color: 'Attention' })] : [];
  return adaptiveCard(title, [...told, ...inputs, ...where], [submit]);
}

/** What the form of a channel is called. */
export function connectTitle(channel: string, say: Say): string {
  return say('connect.title', { channel: nameOfChannel(channel, say) });
}

/** A channel as people call it. */
export function nameOfChannel(channel: string, say: Say): string {
  return say(`channels.${channel}` as SentenceKey);
}
