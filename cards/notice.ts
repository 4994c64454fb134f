import type { Notice } from '../src/desk/notice.ts';
import type { ThreadPost } from '../src/desk/ports.ts';
import { keyOf, type Say } from '../src/text/text.ts';
import { adaptiveCard, brief, type Drawn, line, mentionText, verbatim } from './card.ts';

/** What the desk itself says in a customer's thread. */
export function noticeCard({ notice, mention, repeat }: Extract<ThreadPost, { type: 'notice' }>, say: Say): Drawn {
  const sentence = sentenceOf(notice, say);
  const body = [
    ...(mention ? [line(mentionText(mention), { size: 'Small' })] : []),
    ...(repeat ? [line(say('notice.repeat'), { color: 'Warning', size: 'Small' })] : []),
    verbatim(sentence, notice.kind === 'away' ? { size: 'Small', isSubtle: true } : {}),
    ...(notice.kind === 'away' ? [verbatim(notice.text)] : []),
  ];
  return { card: adaptiveCard(sentence, body, [], mention ? [mention] : []), summary: brief(sentence) };
}

function sentenceOf(notice: Notice, say: Say): string {
  switch (notice.kind) {
    case 'becameMember':
      return say('notice.becameMember', { id: brief(notice.userId, 80) });
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
