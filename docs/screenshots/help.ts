import { newest } from './play.ts';
import type { Scene } from './scene.ts';

/** All commands. */
export const help: Scene = {
  pictures: ['help'],
  async play(play) {
    await play.asks('help');
    await play.sees(play.say('help.title'));
    await play.picture('help', newest(1));
  },
};
