import { dialog } from './play.ts';
import type { Scene } from './scene.ts';

/** Where the language of the desk is chosen. */
export const languages: Scene = {
  pictures: ['language'],
  async play(play) {
    await play.asks('settings');
    await play.press(play.say('settings.open'));
    await play.sees(play.say('settings.language'), dialog);
    await play.picture('language', [`${dialog} header`, `${dialog} .ac-adaptiveCard > :nth-child(-n + 3)`]);
  },
};
