import { createHmac } from 'node:crypto';
import { idle, roomyStand } from './moves.ts';
import { conversation, runsOf, type Stand, shown, threadOf, YAMADA } from './stand.ts';

const MINUTE = 60;

describe('hooks of KARTE', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  const threadsOf = (key: string) =>
    s.simulator.teams.threads().filter(({ posts }) => JSON.stringify(posts[0]).includes(key));
  const textsOf = (key: string) => threadOf(s.simulator, key)?.posts.slice(1).flatMap(runsOf) ?? [];
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${s.running.url}/api/teams/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const signed = (body: string, secret: string, seconds = Math.floor(Date.now() / 1000)) => ({
    'x-karte-request-timestamp': String(seconds),
    'x-karte-signature': createHmac('sha256', secret).update(`${seconds}:${body}`).digest('hex'),
  });
  const bodyFrom = (user: string, text: string, more: object = {}) =>
    JSON.stringify({
      event_type: 'talk/message/sendFromUser',
      client_id: 'test-karte-client-id',
      api_key: s.simulator.karte.project.apiKey,
      data: {
        user_id: user,
        visitor_id: `vis-${user}`,
        account_id: null,
        date: '2026-01-02T03:04:05.678Z',
        content: { text, image: null },
      },
      extra: {},
      ...more,
    });

  test.each(['hex', 'base64'] as const)('a signature in %s is accepted', async (encoding) => {
    const customer = s.simulator.karte.customer({ user_id: `encoding-${encoding}` });
    const { attempts } = await customer.write('署名', { encoding }).settled;
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    await idle(s);
    expect(textsOf(`encoding-${encoding}`)).toEqual(['署名']);
  });

  test.each([
    ['made with a wrong secret', { secret: 'test-wrong-secret' }],
    ['more than five minutes old', { skewSeconds: -5 * MINUTE - 5 }],
    ['more than five minutes ahead', { skewSeconds: 5 * MINUTE + 5 }],
  ])('a signature that is %s is refused with 401, and nothing is shown', async (what, options) => {
    const key = `refused-${what.replaceAll(' ', '-')}`;
    const { attempts } = await s.simulator.karte.customer({ user_id: key }).write('拒否', options).settled;
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([401]));
    await idle(s);
    expect(threadsOf(key)).toHaveLength(0);
  });

  test.each([-5 * MINUTE + 5, 5 * MINUTE - 5])(
    'a timestamp that is %d seconds off is fresh enough',
    async (skewSeconds) => {
      const { attempts } = await s.simulator.karte
        .customer({ user_id: `fresh${skewSeconds}` })
        .write('時計', { skewSeconds }).settled;
      expect(attempts.map(({ status }) => status)).toEqual([200]);
    },
  );

  test('a missing signature, a missing timestamp and a timestamp that is no number are refused with 401', async () => {
    const body = bodyFrom('unsigned', '署名なし');
    const { clientSecret } = s.simulator.karte.project;
    const { 'x-karte-signature': signature, 'x-karte-request-timestamp': timestamp } = signed(body, clientSecret);
    const wordy = createHmac('sha256', clientSecret).update(`now:${body}`).digest('hex');
    const answers = await Promise.all([
      post(body),
      post(body, { 'x-karte-signature': signature }),
      post(body, { 'x-karte-request-timestamp': timestamp }),
      post(body, { 'x-karte-request-timestamp': 'now', 'x-karte-signature': wordy }),
      post(body, { 'x-karte-request-timestamp': timestamp, 'x-karte-signature': signature.slice(1) }),
      post(body, { 'x-karte-request-timestamp': timestamp, 'x-karte-signature': `sha256=${signature}` }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    expect((await answers[0]?.json()) as object).toMatchObject({ error: { code: 'hook.badSignature' } });
  });

  test('a signature covers the raw bytes: one more space and it is refused', async () => {
    const body = bodyFrom('raw-bytes', '生のバイト');
    const headers = signed(body, s.simulator.karte.project.clientSecret);
    expect((await post(`${body} `, headers)).status).toBe(401);
    expect((await post(body, headers)).status).toBe(200);
  });

  test("another project's secret does not open this project, nor the other way round", async () => {
    const { simulator } = s;
    const { accessToken, botId, clientSecret } = simulator.karte.project;
    const offer = simulator.teams.say(YAMADA, { channel: simulator.state().team.id, text: 'setup', mentions: ['bot'] });
    const card = await shown(simulator, offer.thread.id, 'フォーム');
    const data = {
      madoguchi: 'setup',
      apiKey: 'test-second-key',
      accessToken,
      botId,
      clientSecret: 'test-second-secret',
    };
    expect((await simulator.teams.submitTask(YAMADA, card.id, data)).body).toMatchObject({ task: { type: 'message' } });
    const mine = bodyFrom('two-projects', '一つめ');
    const theirs = bodyFrom('two-projects', '二つめ', { api_key: 'test-second-key' });
    expect((await post(mine, signed(mine, 'test-second-secret'))).status).toBe(401);
    expect((await post(theirs, signed(theirs, clientSecret))).status).toBe(401);
    expect((await post(theirs, signed(theirs, 'test-second-secret'))).status).toBe(200);
    expect((await post(mine, signed(mine, clientSecret))).status).toBe(200);
    await idle(s);
    // The same id in two projects is two people.
    expect(threadsOf('two-projects')).toHaveLength(2);
  });

  test('an unknown project is answered with 404, a body that is no JSON with 400', async () => {
    const unknown = bodyFrom('nobody', 'だれ', { api_key: 'test-unknown-key' });
    expect((await post(unknown, signed(unknown, s.simulator.karte.project.clientSecret))).status).toBe(404);
    expect((await post('{"api_key":', signed('{"api_key":', 'x'))).status).toBe(400);
  });

  test('five copies of a hook at once, and one more after a restart, show one message', async () => {
    const { simulator } = s;
    const customer = simulator.karte.customer({ user_id: 'copies' });
    const written = customer.write('一度だけ', { copies: 5 });
    await written.settled;
    await idle(s);
    expect(textsOf('copies')).toEqual(['一度だけ']);
    const body = bodyFrom('copies-later', '一度だけ', { id: 'test-event-1' });
    await simulator.karte.hooks.raw(body).settled;
    await s.restart();
    const { attempts } = await simulator.karte.hooks.raw(body).settled;
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    await idle(s);
    expect(textsOf('copies-later')).toEqual(['一度だけ']);
  });

  test('without an id, user, date and content tell a repeat', async () => {
    const { hooks } = s.simulator.karte;
    const body = bodyFrom('no-id', 'IDなし');
    await Promise.all([hooks.raw(body).settled, hooks.raw(body, { copies: 3 }).settled]);
    await hooks.raw(body).settled;
    await idle(s);
    expect(textsOf('no-id')).toEqual(['IDなし']);
    // The same moment and words of somebody else are another message.
    await hooks.raw(bodyFrom('no-id-either', 'IDなし')).settled;
    await idle(s);
    expect(textsOf('no-id-either')).toEqual(['IDなし']);
  });

  test.each([true, false])('the same words said again later are a new message (without an id: %s)', async (omitId) => {
    const customer = s.simulator.karte.customer({ user_id: `again-${omitId}` });
    await customer.write('もしもし', { omitId }).settled;
    await customer.write('もしもし', { omitId }).settled;
    await idle(s);
    expect(textsOf(`again-${omitId}`)).toEqual(['もしもし', 'もしもし']);
  });

  test('one id with other words in it is a repeat all the same', async () => {
    const { hooks } = s.simulator.karte;
    await hooks.raw(bodyFrom('same-id', '初回', { id: 'test-event-2' })).settled;
    await hooks.raw(bodyFrom('same-id', '別の文', { id: 'test-event-2' })).settled;
    await idle(s);
    expect(textsOf('same-id')).toEqual(['初回']);
  });

  test('ten first messages at once make one thread and stand in the order they came', async () => {
    const customer = s.simulator.karte.customer({ visitor_id: 'vis-rush' });
    const texts = Array.from({ length: 10 }, (_, at) => `${at + 1}通目`);
    await Promise.all(texts.map((text) => customer.write(text).settled));
    await idle(s);
    expect(threadsOf('vis-rush')).toHaveLength(1);
    expect(textsOf('vis-rush').toSorted()).toEqual(texts.toSorted());
  });

  test('messages that come one after the other keep their order', async () => {
    const { customer, thread } = await conversation(s.simulator, 'ordered', '0');
    for (const text of ['1', '2', '3', '4', '5']) await customer.write(text).answered;
    await idle(s);
    expect(thread.posts.slice(1).flatMap(runsOf)).toEqual(['0', '1', '2', '3', '4', '5']);
  });
});
