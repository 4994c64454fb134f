import { dialog, newest, root } from './play.ts';
import type { Scene } from './scene.ts';

/** A note from the card's form, one from a command. */
export const notes: Scene = {
  pictures: ['note', 'note-form', 'note-phone'],
  async play(play) {
    const { say } = play;
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('返金はいつごろになりますか。', 'When will I get my refund?'));
    const written = play.words(
      '返金は経理に確認中。明日の午前中に折り返す',
      'asked accounting; call back tomorrow morning',
    );
    await play.says(`note ${written}`);
    await play.sees(say('answer.noted'));
    await play.press(say('root.note'), root);
    const remark = play.words('前回も同じお問い合わせあり', 'Asked the same last time');
    await play.visit.fill(say('note.text'), remark, dialog);
    await play.picture('note-form', dialog);
    await play.press(say('note.save'), dialog);
    await play.sees(remark, newest(1));
    await play.closed();
    await play.picture('note', newest(3));
    await play.phonePicture('note', newest(3));
  },
};
