import { chat, newest } from './play.ts';
import type { Scene } from './scene.ts';

/** An answer on both sides, and a slip that was caught. */
export const answering: Scene = {
  pictures: ['answer', 'answer-customer', 'slip'],
  async play(play) {
    await play.linked();
    const takahashi = await play.member(1002, '高橋 直樹', 'Naoki Takahashi');
    await play.writes(takahashi, play.words('領収書の宛名を変更できますか。', 'Can I change the name on my receipt?'));
    const answer = play.words(
      'はい、変更できます。ご希望の宛名をお知らせください。',
      'Yes, you can. Which name would you like on it?',
    );
    await play.says(answer);
    await play.arrived(answer);
    await play.picture('answer', newest(2));
    await play.picture('answer-customer', chat);
    await play.says('operater assign');
    await play.sees(play.say('confirm.title'));
    await play.picture('slip', newest(2));
  },
};
