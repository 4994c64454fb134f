import { dialog, newest, root } from './play.ts';
import type { Scene } from './scene.ts';

/** The card at the root of a thread, and the form behind one of its buttons. */
export const card: Scene = {
  pictures: ['card', 'card-phone', 'card-more', 'assign'],
  async play(play) {
    const { say } = play;
    await play.linked(0, 1);
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    const question = play.words(
      'こんにちは。今朝、電気ケトルを注文しました。\n色を白から黒に変えられますか？',
      'Hello! I ordered an electric kettle this morning.\nCould I have it in black instead of white?',
    );
    await play.writes(ito, question);
    await play.sees(say('root.lastFromCustomer'), root);
    await play.picture('card', [root, newest(1)]);
    await play.phonePicture('card', [root, newest(1)]);
    await play.press('...', root);
    await play.picture('card-more', [root, '.ac-ctrl-popup-container']);
    await play.visit.page.mouse.click(2, 2);
    await play.press(say('root.assign'));
    await play.sees(say('assign.onlyLinked'), dialog);
    await play.picture('assign', dialog);
  },
};
