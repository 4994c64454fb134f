import type { ThreadPost } from '../src/desk/ports.ts';
import { keyOf, type Say, type SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, mentionText, verbatim, wordsIn } from './card.ts';

type FailurePost = Extract<ThreadPost, { type: 'failure' }>;

/** A delivery that was not made, in front of the person who can mend it: what, why, what to do, and the buttons to do it. */
export function failureCard(post: FailurePost, say: Say): Drawn {
  const { failure, message, mention, delivery, delayed, repeat } = post;
  const title = say(titleOf(post));
  const reason = say(keyOf(failure.code), { detail: failure.detail ?? '' });
  const text = wordsIn(message);
  const body = [
    line(title, { weight: 'Bolder', color: delayed ? 'Warning' : 'Attention' }),
    ...(mention ? [line(mentionText(mention), { size: 'Small' })] : []),
    ...(repeat ? [line(say('failure.repeat'), { color: 'Warning', size: 'Small' })] : []),
    line(reason),
    ...(delayed ? [line(say('failure.retrying'))] : []),
    ...(text ? [verbatim(brief(text, 500), { isSubtle: true })] : []),
  ];
  const again = button(say('failure.sendAgain'), {
    madoguchi: 'sendAgain',
    lane: delivery.lane,
    delivery: delivery.id,
  });
  const wasSent = button(say('failure.wasSent'), {
    madoguchi: 'markDelivered',
    lane: delivery.lane,
    delivery: delivery.id,
  });
  const actions = delayed ? [] : failure.kind === 'unknown' ? [again, wasSent] : [again];
  return {
    card: adaptiveCard(`${title} ${reason}`, body, actions, mention ? [mention] : []),
    summary: text ? `${title}: ${brief(text, 60)}` : title,
  };
}

/** The same card when somebody has dealt with it: no buttons left. */
export function settledCard(sentence: string): Drawn {
  return { card: adaptiveCard(sentence, [verbatim(sentence, { isSubtle: true })]), summary: sentence };
}

function titleOf({ failure, toward, delayed }: FailurePost): SentenceKey {
  if (delayed) return 'failure.titleDelayed';
  const certain = failure.kind === 'refused';
  if (toward === 'endUser') return certain ? 'failure.title' : 'failure.titleUnknown';
  return certain ? 'failure.titleToTeams' : 'failure.titleToTeamsUnknown';
}
