import type { Customer } from '../../simulator/state.ts';
import { newest, root } from './play.ts';
import type { Scene } from './scene.ts';

/** A visitor signs in, and the thread goes on. */
export const member: Scene = {
  pictures: ['member'],
  async play(play) {
    await play.linked();
    const visitor = await play.control<Customer>('customers', { kind: 'visitor', visitor_id: 'v-7c41a9' });
    await play.writes(visitor, play.words('注文の確認をしたいです。', 'I would like to check my order.'));
    await play.control(`customers/${visitor.id}/identify`, { user_id: '1001' });
    await play.writes(visitor, play.words('ログインしました。', 'I have signed in.'));
    await play.sees(play.say('root.title', { who: play.say('root.member', { id: '1001' }) }), root);
    await play.picture('member', [root, newest(3)]);
  },
};
