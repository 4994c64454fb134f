import type { Fault } from '../../simulator/state.ts';
import { PREPARING } from './chance.ts';
import { print } from './figures.ts';
import { Fleet } from './fleet.ts';
import { Outside } from './outside.ts';
import { isFailure, runsOf } from './posts.ts';
import { sqliteFile } from './stores.ts';
import { until } from './until.ts';

const PUSH = { side: 'line', path: 'message/push$' } as const;

/** How long a part of a proof may take (ms). */
const PATIENCE = 40_000;

/** Toward LINE nothing is looked up: the retry key makes sending again harmless, whenever the process dies and however the call ended. */
describe('killed on the way to a LINE customer', () => {
  const store = sqliteFile();
  const begun = performance.now();
  const found = { kills: 0, answers: 0, pushes: 0, conflicts: 0, received: 0 };
  let outside: Outside;
  let fleet: Fleet;

  beforeAll(async () => {
    outside = await Outside.open({ lineRetryMs: 200, lineTries: 500, lineTimeoutMs: 10_000 });
    const settings = { SEND_TIMEOUT_MS: '2500', LEASE_MS: '3700', SETTLE_MS: '300' };
    fleet = new Fleet(outside.door, { ...outside.env, ...(await store.settings()), ...settings }, { keep: 2 });
    await fleet.start();
    await outside.setUp();
    await outside.setUpLine();
  }, PREPARING);
  afterAll(async () => {
    const repeats = found.received - found.answers;
    print('SIGKILL on the way to a LINE customer', { ...found, 'repeats to customers': repeats }, begun);
    await fleet?.close();
    await outside?.close();
    await store.close();
  }, PREPARING);

  const pushes = () => outside.simulator.line.calls.filter(({ path }) => path === '/v2/bot/message/push');

  test.each<[step: string, how: string, fault: Partial<Fault> | undefined]>([
    ['claim.stored', 'before the push', undefined],
    ['send.begins', 'as the push begins', undefined],
    ['send.made', 'when LINE has taken it', undefined],
    ['outcome.stored', 'when that is stored', undefined],
    ['look.made', 'when it was pushed again after a broken connection that LINE had taken it on', { reset: 'after' }],
    ['look.made', 'when it was pushed again after 500 with the effect', { status: 500, effect: true }],
    ['look.made', 'when it was pushed again after silence without the effect', { hang: 'before' }],
  ])(
    'at “%s”, %s: the customer has the answer once',
    async (step, how, fault) => {
      const { simulator } = outside;
      const name = `お客さま ${step} ${how}`;
      const answer = `答え ${step} ${how}。`;
      const customer = simulator.line.customer({ name });
      expect((await customer.write(`問い ${how}。`).settled)?.outcome).toBe('accepted');
      const thread = await until(
        'the question is shown',
        () =>
          simulator.teams
            .threads()
            .find(({ posts }) => posts.slice(1).some((post) => runsOf(post).includes(`問い ${how}。`))),
        PATIENCE,
      );
      expect(await store.rest(fleet, PATIENCE)).toBe(true);
      const before = pushes().length;
      const dying = fleet.first;
      if (fault) simulator.faults.next({ ...PUSH, ...fault });
      await dying.arm(step);
      const said = simulator.teams.say('佐藤 健', { thread: thread.id, text: answer, mentions: ['bot'] });
      expect(await dying.ended).toEqual({ code: null, signal: 'SIGKILL' });
      await fleet.start();
      await said.settled;
      await until('the answer is there', () => customer.texts.length > 0, PATIENCE);
      expect(await store.rest(fleet, PATIENCE)).toBe(true);

      const made = pushes().slice(before);
      found.kills += 1;
      found.answers += 1;
      found.pushes += made.length;
      found.conflicts += made.filter(({ status }) => status === 409).length;
      found.received += customer.texts.length;
      expect(customer.texts).toEqual([answer]);
      expect(new Set(made.map(({ headers }) => headers?.['x-line-retry-key'])).size).toBe(1);
      expect(simulator.teams.botPosts().filter(isFailure)).toEqual([]);
    },
    2 * PATIENCE,
  );
});
