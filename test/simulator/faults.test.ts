import type { Stand } from './stand.ts';
import { conversation, stand } from './stand.ts';

let site: Stand;
beforeEach(async () => {
  site = await stand();
});
afterEach(() => site.close());

const post = () =>
  site.teams('POST', conversation(site.simulator.teams.team.general.id), { type: 'message', text: 'x' });
const posted = () => site.simulator.teams.botPosts().length;
const talk = () => {
  site.simulator.karte.customer({ user_id: 'member-1' });
  const body = { user_id: 'member-1', content: { text: 'x' }, sender_id: 'bot-test-karte' };
  return site.karte('/v2/talk/message/sendFromOperator', body);
};

test('a planned fault meets the next matching calls, as many as asked for, and no other', async () => {
  site.simulator.faults.next({ side: 'teams', path: '/activities$', status: 503, times: 2 });
  expect(await site.teams('GET', conversation(site.simulator.teams.team.general.id, 'pagedMembers'))).toMatchObject({
    status: 200,
  });
  expect((await post()).status).toBe(503);
  expect((await talk()).status).toBe(200);
  expect((await post()).status).toBe(503);
  expect(posted()).toBe(0);
  expect((await post()).status).toBe(201);
  expect(site.simulator.teams.calls.filter(({ faulty }) => faulty).map(({ status }) => status)).toEqual([503, 503]);
});

test('each side fails in its own words, or in the words it is told', async () => {
  const { faults } = site.simulator;
  faults.next({ side: 'teams', status: 403, code: 'MessageWritesBlocked' });
  faults.next({ side: 'teams', status: 429, headers: { 'Retry-After': '3' } });
  faults.next({ side: 'karte', status: 400, code: 'text is too long' });
  faults.next({ side: 'karte', status: 502, body: '<html>Bad Gateway</html>' });
  expect((await post()).body).toMatchObject({ error: { code: 'MessageWritesBlocked' } });
  const throttled = await post();
  expect(throttled.body.error.code).toBe('Throttled');
  expect(throttled.headers.get('retry-after')).toBe('3');
  expect((await talk()).body).toEqual({ error: 'text is too long' });
  const broken = await talk();
  expect(broken).toMatchObject({ status: 502, text: '<html>Bad Gateway</html>' });
  expect(broken.headers.get('content-type')).toContain('text/html');
});

test('a reset or hang before the effect leaves nothing, one after it leaves the effect', async () => {
  const { faults, teams } = site.simulator;
  const failing = async () => expect(await post().catch((error: Error) => error.name)).toBe('TypeError');
  faults.next({ side: 'teams', reset: 'before' });
  await failing();
  expect(posted()).toBe(0);
  faults.next({ side: 'teams', reset: 'after' });
  await failing();
  expect(posted()).toBe(1);
  faults.next({ side: 'teams', hang: 'after' });
  const path = `${site.url}/teams/v3${conversation(teams.team.general.id)}`;
  const given = new AbortController();
  const hanging = fetch(path, { method: 'POST', body: '{"type":"message","text":"y"}', signal: given.signal });
  await site.simulator.waitFor(() => posted() === 2);
  const patience = new Promise((resolve) => setTimeout(resolve, 200, 'no answer'));
  expect(await Promise.race([hanging, patience])).toBe('no answer');
  given.abort();
  await expect(hanging).rejects.toThrow(/abort/);
  expect(teams.calls.map(({ status }) => status)).toEqual([0, 0, 0]);
});

test('an error may come although the message was taken', async () => {
  site.simulator.faults.next({ side: 'karte', status: 500, effect: true });
  expect((await talk()).status).toBe(500);
  expect(site.simulator.karte.customer('member-1').received).toHaveLength(1);
});

test('a side can be offline and back again, the other one is not touched', async () => {
  const { faults } = site.simulator;
  faults.offline('karte');
  await expect(talk()).rejects.toThrow('fetch failed');
  expect((await post()).status).toBe(201);
  faults.offline('karte', false);
  expect((await talk()).status).toBe(200);
});

test('a slow side answers late, and clearing makes it quick', async () => {
  const { faults } = site.simulator;
  faults.slow('teams', 80);
  faults.next({ side: 'teams', delayMs: 80 });
  const start = performance.now();
  expect((await post()).status).toBe(201);
  expect(performance.now() - start).toBeGreaterThan(150);
  faults.next({ side: 'teams', status: 500 });
  faults.clear();
  expect((await post()).status).toBe(201);
  expect(site.simulator.state().faults).toEqual({
    planned: [],
    teams: { offline: false, slowMs: 0 },
    karte: { offline: false, slowMs: 0 },
    line: { offline: false, slowMs: 0 },
  });
});

test('a fault for a text meets the calls that carry it, and lets all others pass', async () => {
  const general = conversation(site.simulator.teams.team.general.id);
  site.simulator.faults.next({ side: 'teams', containing: 'poison', status: 413, times: 5 });
  const say = async (text: string) => (await site.teams('POST', general, { type: 'message', text })).status;
  expect([await say('x'), await say('some poison here'), await say('y'), await say('poison')]).toEqual([
    201, 413, 201, 413,
  ]);
});

test('faults by chance strike about as often as asked, and the same calls for the same seed', async () => {
  const { faults } = site.simulator;
  const struck = async (seed: number) => {
    const plan = { side: 'teams' as const, path: '/activities$', share: 0.3, seed };
    faults.sometimes({ ...plan, faults: [{ status: 412 }, { status: 429, headers: { 'Retry-After': '1' } }] });
    const statuses: number[] = [];
    for (let n = 0; n < 60; n++) statuses.push((await post()).status);
    faults.clear();
    return statuses;
  };
  site.simulator.teams.limits.enforce({ send: [], overall: [] });
  const first = await struck(7);
  expect(first.filter((status) => status !== 201).length).toBeGreaterThan(9);
  expect(first.filter((status) => status !== 201).length).toBeLessThan(30);
  expect(new Set(first)).toEqual(new Set([201, 412, 429]));
  expect(await struck(7)).toEqual(first);
  expect(await struck(8)).not.toEqual(first);
  expect((await post()).status).toBe(201);
});

test('a call says when it was answered and how long it was asked to wait', async () => {
  site.simulator.faults.next({ side: 'teams', status: 429, headers: { 'retry-after': '3' } });
  await post();
  await post();
  const [refused, taken] = site.simulator.teams.calls;
  expect(refused).toMatchObject({ retryAfter: 3_000 });
  expect((refused?.answeredAt ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(0);
  expect(taken?.retryAfter).toBeUndefined();
});
