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
  const pictures = message.parts.filter(({ kind }) => kind === 'image').length;
  const body = [
    line(title, { weight: 'Bolder', color: delayed ? 'Warning' : 'Attention' }),
    ...(mention ? [line(mentionText(mention), { size: 'Small' })] : []),
    ...(repeat ? [line(say('failure.repeat'), { color: 'Warning', size: 'Small' })] : []),
    line(reason),
    ...(delayed ? [line(say('failure.retrying'))] : []),
    ...(text ? [verbatim(brief(text, 500), { isSubtle: true })] : []),
    ...(pictures > 0 ? [line(say('failure.pictures', { count: pictures }), { isSubtle: true })] : []),
  ];
  const about = { lane: delivery.lane, delivery: delivery.id };
  const again = button(say('failure.sendAgain'), { madoguchi: 'sendAgain', ...about });
  const wasSent = button(say('failure.wasSent'), { madoguchi: 'markDelivered', ...about });
  // Nothing but a picture stands in the way of the words.
  const words = button(say('failure.sendWords'), { madoguchi: 'sendWords', ...about });
  const others = failure.kind === 'unknown' ? [wasSent] : isOfPicture(failure) && text ? [words] : [];
  const actions = delayed ? [] : [again, ...others];
  return {
    card: adaptiveCard(`${title} ${reason}`, body, actions, mention ? [mention] : []),
    summary: text ? `${title}: ${brief(text, 60)}` : title,
  };
}

/** The same card when somebody has dealt with it: no buttons left. */
export function settledCard(sentence: string): Drawn {
  return { card: adaptiveCard(sentence, [verbatim(sentence, { isSubtle: true })]), summary: sentence };
}

function isOfPicture({ code }: FailurePost['failure']): boolean {
  return code.startsWith('picture.');
}

function titleOf({ failure, toward, delayed }: FailurePost): SentenceKey {
  if (delayed) return 'failure.titleDelayed';
  const certain = failure.kind === 'refused';
  if (toward === 'endUser') return certain ? 'failure.title' : 'failure.titleUnknown';
  return certain ? 'failure.titleToTeams' : 'failure.titleToTeamsUnknown';
}
