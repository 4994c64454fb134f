import type { Edited } from '../src/desk/edited.ts';
import type { ThreadPost } from '../src/desk/ports.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, mentionText, verbatim, wordsIn } from './card.ts';

/** What a customer has of a message that was edited or deleted in Teams, and the way to correct it. */
export function editedCard(post: Extract<ThreadPost, { type: 'edited' }>, say: Say): Drawn {
  const { edited, final, mention, repeat } = post;
  const title = say(titleOf(edited));
  const why = reasonsOf(edited, final === true).map((key) => say(key));
  // What somebody deleted is not shown again.
  const old = edited.has === 'nothing' || edited.gone === 'deleted' ? '' : wordsIn(edited.old);
  const body = [
    line(title, { weight: 'Bolder', color: edited.has === 'nothing' ? 'Default' : 'Warning' }),
    ...(mention ? [line(mentionText(mention), { size: 'Small' })] : []),
    ...(repeat ? [line(say('notice.repeat'), { color: 'Warning', size: 'Small' })] : []),
    ...why.map((sentence) => line(sentence)),
    ...(old ? [line(say('edited.old'), { size: 'Small' }), verbatim(brief(old, 500), { isSubtle: true })] : []),
    ...(edited.text
      ? [
          line(say('edited.new'), { size: 'Small' }),
          verbatim(brief(say('edited.correction', { text: edited.text }), 500)),
        ]
      : []),
  ];
  const { lane, id: delivery } = edited.delivery;
  const correct = { madoguchi: 'sendCorrection', lane, delivery, revision: edited.number } as const;
  const actions = edited.text ? [button(say('edited.sendCorrection'), correct)] : [];
  return { card: adaptiveCard([title, ...why].join(' '), body, actions, mention ? [mention] : []), summary: title };
}

function titleOf({ has, gone, pictures }: Edited): SentenceKey {
  if (gone === 'deleted') return titles.deleted[has];
  return titles[pictures ? 'pictures' : 'edited'][has];
}

const titles = {
  edited: { nothing: 'edited.stopped', old: 'edited.hasOld', perhaps: 'edited.perhapsOld' },
  pictures: { nothing: 'edited.stopped', old: 'edited.hasOldPictures', perhaps: 'edited.perhapsOldPictures' },
  deleted: { nothing: 'edited.cancelled', old: 'edited.hasDeleted', perhaps: 'edited.perhapsDeleted' },
} as const;

function reasonsOf({ has, gone }: Edited, final: boolean): SentenceKey[] {
  return [
    ...(gone === 'secret' ? (['edited.secret'] as const) : []),
    ...(gone === 'notReply' && has === 'nothing' ? (['edited.writeAnew'] as const) : []),
    ...(final && has !== 'nothing'
      ? ([gone === 'deleted' ? 'edited.cantTakeBack' : 'edited.cantChange'] as const)
      : []),
  ];
}
