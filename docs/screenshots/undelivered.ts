import { newest } from './play.ts';
import type { Scene } from './scene.ts';

/** A reply that KARTE refused, with the reason and the ways out. */
export const undelivered: Scene = {
  pictures: ['undelivered', 'undelivered-phone'],
  async play(play) {
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('発送はいつですか。', 'When will it be sent?'));
    await play.control('faults', { side: 'karte', method: 'POST', path: 'sendFromOperator', status: 403 });
    await play.says(play.words('本日発送しました。', 'It was sent today.'));
    await play.sees(play.say('failure.title'));
    await play.picture('undelivered', newest(2));
    await play.phonePicture('undelivered', newest(2));
  },
};
