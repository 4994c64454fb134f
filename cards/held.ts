import type { HeldNotice } from '../src/desk/ports.ts';
import type { DeskSettings } from '../src/desk/settings.ts';
import { keyOf, type Say } from '../src/text/text.ts';
import { adaptiveCard, button, type Drawn, line, mentionText } from './card.ts';
import { linkToRoom } from './links.ts';

/** More mentions than this help nobody. */
const MOST_MENTIONED = 5;

/** For the admins, in General: a Teams channel can't be posted to, why, and two ways out. */
export function heldCard(desk: DeskSettings, { room, failure }: HeldNotice, say: Say): Drawn {
  const title = say('held.title');
  const reason = say(keyOf(failure.code), { detail: failure.detail ?? '' });
  const admins = desk.admins.slice(0, MOST_MENTIONED);
  const body = [
    line(title, { weight: 'Bolder', color: 'Attention' }),
    ...(admins.length ? [line(admins.map(mentionText).join(' '), { size: 'Small' })] : []),
    line(reason),
    line(say('held.waiting')),
  ];
  const actions = [
    { type: 'Action.OpenUrl', title: say('held.open'), url: linkToRoom(desk, room) },
    button(say('held.goOnHere'), { madoguchi: 'goOnHere', lane: room }),
  ];
  return { card: adaptiveCard(`${title} ${reason}`, body, actions, admins), summary: title };
}
