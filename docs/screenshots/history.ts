import { newest, thread } from './play.ts';
import type { Scene } from './scene.ts';

/** What was said earlier, on demand. */
export const history: Scene = {
  pictures: ['history'],
  async play(play) {
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('サイズを交換できますか。', 'Can I change the size?'));
    const answer = play.words('はい。ご希望のサイズをお知らせください。', 'Yes. Which size would you like?');
    await play.says(answer);
    await play.arrived(answer);
    await play.writes(ito, play.words('M サイズでお願いします。', 'Medium, please.'));
    await play.press(play.say('root.history'), `${thread} .root`);
    await play.sees(play.say('history.title', { count: 3 }));
    await play.picture('history', newest(1));
  },
};
