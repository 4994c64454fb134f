import { newest, root } from './play.ts';
import type { Scene } from './scene.ts';

/** A new conversation is given to one who takes them. */
export const handOut: Scene = {
  pictures: ['hand-out'],
  async play(play) {
    const { say } = play;
    const name = (await play.state()).people[0]?.name ?? '';
    await play.rule({ handOut: 'roundRobin' });
    await play.linked();
    await play.asks('operator on');
    await play.sees(say('answer.operatorOn', { name }));
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('会員登録の方法を教えてください。', 'How do I sign up?'));
    await play.sees(say('notice.handedOut', { name }));
    await play.sees(name, root);
    await play.picture('hand-out', [root, newest(2)]);
  },
};
