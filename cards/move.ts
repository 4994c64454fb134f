import type { Conversation } from '../src/desk/conversation.ts';
import type { DeskSettings, Room } from '../src/desk/settings.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, type Card, type Drawn, formButton, line } from './card.ts';
import { linkToRoom, linkToThread } from './links.ts';

/** Offers the form to whoever wrote `move`. */
export function moveOfferCard(say: Say): Drawn {
  const title = say('move.offer');
  const body = [line(title, { weight: 'Bolder' }), line(say('move.offerText'))];
  return {
    card: adaptiveCard(title, body, [formButton(say('move.open'), 'move', { style: 'positive' })]),
    summary: title,
  };
}

/** The form: where to. `problem` says why it is shown again. */
export function moveForm(say: Say, rooms: Room[], problem?: string): Card {
  const choices = rooms.map((room) => ({ title: nameOf(room, say), value: room.id }));
  const input = {
    type: 'Input.ChoiceSet',
    id: 'room',
    style: 'compact',
    label: say('move.room'),
    choices,
    isRequired: true,
    errorMessage: say('move.required'),
  };
  const submit = { type: 'Action.Submit', title: say('move.submit'), style: 'positive', data: { madoguchi: 'move' } };
  const told = problem ? [line(problem, { color: 'Attention' })] : [];
  return adaptiveCard(say('move.offer'), [line(say('move.offerText')), ...told, input], [submit]);
}

/** For whoever writes in a thread that its conversation has left: nothing was done, and where it goes on. */
export function leftCard(
  team: Pick<DeskSettings, 'tenantId' | 'aadGroupId'>,
  { thread, room, refuge }: Conversation,
  sentence: SentenceKey,
  say: Say,
): Drawn {
  const title = say(sentence);
  const link = thread
    ? { title: say('move.openThread'), url: linkToThread(team, thread.id) }
    : { title: say('move.openRoom'), url: linkToRoom(team, refuge ?? room) };
  return {
    card: adaptiveCard(title, [line(title, { color: 'Warning' })], [{ type: 'Action.OpenUrl', ...link }]),
    summary: title,
  };
}

/** A Teams channel as people call it: Teams gives General no name. */
export function nameOf({ name }: Pick<Room, 'name'>, say: Say): string {
  return name || say('room.general');
}
