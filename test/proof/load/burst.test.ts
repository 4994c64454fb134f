import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Call } from '../../../simulator/state.ts';
import { ownTime } from '../../ownTime.ts';
import { figures } from './figures.ts';
import { idealTimes, limitsOf, windowsOf } from './ideal.ts';
import { type Seat, seat, usersOf } from './seats.ts';
import { LONG, PATIENCE, size } from './seed.ts';
import { type Site, type SiteOptions, site } from './site.ts';
import { disordered, shownIn, textOf } from './texts.ts';
import { pooled, until } from './until.ts';

/** Teams' windows; the short proof has them ten times as fast, on both sides. */
const BUDGET = size('7/0.1,8/0.2,60/3', '7/1,8/2,60/30');
const TENANT = size('20/0.1', '50/1');
const CHANNELS = size(3, 10);
const MESSAGES = size(240, 2_000);

/** How long a call that left before the answer 429 was read may be under way (ms), beside what this process was away. */
const UNDER_WAY = 100;

/** Proof 6: more messages than Teams takes. */
/** How far above the ideal time it may end: a call's own time weighs ten times as much in windows that are a tenth as long. */
const MARGIN = LONG ? 1.05 : 1.2;

describe('a burst', () => {
  let s: Site;
  afterEach(() => s.close());

  /** A site whose end users sit in their threads already, spread over the Teams channels; from now on the limits hold. */
  async function seated(users: number, channels: number, options: SiteOptions = {}): Promise<Seat[]> {
    s = await site(options);
    const { teams } = s.simulator;
    const rooms = teams.team.world.channels.slice(0, channels).map(({ id }) => id);
    while (rooms.length < channels) rooms.push(teams.createChannel(`窓口 ${rooms.length}`).channel.id);
    const seats = await seat(s, users, (user) => rooms[user % channels] ?? '');
    expect(new Set(seats.map(({ thread }) => thread.channelId)).size).toBe(channels);
    await s.restart({ env: { TEAMS_BUDGET: BUDGET, TEAMS_TENANT_BUDGET: TENANT } });
    const limits = limitsOf(BUDGET);
    teams.limits.enforce({ send: limits, create: limits, overall: limitsOf(TENANT) });
    return seats;
  }

  /** Everybody writes so many messages, as fast as they are acknowledged; gives when each was (ms since the first), by Teams channel. */
  async function everybodyWrites(seats: Seat[], each: number) {
    const begun = Date.now();
    const ready = new Map<string, number[]>();
    await pooled(seats, 40, async ({ user, customer, thread }) => {
      for (let number = 1; number <= each; number++) {
        const { outcome } = await customer.write(textOf(user, number)).settled;
        expect(outcome).toBe('accepted');
        const times = ready.get(thread.channelId) ?? [];
        times.push(Date.now() - begun);
        ready.set(thread.channelId, times);
      }
    });
    return { begun, ready: [...ready.values()].map((times) => times.toSorted((a, b) => a - b)) };
  }

  /** The same until everything is shown, with the longest time and all the time (ms) that this process was away: on a busy machine nobody's delay. */
  async function drained(seats: Seat[], each: number) {
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    const { stood, result } = await ownTime(async () => {
      const written = await everybodyWrites(seats, each);
      await until(() => shownIn(s.simulator).at.size >= seats.length * each, PATIENCE - 10_000);
      return written;
    });
    stalls.disable();
    const stalled = stalls.max / 1e6;
    return { ...result, stalled, away: Math.max(stalled, stood) };
  }

  const posts = () => s.simulator.teams.calls.filter(({ method, path }) => method === 'POST' && isSend(path));
  const since = (begun: number) => posts().filter(({ at }) => at >= begun);

  test(
    'into several Teams channels is drained as fast as Teams allows, and loses nothing',
    async () => {
      const seats = await seated(MESSAGES, CHANNELS);
      const { begun, ready, stalled, away } = await drained(seats, 1);
      const calls = since(begun);
      const shown = shownIn(s.simulator);
      const refused = calls.filter(({ status }) => status === 429);
      const took = Math.max(...shown.at.values()) - begun;
      const ideal = idealTimes(ready, windowsOf(BUDGET), windowsOf(TENANT)).at(-1) ?? 0;
      figures('6, burst', {
        messages: MESSAGES,
        'Teams channels': CHANNELS,
        windows: `${BUDGET} and ${TENANT}`,
        shown: shown.total,
        calls: calls.length,
        'answered 429': `${refused.length} (${((100 * refused.length) / calls.length).toFixed(1)} %)`,
        'came too early after 429': tooEarly(calls, stalled).length,
        drained: `${(took / 1000).toFixed(2)} s`,
        ideal: `${(ideal / 1000).toFixed(2)} s (${(took / ideal).toFixed(3)})`,
        'longest stall of the process': `${stalled.toFixed(0)} ms`,
      });
      expect(disordered(usersOf(seats), 1, shown.of)).toEqual({});
      expect(refused.length).toBeLessThanOrEqual(calls.length / 100);
      expect(tooEarly(calls, stalled)).toEqual([]);
      expect(took).toBeLessThanOrEqual(ideal * MARGIN + away);
    },
    PATIENCE,
  );

  test(
    'in which Teams asks for patience makes no call into that Teams channel before its time is over, and holds up no other',
    async () => {
      const seats = await seated(60, 2);
      const [slow = ''] = new Set(seats.map(({ thread }) => thread.channelId));
      const path = `^/v3/conversations/${slow};messageid=\\d+/activities$`;
      for (const wish of ['3', '1'])
        s.simulator.faults.next({ side: 'teams', path, status: 429, headers: { 'retry-after': wish } });
      const { begun, stalled } = await drained(seats, 1);
      const calls = since(begun);
      const shown = shownIn(s.simulator);
      const doneIn = (channel: (id: string) => boolean) =>
        Math.max(
          ...seats
            .filter(({ thread }) => channel(thread.channelId))
            .map(({ user }) => (shown.at.get(textOf(user, 1)) ?? Number.NaN) - begun),
        );
      figures('6, Retry-After', {
        'answered 429': calls.filter(({ status }) => status === 429).length,
        'came too early after it': tooEarly(calls, stalled).length,
        'the patient Teams channel done after': `${doneIn((id) => id === slow)} ms`,
        'the other': `${doneIn((id) => id !== slow)} ms`,
      });
      expect(calls.filter(({ faulty }) => faulty)).toHaveLength(2);
      expect(tooEarly(calls, stalled)).toEqual([]);
      expect(disordered(usersOf(seats), 1, shown.of)).toEqual({});
      // Both have as much to post; only one of them was asked to wait.
      expect(doneIn((id) => id !== slow)).toBeLessThan(doneIn((id) => id === slow) - 2_000);
      expect(doneIn((id) => id === slow)).toBeGreaterThanOrEqual(3_000);
    },
    PATIENCE,
  );

  test(
    'of a few who write a lot becomes fewer posts, with every text in its order',
    async () => {
      const each = 40;
      const seats = await seated(5, 1);
      const { begun, ready, away } = await drained(seats, each);
      const shown = shownIn(s.simulator);
      const calls = since(begun);
      const refused = calls.filter(({ status }) => status === 429).length;
      const took = Math.max(...shown.at.values()) - begun;
      const apart = idealTimes(ready, windowsOf(BUDGET), windowsOf(TENANT)).at(-1) ?? 0;
      figures('6, merged', {
        messages: 5 * each,
        posts: shown.posts,
        'answered 429': refused,
        drained: `${(took / 1000).toFixed(2)} s`,
        'ideal without merging': `${(apart / 1000).toFixed(2)} s`,
      });
      expect(disordered(usersOf(seats), each, shown.of)).toEqual({});
      expect(shown.total).toBe(5 * each);
      expect(shown.posts).toBeLessThan(5 * each);
      expect(refused).toBeLessThanOrEqual(calls.length / 100);
      expect(took).toBeLessThan(apart * 1.05 + away);
    },
    PATIENCE,
  );
});

const isSend = (path: string) => path === '/v3/conversations' || path.endsWith('/activities');

/** The Teams channel that a call goes into. */
function channelOf({ path, body }: Call): string {
  const inPath = /^\/v3\/conversations\/([^;/]+)/.exec(path)?.[1];
  return inPath ?? (body as { channelData?: { channel?: { id?: string } } })?.channelData?.channel?.id ?? '';
}

/** Calls into a Teams channel that had asked for patience, before it was over; those that were under way by then left out. */
function tooEarly(calls: Call[], stalled: number): { at: number; before: number }[] {
  const patience = new Map<string, { from: number; until: number }[]>();
  for (const call of calls) {
    if (call.status !== 429 || call.answeredAt === undefined) continue;
    const list = patience.get(channelOf(call)) ?? [];
    list.push({ from: call.answeredAt + UNDER_WAY + stalled, until: call.answeredAt + (call.retryAfter ?? 0) });
    patience.set(channelOf(call), list);
  }
  return calls.flatMap((call) => {
    const broken = patience.get(channelOf(call))?.find(({ from, until: end }) => call.at > from && call.at < end);
    return broken ? [{ at: call.at, before: broken.until }] : [];
  });
}
