import { reply, sends } from '../../faults/scene.ts';
import { asked, tell } from '../../integration/moves.ts';
import { SATO } from '../../integration/stand.ts';
import { figures } from './figures.ts';
import { quiet } from './quiet.ts';
import { type Seat, seat } from './seats.ts';
import { PATIENCE, size } from './seed.ts';
import { type Site, site } from './site.ts';

const USERS = size(12, 100);

/** Proof 3, on two instances over one store: what is delivered again reaches the other one, while the first is still at it. */
describe('what comes to both of two instances', () => {
  let s: Site;
  let seats: Seat[];
  beforeAll(async () => {
    s = await site({ instances: 2 });
    // Before either instance has read who is linked: another's change may go unseen for five seconds.
    await tell(s, SATO, { channel: s.simulator.state().team.id, text: 'operator link op-sato-0002' });
    seats = await seat(s, USERS);
    // Each activity goes to one instance and its repeat to the other.
    let turn = 0;
    if (s.gate) s.gate.choose = () => s.instances[turn++ % 2]?.url ?? '';
    s.simulator.faults.slow('karte', 50);
  }, PATIENCE);
  afterAll(() => s.close());

  test(
    'is sent to the customer once',
    async () => {
      const before = sends(s).length;
      for (const { user, thread } of seats) {
        const said = reply(s, thread, `返事 ${user}。`);
        const again = s.simulator.teams.redeliver(said.activity?.id ?? '');
        const deliveries = await Promise.all([said.answered, again.answered]);
        expect(deliveries.map((each) => each?.outcome)).toEqual(['accepted', 'accepted']);
      }
      await quiet(s);
      figures('3, activities at two instances', {
        replies: USERS,
        deliveries: 2 * USERS,
        'sends to KARTE': sends(s).length - before,
      });
      expect(sends(s).length - before).toBe(USERS);
      expect(seats.map(({ customer }) => customer.received.length)).toEqual(seats.map(() => 1));
    },
    PATIENCE,
  );

  test(
    'is run as a command once, and answered once',
    async () => {
      const before = asked(s, 'assignee/assign').length;
      const answers: number[] = [];
      for (const { thread } of seats) {
        const posts = thread.posts.length;
        const said = reply(s, thread, 'operator assign');
        const again = s.simulator.teams.redeliver(said.activity?.id ?? '');
        const deliveries = await Promise.all([said.answered, again.answered]);
        expect(deliveries.map((each) => each?.outcome)).toEqual(['accepted', 'accepted']);
        answers.push(thread.posts.length - posts - 1);
      }
      await quiet(s);
      figures('3, commands at two instances', {
        commands: USERS,
        runs: asked(s, 'assignee/assign').length - before,
        answers: answers.reduce((sum, count) => sum + count, 0),
      });
      expect(asked(s, 'assignee/assign')).toHaveLength(before + USERS);
      expect(answers).toEqual(seats.map(() => 1));
    },
    PATIENCE,
  );
});
