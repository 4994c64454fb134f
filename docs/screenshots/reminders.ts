import { chat, dialog, newest, root } from './play.ts';
import type { Scene } from './scene.ts';

const office = { days: [1, 2, 3, 4, 5], from: 9 * 60, to: 18 * 60, zone: 'Asia/Tokyo', holidays: true };

/** A customer who waits is brought to mind. */
export const reminder: Scene = {
  pictures: ['reminder'],
  async play(play) {
    const { say } = play;
    await play.rule({ remindAfter: 30 });
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('予約の変更はできますか。', 'Can I change my booking?'));
    await play.press(say('root.assignMe'), root);
    await play.sees(say('answer.assigned', { name: (await play.state()).people[0]?.name ?? '' }));
    play.pass(31);
    await play.sees(say('notice.unanswered', { since: '\n' }).split('\n')[0] ?? '', newest(1));
    await play.picture('reminder', [root, newest(1)]);
  },
};

/** Outside of business hours: what the customer is told by itself. */
export const away: Scene = {
  pictures: ['away', 'away-customer'],
  at: '21:30',
  async play(play) {
    const text = play.words(
      'ただいま営業時間外です。平日 9 時から 18 時の間にお返事します。',
      'We are away right now and will answer on weekdays between 9 and 18.',
    );
    await play.rule({ hours: office, away: text });
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('夜分にすみません。', 'Sorry to write this late.'));
    await play.sees(text, newest(1));
    await play.picture('away', newest(2));
    await play.sees(text, '#customer .chat-log');
    await play.picture('away-customer', chat);
  },
};

/** How the desk works, and the form to change it. */
export const settings: Scene = {
  pictures: ['settings', 'settings-form'],
  async play(play) {
    await play.rule({
      hours: office,
      remindAfter: 30,
      away: play.words('ただいま営業時間外です。', 'We are away right now.'),
    });
    await play.asks('settings');
    await play.sees(play.say('settings.open'));
    await play.picture('settings', newest(1));
    await play.press(play.say('settings.open'));
    await play.sees(play.say('settings.reminderLabel').slice(0, 10), dialog);
    await play.picture('settings-form', dialog);
  },
};
