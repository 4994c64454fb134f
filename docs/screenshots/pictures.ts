import { chat, newest } from './play.ts';
import type { Scene } from './scene.ts';

const crushedBox = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200" viewBox="0 0 320 200">
  <rect width="320" height="200" fill="#e8e4da"/><rect y="150" width="320" height="50" fill="#c9bfa9"/>
  <path d="M70 70 150 50 250 66 238 160 78 164Z" fill="#c0904f"/><path d="M70 70 150 50 168 92 86 100Z" fill="#a87838"/>
  <path d="M150 50 250 66 168 92Z" fill="#d8ab6b"/><path d="M196 84l14 26-22 12 20 38" fill="none" stroke="#5d4018" stroke-width="4"/></svg>`;

const label = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200" viewBox="0 0 320 200">
  <rect width="320" height="200" fill="#dfe6ee"/><rect x="60" y="30" width="200" height="140" rx="6" fill="#fff" stroke="#8a97a8"/>
  <rect x="78" y="48" width="90" height="10" fill="#2b5a86"/><rect x="78" y="70" width="150" height="7" fill="#b4bfcc"/>
  <rect x="78" y="86" width="120" height="7" fill="#b4bfcc"/>${Array.from({ length: 20 }, (_, at) => `<rect x="${78 + at * 8}" y="112" width="${2 + ((at * 7) % 5)}" height="40" fill="#222"/>`).join('')}</svg>`;

/** A customer's picture in the thread, an operator's as a link in the chat, and a file that can't be sent. */
export const pictures: Scene = {
  pictures: ['pictures', 'pictures-phone', 'pictures-customer'],
  async play(play) {
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    const box = await play.drawing(play.words('箱.png', 'box.png'), crushedBox);
    await play.writes(ito, play.words('届いた箱がつぶれていました。', 'The box arrived crushed.'), { picture: box });
    const answer = play.words(
      'ご迷惑をおかけしました。この返送ラベルをお使いください。',
      'We are sorry. Please use this label to send it back.',
    );
    const sheet = play.words('返品の手順.pdf', 'returns.pdf');
    await play.says(answer, 0, {
      pictures: [await play.drawing(play.words('ラベル.png', 'label.png'), label)],
      files: [sheet],
    });
    await play.arrived(answer);
    await play.sees(play.say('answer.unnamedFile'), newest(2));
    await play.sees(play.say('reply.picturesAsLinks', { count: 1 }), newest(2));
    await play.picture('pictures', newest(4));
    await play.phonePicture('pictures', newest(4));
    await play.picture('pictures-customer', chat);
  },
};
