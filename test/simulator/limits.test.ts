import { chanceFrom } from '../../simulator/chance.ts';
import { documentedWindows, Limits } from '../../simulator/teams/limits.ts';
import type { Stand } from './stand.ts';
import { conversation, newThread, stand } from './stand.ts';

describe('a sliding window', () => {
  let now = 1_000_000;
  const limits = () => {
    now = 1_000_000;
    return new Limits(() => now, true);
  };
  const spendMany = (budget: Limits, count: number) => Array.from({ length: count }, () => budget.spend('send', 'a'));

  test('lets 7 sends go in a second and 8 in two, and tells how long to wait', () => {
    const budget = limits();
    expect(spendMany(budget, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 1_000]);
    now += 1_000;
    expect(spendMany(budget, 2)).toEqual([0, 1_000]);
    now += 1_000;
    expect(budget.spend('send', 'a')).toBe(0);
  });

  test('lets 60 sends go in 30 seconds and 1,800 in an hour', () => {
    const budget = limits();
    const sendEvery = (gapMs: number) => {
      let sent = 0;
      for (; budget.spend('send', 'a') === 0 && sent < 5_000; sent++) now += gapMs;
      return sent;
    };
    expect(sendEvery(400)).toBe(60);
    const hourly = limits();
    let count = 0;
    for (; hourly.spend('send', 'a') === 0; count++) now += 600;
    expect(count).toBe(1_800);
  });

  test('a refused call spends nothing, another place has its own budget, a group needs room for all of it', () => {
    const budget = limits();
    spendMany(budget, 100);
    expect(budget.spend('send', 'b', 7)).toBe(0);
    expect(budget.spend('send', 'b', 2)).toBe(2_000);
    now += 2_000;
    expect(budget.spend('send', 'a')).toBe(0);
  });
});

describe('windows', () => {
  test('hold to the fraction of a millisecond, and a call leaves its window when the whole of it has passed', () => {
    let now = 0.25;
    const budget = new Limits(() => now, true);
    for (let n = 0; n < 7; n++) expect(budget.spend('send', 'a')).toBe(0);
    now = 1_000.2;
    expect(budget.spend('send', 'a')).toBeCloseTo(0.05);
    now = 1_000.25;
    expect(budget.spend('send', 'a')).toBe(0);
  });

  test('never let more go than they say in any stretch of their length, whatever the pace', () => {
    let now = 0;
    const budget = new Limits(() => now, true);
    const pace = chanceFrom(5);
    const taken: number[] = [];
    for (let n = 0; n < 20_000; n++) {
      now += pace() ** 4 * 1_200;
      if (budget.spend('send', 'a') === 0) taken.push(now);
    }
    for (const [length, calls] of documentedWindows.send) {
      const busiest = Math.max(...taken.map((from) => taken.filter((at) => at >= from && at < from + length).length));
      expect(busiest).toBe(calls);
    }
  });

  test('can be other ones, from the moment they are set', () => {
    let now = 0;
    const budget = new Limits(() => now, false);
    expect(budget.spend('send', 'a', 100)).toBe(0);
    budget.enforce({ send: [[100, 2]] });
    expect([budget.spend('send', 'a'), budget.spend('send', 'a'), budget.spend('send', 'a')]).toEqual([0, 0, 100]);
    now += 100;
    expect(budget.spend('send', 'a', 2)).toBe(0);
  });
});

describe('the connector', () => {
  let site: Stand;
  let now = 0;
  beforeEach(async () => {
    now = Date.now();
    site = await stand({ now: () => now });
  });
  afterEach(() => site.close());

  const statuses = async (count: number, call: () => Promise<{ status: number }>) => {
    const all: number[] = [];
    for (let i = 0; i < count; i++) all.push((await call()).status);
    return all;
  };
  const many = (times: number, status: number) => Array.from({ length: times }, () => status);

  test('throttles the eighth send into a Teams channel, over all its threads, and says when to come again', async () => {
    const { id } = site.simulator.teams.channel('返品・交換');
    const threads = await Promise.all([1, 2].map(() => site.teams('POST', '/conversations', newThread(id))));
    let turn = 0;
    const send = () => site.teams('POST', conversation(threads[turn++ % 2]?.body.id), { type: 'message', text: 'x' });
    expect(await statuses(7, send)).toEqual(many(7, 201));
    const refused = await send();
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'Throttled' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    const { general } = site.simulator.teams.team;
    expect(await site.teams('POST', conversation(general.id), { type: 'message', text: 'x' })).toMatchObject({
      status: 201,
    });
    now += 1_000;
    expect(await send()).toMatchObject({ status: 201 });
  });

  test('throttles the eighth new thread, the fifteenth member and the third reaction of a second', async () => {
    const { id } = site.simulator.teams.channel('返品・交換');
    expect(await statuses(8, () => site.teams('POST', '/conversations', newThread(id)))).toEqual([
      ...many(7, 201),
      429,
    ]);
    const members = () => site.teams('GET', conversation(id, 'pagedMembers'));
    expect(await statuses(15, members)).toEqual([...many(14, 200), 429]);
    const [thread] = site.simulator.teams.threads();
    const react = () => site.teams('PUT', conversation(id, `activities/${thread?.rootId}/reactions/like`));
    expect(await statuses(3, react)).toEqual([204, 204, 429]);
  });

  test('throttles the sixth unpaged member list of a minute', async () => {
    const { general } = site.simulator.teams.team;
    const list = () => site.teams('GET', conversation(general.id, 'members'));
    expect(await statuses(6, list)).toEqual([...many(5, 200), 429]);
  });

  test('throttles the fifty-first call of a second, whatever it is', async () => {
    const path = `/teams/${encodeURIComponent(site.simulator.state().team.id)}`;
    expect((await statuses(51, () => site.teams('GET', path))).indexOf(429)).toBe(50);
  });

  test('counts split messages as several', async () => {
    const { id } = site.simulator.teams.channel('返品・交換');
    const both = {
      type: 'message',
      text: 'x',
      attachments: [{ contentType: 'image/png', contentUrl: 'https://a.test/' }],
    };
    expect(await statuses(4, () => site.teams('POST', conversation(id), both))).toEqual([202, 202, 202, 429]);
  });
});
