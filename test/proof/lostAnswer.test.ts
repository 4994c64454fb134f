import { PREPARING } from './chance.ts';
import { arrived } from './ending.ts';
import { report } from './figures.ts';
import { Fleet } from './fleet.ts';
import { Outside } from './outside.ts';
import { Play } from './scenes.ts';
import { sqliteFile } from './stores.ts';
import { GOOD, judge } from './verdict.ts';

/** Between the store's commit and the answer: the message is kept, and its sender does not know. */
describe('killed when a message is stored and its sender was not told', () => {
  const store = sqliteFile();
  let outside: Outside;
  let fleet: Fleet;

  beforeAll(async () => {
    outside = await Outside.open();
    const settings = { PROOF_WATCH_STORE: '1', SEND_TIMEOUT_MS: '2500', SETTLE_MS: '500' };
    fleet = new Fleet(outside.door, { ...outside.env, ...(await store.settings()), ...settings }, { most: 4 });
    await fleet.start();
    await outside.setUp();
  }, PREPARING);
  afterAll(async () => {
    await fleet?.close();
    await outside?.close();
    await store.close();
  }, PREPARING);

  test.each([
    ['the first hook of a customer', 'teams', 'fresh', (play: Play) => play.ask()],
    ['a later hook', 'teams', 'begun', (play: Play) => play.ask()],
    ['an activity from Teams', 'endUser', 'begun', (play: Play) => play.answer()],
  ] as const)(
    '%s comes again, and has one effect',
    async (name, toward, state, say) => {
      const begun = performance.now();
      const play = await Play.open(outside, fleet, `answer-${state}-${toward}`);
      if (state === 'begun') await play.begun();
      expect(await store.rest(fleet, 40_000)).toBe(true);
      const killed = fleet.first;
      await killed.arm(`stored toward ${toward}`);
      const saying = say(play);
      expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' });
      // Kept, and nobody was told.
      const said = [...play.ledger.said.keys()].at(-1) ?? '';
      expect(play.ledger.said.get(said)?.accepted).toBe(false);
      expect((await store.states()).open).toBe(1);

      await fleet.start();
      await arrived(play.ledger, saying, 40_000);
      expect(await store.rest(fleet, 40_000)).toBe(true);
      const newest = outside.simulator.state().deliveries.findLast(({ attempts }) => attempts.length > 1);
      expect(newest?.attempts[0]?.error).toBeTruthy();
      expect(newest?.outcome).toBe('accepted');
      const verdict = judge(play.ledger);
      report(`SIGKILL between the commit and the answer, ${name}`, verdict, { kills: 1 }, begun, fleet);
      expect(verdict).toMatchObject(GOOD);
      // Nobody had begun to send it: it stands there once.
      expect(verdict.markedRepeats + verdict.markedRoots).toBe(0);
      play.ledger.close();
    },
    150_000,
  );
});
