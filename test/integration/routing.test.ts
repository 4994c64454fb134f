import type { MetadataPlace } from '../../simulator/karte/hooks.ts';
import { idle, roomyStand, tell } from './moves.ts';
import { connect, patientLater, runsOf, type Stand, threadOf, wordsOf, YAMADA } from './stand.ts';

/** How long a hook waits for Teams to name its Teams channels (ms). */
const ASKING = 800;

const places: MetadataPlace[] = [
  'data.metadata',
  'data.custom_metadata',
  'data.content.metadata',
  'data.content.custom_metadata',
  'extra.metadata',
  'extra.custom_metadata',
];
const forms = {
  'an object': (channel: string) => ({ ms_teams: { channel } }),
  'JSON text under its key': (channel: string) => ({ ms_teams: JSON.stringify({ channel }) }),
  'JSON text as a whole': (channel: string) => JSON.stringify({ ms_teams: { channel } }) as never,
};

describe('which Teams channel a new customer goes to', () => {
  let s: Stand;
  /** Whether Teams is given the time to name its Teams channels that a busy machine needs, beside what the desk gives it. */
  let patient = true;
  beforeAll(async () => {
    s = await roomyStand({ replace: { later: patientLater(ASKING, () => patient) } });
  });
  afterAll(() => s.close());

  const returns = () => s.simulator.teams.channel('返品・交換');
  const general = () => s.simulator.state().team.id;
  async function roomOf(key: string, metadata?: Record<string, unknown>, metadataPlace?: MetadataPlace) {
    await s.simulator.karte.customer({ user_id: key }).write('はじめまして', { metadata, metadataPlace }).settled;
    await idle(s);
    return threadOf(s.simulator, key)?.channelId;
  }

  test('General unless anything else is said', async () => {
    expect(await roomOf('plain')).toBe(general());
    expect(await roomOf('other-metadata', { plan: 'gold', ms_teams: null })).toBe(general());
  });

  for (const place of places)
    for (const [form, make] of Object.entries(forms))
      test.each(['plain', 'encoded'])(`where ${place} says, as ${form}, %s`, async (coding) => {
        const { id } = returns();
        const channel = coding === 'encoded' ? encodeURIComponent(id).replace('%3A', '%3a') : id;
        expect(await roomOf(`${place}-${form}-${coding}`, make(channel), place)).toBe(id);
      });

  test('a Teams channel of another team is not believed; the default is used and the log says so', async () => {
    const before = s.log.lines.length;
    expect(await roomOf('foreign', { ms_teams: { channel: '19:foreign@thread.tacv2' } })).toBe(general());
    const told = s.log.lines.slice(before).filter(({ level }) => level === 'warn');
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('foreign@');
  });

  test.each([
    ['a number', 7],
    ['an empty text', ''],
    ['broken encoding', '%E0%A4%A'],
    ['a list', ['19:x']],
    ['the name of a Teams channel', '返品・交換'],
    ['somebody else’s thread', '19:x@thread.tacv2;messageid=1'],
  ])('%s in place of an id leads to the default', async (what, channel) => {
    expect(await roomOf(`odd-${what}`, { ms_teams: { channel } })).toBe(general());
  });

  test('a Teams channel made after setup is known, also when Teams never told of it', async () => {
    const { channel, settled } = s.simulator.teams.createChannel('新製品');
    await settled;
    expect(await roomOf('new-channel', { ms_teams: { channel: channel.id } })).toBe(channel.id);
    const untold = s.simulator.teams.team.addChannel('お知らせなし');
    expect(await roomOf('untold-channel', { ms_teams: { channel: untold.id } })).toBe(untold.id);
  });

  // Teams was waited for until the hook had to be refused, though nothing was wrong with the store.
  test('while Teams does not say which there are, the message is taken all the same, and goes where others go', async () => {
    const untold = s.simulator.teams.team.addChannel('答えのないうちに');
    const before = s.log.lines.length;
    patient = false;
    s.simulator.faults.next({ side: 'teams', method: 'GET', path: '/conversations$', hang: 'before' });
    const customer = s.simulator.karte.customer({ user_id: 'unanswered-rooms' });
    const hook = customer.write('はじめまして', { metadata: { ms_teams: { channel: untold.id } } });
    expect((await hook.answered).attempts.map(({ status }) => status)).toEqual([200]);
    patient = true;
    await idle(s);
    expect(threadOf(s.simulator, 'unanswered-rooms')?.channelId).toBe(general());
    const told = s.log.lines.slice(before).filter(({ level }) => level === 'warn');
    expect(told.map(({ line }) => line).join()).toContain('could not be looked up in time');
  });

  test('a Teams channel that was deleted is not used any more', async () => {
    const { channel, settled } = s.simulator.teams.createChannel('終了');
    await settled;
    await s.simulator.teams.deleteChannel(channel).settled;
    expect(await roomOf('deleted-channel', { ms_teams: { channel: channel.id } })).toBe(general());
  });

  test('customers of a Teams channel that is deleted later go on in General, where answers reach them', async () => {
    const { simulator } = s;
    const { channel, settled } = simulator.teams.createChannel('期間限定');
    await settled;
    expect(await roomOf('outlives', { ms_teams: { channel: channel.id } })).toBe(channel.id);
    await simulator.teams.deleteChannel(channel).settled;
    const customer = simulator.karte.customer('outlives');
    await customer.write('まだ見えますか').settled;
    const refuge = await simulator.waitFor(() =>
      simulator.teams
        .threads(general())
        .find(({ posts }) => posts.some((post) => runsOf(post).includes('まだ見えますか'))),
    );
    simulator.teams.say('佐藤 健', { thread: refuge.id, text: 'はい、見えています。', mentions: ['bot'] });
    await simulator.waitFor(() => customer.received.some(({ text }) => text === 'はい、見えています。'));
  });

  test('the first message binds a customer for good: a later wish changes nothing', async () => {
    const { simulator } = s;
    await roomOf('bound', { ms_teams: { channel: returns().id } });
    const customer = simulator.karte.customer('bound');
    await customer.write('二通目', { metadata: { ms_teams: { channel: general() } } }).settled;
    await customer.write('三通目').settled;
    await idle(s);
    const threads = simulator.teams.threads().filter(({ posts }) => posts[0] && wordsOf(posts[0]).includes('bound'));
    expect(threads.map(({ channelId }) => channelId)).toEqual([returns().id]);
    expect(threads[0]?.posts.slice(1).flatMap(runsOf)).toEqual(['はじめまして', '二通目', '三通目']);
  });

  test('a visitor who logs in is bound afresh where hooks of members name no visitor', async () => {
    const { simulator } = s;
    simulator.karte.settings.memberVisitorId = false;
    const visitor = simulator.karte.customer({ visitor_id: 'vis-later-member' });
    await visitor.write('ビジターです', { metadata: { ms_teams: { channel: returns().id } } }).settled;
    visitor.identify('now-a-member');
    await visitor.write('会員です').settled;
    await idle(s);
    expect(threadOf(simulator, 'vis-later-member')?.channelId).toBe(returns().id);
    const member = threadOf(simulator, 'now-a-member');
    expect(member?.channelId).toBe(general());
    expect(member?.posts.slice(1).flatMap(runsOf).at(-1)).toBe('会員です');
    simulator.karte.settings.memberVisitorId = true;
  });

  test.each([true, false])(
    'a member is known by user_id, whether hooks carry the visitor_id (%s) or not',
    async (tells) => {
      s.simulator.karte.settings.memberVisitorId = tells;
      const key = `member-${tells}`;
      await roomOf(key);
      s.simulator.karte.settings.memberVisitorId = !tells;
      await s.simulator.karte.customer(key).write('つづき').settled;
      s.simulator.karte.settings.memberVisitorId = true;
      await idle(s);
      expect(threadOf(s.simulator, key)?.posts.slice(1).flatMap(runsOf)).toEqual(['はじめまして', 'つづき']);
    },
  );
});

test('new customers go where setup was run last; earlier ones stay where they are', async () => {
  const s = await roomyStand({ unconnected: true });
  try {
    const { simulator } = s;
    const returns = simulator.teams.channel('返品・交換');
    const [apiKey, accessToken, botId, clientSecret] = ['apiKey', 'accessToken', 'botId', 'clientSecret'].map(
      (key) => simulator.karte.project[key as 'apiKey'],
    );
    const setupIn = async (channel: string) => {
      const { posts } = await tell(s, YAMADA, { channel, text: 'setup' });
      await simulator.teams.submitTask(YAMADA, posts[0]?.id ?? '', {
        madoguchi: 'setup',
        apiKey,
        accessToken,
        botId,
        clientSecret,
      });
    };
    const write = async (key: string) => {
      await simulator.karte.customer({ user_id: key }).write('こんにちは').settled;
      await idle(s);
      return threadOf(simulator, key)?.channelId;
    };
    await setupIn(returns.id);
    expect(await write('first')).toBe(returns.id);
    await connect(s);
    expect(await write('later-customer')).toBe(simulator.state().team.id);
    expect(await write('first')).toBe(returns.id);
  } finally {
    await s.close();
  }
});

test('where the metadata was found is logged once for each place, without what it said', async () => {
  const s = await roomyStand();
  try {
    const { simulator } = s;
    const { id } = simulator.teams.channel('返品・交換');
    const customer = simulator.karte.customer({ user_id: 'log-once' });
    const metadata = { ms_teams: { channel: id } };
    for (const text of ['秘密の一', '秘密の二']) await customer.write(text, { metadata }).settled;
    await customer.write('秘密の三', { metadata, metadataPlace: 'data.custom_metadata' }).settled;
    const found = s.log.lines.filter(({ line }) => line.includes('metadata'));
    expect(found.map(({ fields }) => (fields as { place?: string }).place)).toEqual([
      'extra.metadata',
      'data.custom_metadata',
    ]);
    expect(JSON.stringify(found)).not.toContain(id);
    expect(JSON.stringify(s.log.lines)).not.toContain('秘密の');
  } finally {
    await s.close();
  }
});
