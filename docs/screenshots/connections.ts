import { thread } from './play.ts';
import type { Scene } from './scene.ts';

/** What the desk is connected to. */
export const connections: Scene = {
  pictures: ['connections'],
  env: { PUBLIC_URL: 'https://desk.example.test' },
  async play(play) {
    await play.linked();
    await play.asks('connections');
    await play.sees(play.say('connections.title'));
    await play.picture('connections', `${thread} .posts > .post:has(.card)`);
  },
};
