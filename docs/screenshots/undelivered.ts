import { newest } from './play.ts';
import type { Scene } from './scene.ts';

/** A reply that KARTE refused, with the reason and the ways out, and what its admin hears. */
export const undelivered: Scene = {
  pictures: ['undelivered', 'undelivered-phone', 'undelivered-done'],
  async play(play) {
    const { say } = play;
    await play.linked(0, 1);
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('発送はいつですか。', 'When will it be sent?'));
    await play.control('faults', { side: 'karte', method: 'POST', path: 'sendFromOperator', status: 403 });
    await play.says(play.words('本日発送しました。', 'It was sent today.'), 1);
    await play.sees(say('failure.title'));
    await play.sees(say('parked.one'), newest(1));
    await play.picture('undelivered', newest(3));
    await play.phonePicture('undelivered', newest(3));
    await play.press(say('failure.sendAgain'));
    await play.sees(say('failure.sentAgain', { name: (await play.state()).people[0]?.name ?? '' }));
    await play.picture('undelivered-done', newest(3));
  },
};

/** A reply of which nobody can tell whether it arrived. */
export const unclear: Scene = {
  pictures: ['unclear'],
  async play(play) {
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('発送はいつですか。', 'When will it be sent?'));
    await play.control('faults', {
      side: 'karte',
      method: 'POST',
      path: 'sendFromOperator',
      status: 502,
      effect: true,
    });
    await play.control('faults', { side: 'karte', path: 'talk/message/get', status: 403, times: 20 });
    await play.says(play.words('本日発送しました。', 'It was sent today.'));
    await play.sees(play.say('failure.wasSent'));
    await play.picture('unclear', newest(2));
  },
};
