import { existsSync } from 'node:fs';
import path from 'node:path';
import { Chance, LONG, PREPARING, SEED } from './chance.ts';
import { print } from './figures.ts';
import { Fleet } from './fleet.ts';
import { Outside } from './outside.ts';
import { SCENES, type Scene } from './scenes.ts';
import { cosmosDb, sqliteFile } from './stores.ts';
import { type Played, type Point, Sweep } from './sweep.ts';
import { GOOD } from './verdict.ts';

const NUMBERED = path.join(import.meta.dirname, '../../src/desk/steps.ts');
/** Every step of a delivery, as the desk numbers them. */
const STEPS = existsSync(NUMBERED) ? jest.requireActual<{ STEPS: readonly string[] }>(NUMBERED).STEPS : [];

/** In the suite each step is one point, chosen by chance among the plain scenes that reach it; in the long run every point of every scene is. */
function chosen(points: Point[], chance: Chance): Point[] {
  if (LONG) return points;
  const meant = points.filter(({ scene, step }) => scene.about === step);
  if (meant.length > 0) return meant.slice(0, 1);
  const plain = points.filter(({ scene }) => scene.act && !scene.about);
  const all = plain.length > 0 ? plain : points;
  return all.slice(chance.whole(0, all.length - 1)).slice(0, 1);
}

describe.each(LONG ? [sqliteFile(), cosmosDb()] : [sqliteFile()])(
  `killed at every step of a delivery, on $name (PROOF_SEED=${SEED})`,
  (store) => {
    const chance = new Chance(SEED);
    const begun = performance.now();
    const points: Point[] = [];
    const found = { kills: 0, plays: 0, refused: 0, lost: 0, outOfOrder: 0, marked: 0, unmarked: 0, toCustomers: 0 };
    let outside: Outside;
    let fleet: Fleet;
    let sweep: Sweep;

    const check = ({ wants = {} }: Scene, { verdict }: Played) => {
      found.plays += 1;
      found.lost += verdict.lostInTeams + verdict.lostAtCustomers - (wants.lostAtCustomers ?? 0);
      found.outOfOrder += verdict.outOfOrderInTeams + verdict.outOfOrderAtCustomers;
      found.marked += verdict.markedRepeats + verdict.markedRoots;
      found.unmarked += verdict.unmarkedRepeats + Math.max(0, verdict.unmarkedRoots - (wants.unmarkedRoots ?? 0));
      found.toCustomers += verdict.repeatsAtCustomers;
      found.refused += wants.failureCards ?? 0;
      // A move makes a second thread. Beside a message that is meant to fail there is a card about it, and after a death perhaps a second one.
      const { examples: _, ...good } = GOOD;
      const cards = verdict.failureCards === 2 && wants.failureCards === 1 ? { failureCards: 2 } : {};
      // A second thread that may have been made once before its maker died says so.
      const roots = wants.unmarkedRoots && verdict.markedRoots > 0 ? { unmarkedRoots: verdict.unmarkedRoots } : {};
      expect(verdict).toMatchObject({ ...(Object.keys(wants).length > 0 ? good : GOOD), ...wants, ...cards, ...roots });
      expect(verdict.mostMarkedPosts).toBeLessThanOrEqual(1);
    };

    beforeAll(async () => {
      outside = await Outside.open({ lineRetryMs: 200, lineTries: 500, lineTimeoutMs: 10_000 });
      const settings = { SEND_TIMEOUT_MS: '2500', LEASE_MS: '3700', SETTLE_MS: '300' };
      const budget = { TEAMS_BUDGET: '2/1', TEAMS_TENANT_BUDGET: 'off' };
      fleet = new Fleet(
        outside.door,
        { ...outside.env, ...(await store.settings()), ...settings, ...budget },
        { keep: 2 },
      );
      await fleet.start();
      await outside.setUp();
      await outside.setUpLine();
      sweep = new Sweep(outside, fleet, store);
    }, PREPARING);
    afterAll(async () => {
      const told = {
        steps: STEPS.length,
        points: points.length,
        kills: found.kills,
        scenes: found.plays,
        lost: found.lost,
        'out of order': found.outOfOrder,
        'repeats in Teams, marked': found.marked,
        'repeats in Teams, unmarked': found.unmarked,
        'repeats to customers': found.toCustomers,
      };
      print(`SIGKILL at every step of a delivery, ${store.name}`, told, begun);
      await fleet?.close();
      await outside?.close();
      await store.close();
    }, PREPARING);

    test('the desk numbers its steps, each by a name of its own', () => {
      expect(STEPS.length).toBeGreaterThan(0);
      expect(new Set(STEPS).size).toBe(STEPS.length);
    });

    test.each(SCENES)(
      'undisturbed: $name',
      async (scene) => {
        const { played, points: here } = await sweep.pointsOf(scene);
        check(scene, played);
        expect(played.died).toBe(false);
        expect(here.map(({ step }) => step).filter((step) => !STEPS.includes(step))).toEqual([]);
        points.push(...here);
      },
      180_000,
    );

    test.each(STEPS.length > 0 ? [...STEPS] : ['(none)'])(
      'killed at “%s”: nothing is lost, late in order, or sent twice to a customer',
      async (step) => {
        const here = chosen(
          points.filter((point) => point.step === step),
          chance,
        );
        let kills = 0;
        for (const point of here) {
          const played = await sweep.play(point.scene, point);
          if (played.died) kills += 1;
          check(point.scene, played);
        }
        found.kills += kills;
        expect(kills).toBeGreaterThan(0);
      },
      LONG ? 3_600_000 : 180_000,
    );

    test('at the end the store holds nothing open, and nothing parked but what KARTE has refused', async () => {
      expect(await fleet.first.stop()).toEqual({ code: 0, signal: null });
      expect(await store.states()).toMatchObject({ open: 0, parked: found.refused });
    });
  },
);
