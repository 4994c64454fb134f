import { newest } from './play.ts';
import type { Scene } from './scene.ts';

/** A reply that was edited after it arrived, and one that was deleted. */
export const edits: Scene = {
  pictures: ['edited', 'deleted'],
  async play(play) {
    const { say } = play;
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('届くのはいつですか。', 'When will it arrive?'));
    const first = play.words('11 月 26 日にお届けします。', 'It arrives on November 26.');
    const reply = await play.says(first);
    await play.arrived(first);
    await play.edits(reply, play.words('11 月 28 日にお届けします。', 'It arrives on November 28.'));
    await play.sees(say('edited.sendCorrection'));
    await play.picture('edited', newest(2));
    const second = play.words('お届けは午前中です。', 'It comes in the morning.');
    const slip = await play.says(second);
    await play.arrived(second);
    await play.deletes(slip);
    await play.sees(say('edited.hasDeleted'));
    await play.picture('deleted', newest(2));
  },
};
