import { newest } from './play.ts';
import type { Scene } from './scene.ts';

/** Canned replies: the list, one with a blank to fill in, and one that went straight out. */
export const canned: Scene = {
  pictures: ['canned-list', 'canned-draft', 'canned-sent'],
  async play(play) {
    const { say } = play;
    const thanks = play.words('お礼', 'thanks');
    const arrival = play.words('到着日', 'arrival');
    await play.linked();
    await play.asks(
      `canned add ${thanks} ${play.words('お問い合わせありがとうございます。確認してご連絡します。', 'Thank you for your message. We will look into it.')}`,
    );
    await play.sees(say('answer.cannedAdded', { name: thanks }));
    await play.asks(
      `canned add ${arrival} ${play.words('ご注文は {到着予定日} に届く予定です。', 'Your order should arrive on {arrival day}.')}`,
    );
    await play.sees(say('answer.cannedAdded', { name: arrival }));
    await play.asks('canned list');
    await play.sees(say('cannedCard.howTo'));
    await play.picture('canned-list', newest(1));
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('届くのはいつですか。', 'When will it arrive?'));
    await play.says(`/${thanks}`);
    await play.sees(
      play.say('cannedCard.sent', { by: (await play.state()).people[0]?.name ?? '', name: thanks }),
      newest(1),
    );
    await play.picture('canned-sent', newest(2));
    await play.says(`/${arrival}`);
    await play.sees(say('cannedCard.send'), newest(1));
    await play.picture('canned-draft', newest(2));
  },
};
