import type { ThreadPost } from '../src/desk/ports.ts';
import { keyOf, type Say, type SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, mentionText, moment, verbatim, wordsIn } from './card.ts';

type FailurePost = Extract<ThreadPost, { type: 'failure' }>;

/** A delivery that was not made, in front of the person who can mend it: what, why, what to do, and the buttons to do it. */
export function failureCard(post: FailurePost, say: Say): Drawn {
  const { failure, message, mention, delayed, repeat, since, edited } = post;
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
    ...(edited ? [line(say(failure.kind === 'unknown' ? 'failure.editedUnknown' : 'failure.edited'))] : []),
    ...(text ? [verbatim(brief(text, 500), { isSubtle: true })] : []),
    ...(pictures > 0 ? [line(say('failure.pictures', { count: pictures }), { isSubtle: true })] : []),
    ...(since === undefined
      ? []
      : [line(say('failure.since', { since: moment(since) }), { size: 'Small', isSubtle: true })]),
  ];
  const actions = delayed ? [] : waysOut(post, text !== '', say);
  return {
    card: adaptiveCard(`${title} ${reason}`, body, actions, mention ? [mention] : []),
    summary: text ? `${title}: ${brief(text, 60)}` : title,
  };
}

/** The same card when somebody has dealt with it: no buttons left. Words that went nowhere stay to be read. */
export function settledCard(sentence: string, words = ''): Drawn {
  const kept = words ? [verbatim(brief(words, 500), { isSubtle: true })] : [];
  return { card: adaptiveCard(sentence, [verbatim(sentence, { isSubtle: true }), ...kept]), summary: sentence };
}

/** Send it, say that it has arrived (by itself, or in another way), or let it be. */
function waysOut({ failure, delivery: { lane, id: delivery } }: FailurePost, hasWords: boolean, say: Say): object[] {
  const discard = button(say('failure.discard'), { madoguchi: 'discard', lane, delivery });
  // Nothing but a picture stands in the way of the words.
  const words = isOfPicture(failure) && hasWords;
  if (failure.code === 'delivery.afterEdit')
    return [button(say('failure.sendNow'), { madoguchi: 'sendAgain', lane, delivery }), discard];
  const arrived = say(failure.kind === 'unknown' ? 'failure.wasSent' : 'failure.markSent');
  return [
    button(say('failure.sendAgain'), { madoguchi: 'sendAgain', lane, delivery }),
    ...(words ? [button(say('failure.sendWords'), { madoguchi: 'sendWords', lane, delivery })] : []),
    button(arrived, { madoguchi: 'markDelivered', lane, delivery }),
    discard,
  ];
}

function isOfPicture({ code }: FailurePost['failure']): boolean {
  return code.startsWith('picture.');
}

function titleOf({ failure, toward, delayed }: FailurePost): SentenceKey {
  if (failure.code === 'delivery.afterEdit') return 'failure.titleAfterEdit';
  if (delayed) return 'failure.titleDelayed';
  const certain = failure.kind === 'refused';
  if (toward === 'endUser') return certain ? 'failure.title' : 'failure.titleUnknown';
  return certain ? 'failure.titleToTeams' : 'failure.titleToTeamsUnknown';
}
