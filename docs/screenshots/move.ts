import { dialog, newest, root } from './play.ts';
import type { Scene } from './scene.ts';

/** A conversation goes on in another Teams channel. */
export const move: Scene = {
  pictures: ['move-form', 'move-left', 'move-there'],
  async play(play) {
    const { say, visit } = play;
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('返品したいのですが。', 'I would like to return something.'));
    await play.says('move');
    await play.press(say('move.open'));
    await play.sees(say('move.room'), dialog);
    const returns = (await play.state()).channels[1];
    await (await visit.field(say('move.room'), dialog)).select(returns?.id ?? '');
    await play.picture('move-form', dialog);
    await play.press(say('move.submit'), dialog);
    await play.sees(say('move.begun', { room: returns?.name ?? '' }), dialog);
    await play.closed();
    await play.sees(say('move.openThread'));
    await play.picture('move-left', newest(1));
    await visit.press(returns?.name ?? '', '.channels');
    await play.sees(say('root.howToReply', { bot: 'KARTE' }), root);
    await play.picture('move-there', [root, newest(2)]);
  },
};
