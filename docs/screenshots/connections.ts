import { dialog, thread } from './play.ts';
import type { Scene } from './scene.ts';

/** What the desk is connected to: KARTE from the beginning, and LINE by its form. */
export const connections: Scene = {
  pictures: ['connections'],
  env: { PUBLIC_URL: 'https://desk.example.test' },
  async play(play) {
    const { accounts } = (await play.state()).line;
    const [account] = accounts;
    await play.linked();
    await play.asks('connect line');
    await play.press(play.say('connect.open'));
    for (const field of ['channelId', 'channelSecret', 'basicId'] as const)
      await play.visit.fill(play.say(`connect.line.${field}`), account?.[field] ?? '', dialog);
    await play.press(play.say('connect.save'), dialog);
    await play.sees('/api/channels/line/', dialog);
    await play.closed();
    await play.asks('connections');
    await play.sees(play.say('connections.title'));
    await play.picture('connections', `${thread} .posts > .post:has(.card)`);
  },
};
