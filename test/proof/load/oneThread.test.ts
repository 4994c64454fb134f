import type { Delivery } from '../../../simulator/state.ts';
import { figures, quantile } from './figures.ts';
import { quiet } from './quiet.ts';
import { keyOf } from './seats.ts';
import { between, chance, PATIENCE, size } from './seed.ts';
import { type Site, site } from './site.ts';
import { shownIn, textOf } from './texts.ts';
import { pause, until } from './until.ts';

const USERS = size(100, 1_000);

/** Proof 4: two first messages of each end user, 0 to 300 ms apart, each on another of two instances over one store. */
describe('two instances on one store', () => {
  let s: Site;
  const acknowledgedInTurn = new Set<number>();

  beforeAll(async () => {
    s = await site({ instances: 2, env: { LOCALE: 'en' } });
    const draw = chance(4);
    // The first message of a user goes to one instance, the second to the other.
    const first = new Map<string, number>();
    if (s.gate)
      s.gate.choose = (body) => {
        const user = /"user_id":"([^"]+)"/.exec(body)?.[1] ?? '';
        const instance = first.has(user) ? 1 - (first.get(user) ?? 0) : between(draw, 0, 1);
        if (!first.has(user)) first.set(user, instance);
        return s.instances[instance]?.url ?? '';
      };
    const begun: Promise<Delivery[]>[] = [];
    for (let user = 0; user < USERS; user++) {
      const customer = s.simulator.karte.customer({ user_id: keyOf(user) });
      const gap = between(draw, 0, 300);
      const one = customer.write(textOf(user, 1));
      let acknowledged = false;
      void one.answered.then(() => {
        acknowledged = true;
      });
      begun.push(
        pause(gap).then(async () => {
          // However slow the machine is, some must not write before the first message is acknowledged.
          if (user % 3 === 0) await one.answered;
          if (acknowledged) acknowledgedInTurn.add(user);
          return Promise.all([one.settled, customer.write(textOf(user, 2)).settled]);
        }),
      );
      await pause(between(draw, 0, 30));
    }
    const ends = (await Promise.all(begun)).flat();
    expect(ends.filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
    await until(() => shownIn(s.simulator).at.size >= 2 * USERS, 60_000);
    await quiet(s, 60_000);
  }, PATIENCE);
  afterAll(() => s.close());

  test('make one thread for each end user, and show each message once in it', () => {
    const creations = s.teamsDoor.count('POST', /\/v3\/conversations$/);
    const shown = shownIn(s.simulator);
    const roots = new Map<string, number>();
    for (const thread of s.simulator.teams.threads()) {
      const key = /member-\d+/.exec(JSON.stringify(thread.posts[0]?.attachments ?? ''))?.[0];
      if (key) roots.set(key, (roots.get(key) ?? 0) + 1);
    }
    const users = Array.from({ length: USERS }, (_, user) => user);
    const gaps = users.map((user) =>
      Math.abs((shown.at.get(textOf(user, 2)) ?? 0) - (shown.at.get(textOf(user, 1)) ?? 0)),
    );
    figures('4, one thread', {
      users: USERS,
      'threads made': creations,
      'messages shown': `${shown.total} of ${2 * USERS}`,
      'shown apart p50': `${quantile(gaps, 0.5)} ms`,
    });
    expect(users.filter((user) => roots.get(keyOf(user)) !== 1)).toEqual([]);
    expect(creations).toBe(USERS);
    expect(users.filter((user) => shown.of(user).length !== 2)).toEqual([]);
  });

  test('show them in the order in which they were acknowledged', () => {
    const shown = shownIn(s.simulator);
    expect(acknowledgedInTurn.size).toBeGreaterThan(USERS / 4);
    const swapped = [...acknowledgedInTurn].filter((user) => shown.of(user).indexOf(1) > shown.of(user).indexOf(2));
    expect(swapped).toEqual([]);
  });
});
