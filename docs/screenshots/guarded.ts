import { newest } from './play.ts';
import type { Scene } from './scene.ts';

/** The guarded mode: what is not marked stays a note. */
export const guarded: Scene = {
  pictures: ['guarded', 'guarded-phone'],
  async play(play) {
    const { say } = play;
    await play.rule({ guarded: true });
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('届いた箱がつぶれていました。', 'The box arrived crushed.'));
    await play.says(play.words('この方は先月も同じ件でした', 'same customer, same problem last month'));
    await play.sees(say('answer.howToSend'));
    const answer = play.words(
      '申し訳ございません。すぐに交換品をお送りします。',
      'I am sorry. We will send a new one today.',
    );
    await play.says(`reply ${answer}`);
    await play.arrived(answer);
    await play.picture('guarded', newest(3));
    await play.phonePicture('guarded', newest(3));
  },
};
