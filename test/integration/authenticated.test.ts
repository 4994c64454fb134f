import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { uuidOf } from '../../simulator/ids.ts';
import { type LoginService, startLoginService } from '../../simulator/loginService.ts';
import { type OpenIdProvider, startOpenId, type TokenClaims } from '../../simulator/openId.ts';
import { conversation, type Stand, stand, threadOf, YAMADA } from './stand.ts';

const APP_ID = '11111111-2222-4333-8444-555555555555';
const PASSWORD = 'test-bot-password';
const TENANT = uuidOf('tenant');
const trusted = tls.getCACertificates('default');

describe('with a bot registration', () => {
  let provider: OpenIdProvider;
  let login: LoginService;
  let s: Stand;

  const start = (env: Record<string, string> = {}, unconnected = false) =>
    stand({
      unconnected,
      env: {
        MicrosoftAppId: APP_ID,
        MicrosoftAppPassword: PASSWORD,
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppTenantId: TENANT,
        ToBotFromChannelOpenIdMetadataUrl: provider.metadataUrl,
        ToBotFromChannelTokenIssuer: provider.issuer,
        ToChannelFromBotLoginUrl: login.loginUrl,
        ValidateAuthority: 'false',
        ...env,
      },
      simulator: { appId: APP_ID, authorization: provider.authorization, requireToken: login.isGood },
    });

  beforeEach(async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined); // the SDK prints refused tokens
    provider = await startOpenId({ issuer: 'https://issuer.example.test' });
    login = await startLoginService({ tenantId: TENANT, appId: APP_ID, password: PASSWORD });
    tls.setDefaultCACertificates([...trusted, login.certificate]);
  });
  afterEach(async () => {
    await s.close();
    await provider.close();
    await login.close();
    jest.restoreAllMocks();
  });
  afterAll(() => tls.setDefaultCACertificates(trusted));

  /** The login service has been asked a second time. */
  async function refusedByLogin(): Promise<void> {
    while (login.requests.length < 2) await new Promise(setImmediate);
  }

  /** An operator's reply in a thread, as Teams would send it, ready to be sent by somebody else. */
  async function reply() {
    const { simulator } = s;
    const { customer, thread } = await conversation(simulator, `member-${randomUUID()}`);
    const { activity } = simulator.teams.say(YAMADA, {
      thread: thread.id,
      text: '確認いたします。',
      mentions: ['bot'],
    });
    await simulator.waitFor(() => customer.received.length === 1);
    return { customer, activity: { ...activity, id: `${Date.now()}`, text: '<at>KARTE</at> 偽物です' } as Fields };
  }

  /** Sends it with this header, and gives the answer once everything that could follow has been taken in. */
  async function send(activity: Fields, authorization?: string) {
    const answer = await fetch(`${s.running.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify(activity),
    });
    return { status: answer.status, text: await answer.text() };
  }

  test('a conversation goes both ways, and every call to Teams carries a token of the login service', async () => {
    s = await start();
    const { customer } = await reply();
    expect(customer.received[0]).toMatchObject({ text: '確認いたします。' });
    expect(login.requests).toHaveLength(1);
    expect(Object.fromEntries(login.requests[0] ?? [])).toMatchObject({
      client_id: APP_ID,
      scope: expect.stringContaining('https://api.botframework.com/.default'),
    });
    expect(s.simulator.teams.calls.length).toBeGreaterThan(2);
    expect(s.simulator.teams.calls.filter(({ status }) => status === 401)).toEqual([]);
  });

  test('a token that Teams takes no more is replaced by a new one, and nothing is lost', async () => {
    s = await start();
    await reply();
    login.withdraw();
    const { thread } = await conversation(s.simulator, 'after-the-withdrawal');
    expect(thread.posts).toHaveLength(2);
    expect(login.requests).toHaveLength(2);
  });

  test('while the bot’s password is not good messages wait, no secret is told, and afterwards they arrive', async () => {
    s = await start();
    await reply();
    login.password = 'test-another-password';
    login.withdraw();
    s.simulator.karte.customer({ user_id: 'patient' }).write('お返事をお待ちしています');
    await refusedByLogin();
    login.password = PASSWORD;
    await s.simulator.waitFor(() => threadOf(s.simulator, 'patient')?.posts[1]);
    expect(JSON.stringify(s.log.lines)).not.toMatch(/test-bot-password|test-access-token/);
  });

  const minutes = (count: number) => Math.floor(Date.now() / 1000) + count * 60;
  const bearer = async (token: Promise<string>) => `Bearer ${await token}`;
  const honest = (activity: Fields): TokenClaims => ({ aud: APP_ID, serviceurl: String(activity.serviceUrl) });
  const refused: [string, (activity: Fields) => Promise<string | undefined>][] = [
    ['is missing', async () => undefined],
    ['is empty', async () => ''],
    ['is no token at all', async () => 'Bearer x'],
    ['has three parts of nonsense', async () => 'Bearer e30.e30.e30'],
    ['has no scheme', (activity) => provider.issue(honest(activity))],
    ['has another scheme', async (activity) => `Basic ${await provider.issue(honest(activity))}`],
    ['was forged', (activity) => bearer(provider.forge(honest(activity)))],
    ['says that it needs no signature', async (activity) => `Bearer ${unsigned(provider.issuer, honest(activity))}`],
    ['has expired', (activity) => bearer(provider.issue({ ...honest(activity), exp: minutes(-10) }))],
    ['is not good yet', (activity) => bearer(provider.issue({ ...honest(activity), nbf: minutes(10) }))],
    ['is for another bot', (activity) => bearer(provider.issue({ ...honest(activity), aud: randomUUID() }))],
    [
      'is of another issuer',
      (activity) => bearer(provider.issue({ ...honest(activity), iss: 'https://api.botframework.com' })),
    ],
    [
      'is for another service address',
      (activity) => bearer(provider.issue({ ...honest(activity), serviceurl: 'https://evil.example.test/' })),
    ],
  ];
  test.each(refused)('a token that %s is refused with 401, without effect and without detail', async (_, header) => {
    s = await start();
    const { customer, activity } = await reply();
    const posts = s.simulator.teams.botPosts().length;
    const { status, text } = await send(activity, await header(activity));
    expect(status).toBe(401);
    expect(JSON.parse(text)).toEqual({ error: { code: 'unauthorized', message: 'the activity was not accepted' } });
    await conversation(s.simulator, 'somebody-after');
    expect(customer.received).toHaveLength(1);
    expect(s.simulator.teams.botPosts()).toHaveLength(posts + 2);
  });

  const foreign: [string, Record<string, string>, (activity: Fields) => Fields][] = [
    ['another tenant than the bot’s own', {}, (activity) => inTenant(activity, randomUUID())],
    ['no tenant', {}, (activity) => inTenant(activity, undefined)],
    [
      'a tenant that is not on the list',
      { ALLOWED_TENANTS: `${randomUUID()}, ${TENANT.toUpperCase()}` },
      (activity) => inTenant(activity, randomUUID()),
    ],
    ['another channel of the bot registration', {}, (activity) => ({ ...activity, channelId: 'directline' })],
    ['no channel', {}, ({ channelId: _, ...activity }) => activity],
  ];
  test.each(foreign)('a good token for an activity of %s is refused without effect', async (_, env, change) => {
    s = await start(env);
    const { customer, activity } = await reply();
    const posts = s.simulator.teams.botPosts().length;
    const { status, text } = await send(change(activity), await bearer(provider.issue(honest(activity))));
    expect([401, 403]).toContain(status);
    expect(JSON.parse(text)).toEqual({ error: { code: 'unauthorized', message: 'the activity was not accepted' } });
    await conversation(s.simulator, 'somebody-after');
    expect(customer.received).toHaveLength(1);
    expect(s.simulator.teams.botPosts()).toHaveLength(posts + 2);
  });

  test('a bot for several tenants takes each of its list', async () => {
    s = await start({ ALLOWED_TENANTS: `${randomUUID()}, ${TENANT.toUpperCase()}` });
    const { customer, activity } = await reply();
    expect((await send(activity, await bearer(provider.issue(honest(activity))))).status).toBe(200);
    await s.simulator.waitFor(() => customer.received.length === 2);
  });

  test('when the keys to check tokens with can’t be had, Teams is told to come again', async () => {
    const away = await startOpenId();
    await away.close();
    s = await start({ ToBotFromChannelOpenIdMetadataUrl: away.metadataUrl }, true);
    const { team } = s.simulator.state();
    const said = s.simulator.teams.say(YAMADA, { channel: team.id, text: 'help', mentions: ['bot'] });
    const activity = said.activity as Fields;
    const { status, text } = await send(activity, await bearer(provider.issue(honest(activity))));
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ error: { code: 'unavailable', message: 'the activity was not accepted' } });
  });
});

type Fields = Record<string, unknown>;

function inTenant(activity: Fields, id: string | undefined): Fields {
  return {
    ...activity,
    conversation: { ...(activity.conversation as object), tenantId: id },
    channelData: { ...(activity.channelData as object), tenant: id ? { id } : undefined },
  };
}

function unsigned(iss: string, claims: TokenClaims): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT', kid: 'test-key-1' })}.${part({ iss, exp: 9_999_999_999, ...claims })}.`;
}
