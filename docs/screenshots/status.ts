import { newest, root } from './play.ts';
import type { Scene } from './scene.ts';

const customers = [
  [1001, '伊藤 さくら', 'Sakura Ito', '返品の送り先を教えてください。', 'Where do I send a return?'],
  [1002, '高橋 直樹', 'Naoki Takahashi', '届くのはいつですか。', 'When will it arrive?'],
  [1003, '渡辺 海', 'Kai Watanabe', 'サイズを交換できますか。', 'Can I change the size?'],
  [1004, '小林 葵', 'Aoi Kobayashi', 'ログインできません。', 'I can’t log in.'],
] as const;

/** A closed conversation, and the list of what is open. */
export const status: Scene = {
  pictures: ['closed', 'status', 'status-phone'],
  async play(play) {
    const { say } = play;
    const { people } = await play.state();
    await play.linked(0, 1);
    for (const [number, ja, en, asksJa, asksEn] of customers) {
      await play.writes(await play.member(number, ja, en), play.words(asksJa, asksEn));
      if (number === 1001) continue;
      const who = number % 2;
      await play.says('operator assign', who);
      await play.sees(say('answer.assigned', { name: people[who]?.name ?? '' }));
      if (number !== 1003) continue;
      await play.says('waiting', who);
      await play.sees(say('answer.waiting'));
    }
    const last = await play.member(1005, '中村 陽', 'Yo Nakamura');
    await play.writes(last, play.words('解決しました。ありがとう。', 'It works now. Thank you!'));
    await play.press(say('root.close'), root);
    await play.sees(say('root.reopen'), root);
    await play.sees(say('answer.closed'));
    await play.picture('closed', [root, newest(1)]);
    await play.asks('status');
    await play.sees(say('overview.refresh'));
    await play.picture('status', newest(1));
    await play.phonePicture('status', newest(1));
  },
};
