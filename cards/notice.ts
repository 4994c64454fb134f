import type { Notice } from '../src/desk/notice.ts';
import type { ThreadPost } from '../src/desk/ports.ts';
import type { DeskSettings } from '../src/desk/settings.ts';
import { keyOf, type Say } from '../src/text/text.ts';
import { adaptiveCard, brief, type Drawn, line, mentionText, verbatim } from './card.ts';
import { linkToThread } from './links.ts';
import { nameOf } from './move.ts';

/** What the desk itself says in a customer's thread. */
export function noticeCard(
  { notice, mention, repeat }: Extract<ThreadPost, { type: 'notice' }>,
  team: Pick<DeskSettings, 'tenantId' | 'aadGroupId'>,
  say: Say,
): Drawn {
  const sentence = sentenceOf(notice, say);
  const body = [
    ...(mention ? [line(mentionText(mention), { size: 'Small' })] : []),
    ...(repeat ? [line(say('notice.repeat'), { color: 'Warning', size: 'Small' })] : []),
    verbatim(sentence, notice.kind === 'away' ? { size: 'Small', isSubtle: true } : {}),
    ...(notice.kind === 'away' ? [verbatim(notice.text)] : []),
  ];
  const actions =
    notice.kind === 'movedAway'
      ? [{ type: 'Action.OpenUrl', title: say('move.openThread'), url: linkToThread(team, notice.to) }]
      : [];
  return { card: adaptiveCard(sentence, body, actions, mention ? [mention] : []), summary: brief(sentence) };
}

function sentenceOf(notice: Notice, say: Say): string {
  switch (notice.kind) {
    case 'becameMember':
      return say('notice.becameMember', { id: brief(notice.userId, 80) });
    case 'movedAway':
      return say('notice.movedAway', { name: notice.by, room: nameOf({ name: notice.room }, say) });
    case 'unanswered':
      return say('notice.unanswered', { since: notice.wall });
    case 'away':
      return say('notice.away');
    case 'handedOut':
      return say('notice.handedOut', { name: brief(notice.name, 80) });
    case 'notHandedOut':
      return say('notice.notHandedOut', { reason: say(keyOf(notice.code), { detail: notice.detail ?? '' }) });
  }
}
