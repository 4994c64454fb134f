import { thread } from './play.ts';
import type { Scene } from './scene.ts';

/** What is missing, and where to give it. */
export const doctor: Scene = {
  pictures: ['doctor'],
  env: { PUBLIC_URL: 'https://desk.example.test' },
  async play(play) {
    await play.linked();
    const ito = await play.member(1001, '伊藤 さくら', 'Sakura Ito');
    await play.writes(ito, play.words('こんにちは', 'Hello'));
    await play.control('faults', { side: 'karte', path: 'note/send', status: 403 });
    await play.asks('doctor');
    await play.sees(play.say('doctor.somethingMissing'));
    await play.picture('doctor', `${thread} .posts > .post:has(.card)`);
  },
};
