import { picture } from '../fixtures/pictures.ts';
import type { LineStand } from './lineStand.ts';
import { lineStand, PATH, text } from './lineStand.ts';

let site: LineStand;
beforeEach(async () => {
  site = await lineStand();
});
afterEach(() => site.close());

const customer = () => site.line.customer({ name: '伊藤 さくら' });

describe('what an account tells of itself', () => {
  test('is its bot info, by the token it is asked with', async () => {
    expect((await site.ask('GET', '/v2/bot/info')).body).toEqual({
      userId: expect.stringMatching(/^U[0-9a-f]{32}$/),
      basicId: '@test-desk',
      displayName: 'サポート窓口',
      chatMode: 'chat',
      markAsReadMode: 'manual',
    });
    const other = site.line.account({ displayName: '二号店', basicId: '@test-two' });
    other.state.chatMode = 'bot';
    const asOther = { Authorization: `Bearer ${other.state.accessToken}` };
    expect((await site.ask('GET', '/v2/bot/info', undefined, asOther)).body).toMatchObject({
      basicId: '@test-two',
      markAsReadMode: 'auto',
    });
    expect(site.line.account('@test-two').state).toBe(other.state);
  });

  test('does not hold its friends for those who are not verified', async () => {
    expect(await site.ask('GET', '/v2/bot/followers/ids')).toMatchObject({
      status: 403,
      body: { message: 'Access to this API is not available for your account' },
    });
  });
});

describe('the webhook endpoint', () => {
  const path = '/v2/bot/channel/webhook/endpoint';

  test('can be read and set', async () => {
    const endpoint = 'https://desk.example.test/api/channels/line/other';
    expect((await site.ask('GET', path)).body).toEqual({ endpoint: `https://desk.example.test${PATH}`, active: true });
    expect(await site.ask('PUT', path, { endpoint })).toMatchObject({ status: 200, body: {} });
    await customer().write('x').settled;
    expect(site.heard.map((each) => each.path)).toEqual(['/api/channels/line/other']);
  });

  test('is not found before it was set, and setting it does not switch webhooks on', async () => {
    site.account.setWebhook({ active: false, redelivery: false });
    expect(await site.ask('GET', path)).toMatchObject({ status: 404, body: { message: 'Webhook endpoint not found' } });
    expect(await site.ask('POST', '/v2/bot/channel/webhook/test', {})).toMatchObject({ status: 404 });
    await site.ask('PUT', path, { endpoint: `https://desk.example.test${PATH}` });
    expect((await site.ask('GET', path)).body.active).toBe(false);
    await customer().write('x').settled;
    expect(site.hooks).toEqual([]);
  });

  test.each(['http://example.com/', 'nonsense', 'ftp://a.test/'])('is no %s', async (endpoint) => {
    expect(await site.ask('PUT', path, { endpoint })).toMatchObject({
      status: 400,
      body: { message: 'Invalid webhook endpoint URL' },
    });
  });

  test('has 500 characters at most', async () => {
    const endpoint = `https://a.test/${'x'.repeat(490)}`;
    expect(await site.ask('PUT', path, { endpoint })).toMatchObject({ status: 400 });
  });

  test('can be tried, also another one, sixty times an hour', async () => {
    const test = (body?: object) => site.ask('POST', '/v2/bot/channel/webhook/test', body);
    expect(await test()).toMatchObject({ status: 200, body: { success: true, reason: 'OK' } });
    const other = await test({ endpoint: 'https://desk.example.test/other' });
    expect(other).toMatchObject({ status: 200, body: { success: true } });
    expect(site.heard.map((each) => each.path)).toEqual([PATH, '/other']);
    for (let n = 2; n < 60; n++) await test();
    expect(await test()).toMatchObject({ status: 429 });
    site.setClockForward(60_000);
    expect(await test()).toMatchObject({ status: 200 });
  });
});

describe('a profile', () => {
  const get = (userId: string) => site.ask('GET', `/v2/bot/profile/${userId}`);

  test('is that of a friend, or of somebody who wrote', async () => {
    const friend = site.line.customer({ name: '高橋', pictureUrl: 'https://a.test/x.png', statusMessage: 'はい' });
    expect((await get(friend.userId)).body).toEqual({
      userId: friend.userId,
      displayName: '高橋',
      language: 'ja',
      pictureUrl: 'https://a.test/x.png',
      statusMessage: 'はい',
    });
    const stranger = site.line.customer({ name: '小林', friendship: 'none' });
    expect(await get(stranger.userId)).toMatchObject({ status: 404, body: { message: 'Not found' } });
    stranger.write('x');
    expect(await get(stranger.userId)).toMatchObject({ status: 200 });
  });

  test('is not found of those who block the account, do not consent, or are nobody', async () => {
    const one = customer();
    one.block();
    expect(await get(one.userId)).toMatchObject({ status: 404 });
    one.unblock();
    expect(await get(one.userId)).toMatchObject({ status: 200 });
    one.state.consents = false;
    expect(await get(one.userId)).toMatchObject({ status: 404 });
    expect(await get('nobody')).toMatchObject({ status: 404 });
  });
});

describe('what a customer sent', () => {
  const mp4 = { name: 'a.mp4', type: 'video/mp4', bytes: Buffer.from('video') };

  test('is fetched with the token of that account, and with no other', async () => {
    const { message } = customer().picture(picture());
    const content = `${message.id}/content`;
    expect(await site.fetchContent(content)).toEqual({ status: 200, type: 'image/png', bytes: picture().bytes });
    expect(await site.fetchContent(`${content}/preview`)).toMatchObject({ status: 200, type: 'image/png' });
    for (const token of ['', 'Bearer nonsense'])
      expect(await site.fetchContent(content, token)).toMatchObject({ status: 401 });
    const other = site.line.account({}).state.accessToken;
    expect(await site.fetchContent(content, `Bearer ${other}`)).toMatchObject({ status: 404 });
  });

  test('is being prepared for a while when it is a video', async () => {
    const one = customer();
    const { message } = one.video(mp4, { preparation: 'processing', preview: picture() });
    const status = async () =>
      JSON.parse((await site.fetchContent(`${message.id}/content/transcoding`)).bytes.toString());
    expect(await site.fetchContent(`${message.id}/content`)).toMatchObject({ status: 202, bytes: Buffer.alloc(0) });
    expect(await status()).toEqual({ status: 'processing' });
    one.prepared(message);
    expect(await status()).toEqual({ status: 'succeeded' });
    expect(await site.fetchContent(`${message.id}/content`)).toMatchObject({ status: 200, bytes: mp4.bytes });
    expect(await site.fetchContent(`${message.id}/content/preview`)).toMatchObject({ status: 200, type: 'image/png' });
    const broken = one.video(mp4, { preparation: 'failed' }).message;
    expect((await site.fetchContent(`${broken.id}/content/transcoding`)).bytes.toString()).toContain('failed');
  });

  test('is gone when it was taken back', async () => {
    const one = customer();
    const { message } = one.picture(picture());
    one.unsend(message);
    expect(await site.fetchContent(`${message.id}/content`)).toMatchObject({ status: 410 });
    expect(one.messages[0]).toMatchObject({ unsentAt: expect.any(String), content: { type: 'image' } });
    expect(one.messages[0]?.file).toBeUndefined();
  });

  test('has no content when it is words, and neither preview nor preparation where there is none', async () => {
    const words = customer().write('x').message.id;
    const file = customer().file({ name: 'a.pdf', type: 'application/pdf', bytes: Buffer.from('x') }).message.id;
    const status = async (path: string) => (await site.fetchContent(path)).status;
    expect(await status(`${words}/content`)).toBe(404);
    expect(await status('1/content')).toBe(404);
    expect(await status(`${file}/content`)).toBe(200);
    expect(await status(`${file}/content/preview`)).toBe(400);
    expect(await status(`${file}/content/transcoding`)).toBe(400);
  });
});

describe('small signs', () => {
  test('a loading indicator lasts until it ends or a message comes', async () => {
    const one = customer();
    const load = (more: object) => site.ask('POST', '/v2/bot/chat/loading/start', { chatId: one.userId, ...more });
    expect(await load({})).toMatchObject({ status: 202, body: {} });
    expect(one.loading).toBe(true);
    site.setClockForward(20_001);
    expect(one.loading).toBe(false);
    await load({ loadingSeconds: 60 });
    await site.push(one.userId, [text('x')]);
    expect(one.loading).toBe(false);
    expect(await load({ loadingSeconds: 63 })).toMatchObject({
      status: 400,
      body: { details: [{ message: 'Must be between 5 and 60' }, { message: 'must be a multiple of five' }] },
    });
    expect(await load({ chatId: `C${'1'.repeat(32)}` })).toMatchObject({ status: 400 });
    one.block();
    expect(await load({})).toMatchObject({ status: 202 });
    expect(one.loading).toBe(false);
  });

  test('a read token marks its message and all before it', async () => {
    const one = customer();
    const [first, second, third] = ['一', '二', '三'].map((words) => one.write(words).message);
    const mark = (markAsReadToken?: string) => site.ask('POST', '/v2/bot/chat/markAsRead', { markAsReadToken });
    expect(await mark(second?.markAsReadToken)).toMatchObject({ status: 200, body: {} });
    expect([first, second, third].map((message) => message?.readAt !== undefined)).toEqual([true, true, false]);
    expect(await mark('nonsense')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Invalid markAsReadToken') },
    });
    expect(await mark()).toMatchObject({ status: 400 });
  });

  test('where chat is off everything is read at once, and there are no tokens', async () => {
    site.account.state.chatMode = 'bot';
    const { message, settled } = customer().write('x');
    await settled;
    expect(message.readAt).toBeDefined();
    expect(site.events[0].message.markAsReadToken).toBeUndefined();
  });
});

describe('tokens', () => {
  const id = { client_id: '2000000001', client_secret: 'test-line-channel-secret-2000000001' };
  const form = { grant_type: 'client_credentials', ...id };
  const works = async (token: string) =>
    (await site.ask('GET', '/v2/bot/info', undefined, { Authorization: `Bearer ${token}` })).status;

  test('by id and secret are good for fifteen minutes', async () => {
    const { status, body } = await site.form('/oauth2/v3/token', form);
    expect({ status, body }).toEqual({
      status: 200,
      body: { token_type: 'Bearer', access_token: expect.any(String), expires_in: 900 },
    });
    expect(await works(body.access_token)).toBe(200);
    expect((await site.ask('GET', `/oauth2/v2.1/verify?access_token=${body.access_token}`)).body).toMatchObject({
      client_id: '2000000001',
      expires_in: expect.any(Number),
    });
    await site.form('/v2/oauth/revoke', { access_token: body.access_token });
    expect(await works(body.access_token)).toBe(200);
    site.setClockForward(900_001);
    expect(await works(body.access_token)).toBe(401);
  });

  test('are refused to a wrong secret, a wrong id, and a reissued secret', async () => {
    const bad = { status: 400, body: { error: 'invalid_request' } };
    expect(await site.form('/oauth2/v3/token', { ...form, client_secret: 'x' })).toMatchObject(bad);
    expect(await site.form('/oauth2/v3/token', { ...form, client_id: 'x' })).toMatchObject(bad);
    expect(await site.form('/oauth2/v3/token', { ...form, grant_type: 'x' })).toMatchObject(bad);
    site.account.reissueSecret();
    expect(await site.form('/oauth2/v3/token', form)).toMatchObject(bad);
  });

  test('for thirty days are thirty: the oldest gives way', async () => {
    const tokens: string[] = [];
    for (let n = 0; n < 31; n++) tokens.push((await site.form('/v2/oauth/accessToken', form)).body.access_token);
    expect([await works(tokens[0] ?? ''), await works(tokens[1] ?? ''), await works(tokens[30] ?? '')]).toEqual([
      401, 200, 200,
    ]);
    const verify = (access_token: string) => site.form('/v2/oauth/verify', { access_token });
    expect(await verify(tokens[1] ?? '')).toMatchObject({ status: 200, body: { client_id: '2000000001' } });
    expect(await verify(site.account.state.accessToken)).toMatchObject({ status: 200 });
    expect(await site.form('/v2/oauth/revoke', { access_token: tokens[1] ?? '' })).toMatchObject({
      status: 200,
      text: '',
    });
    expect(await works(tokens[1] ?? '')).toBe(401);
    expect(await verify('nonsense')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await site.form('/v2/oauth/accessToken', { ...form, client_secret: 'x' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client', error_description: 'invalid client_secret' },
    });
  });

  test('for ever are replaced in the console, at once or after some hours', async () => {
    const old = site.account.state.accessToken;
    const second = site.account.reissueToken(1);
    expect([await works(old), await works(second)]).toEqual([200, 200]);
    site.setClockForward(3_600_001);
    expect(await works(old)).toBe(401);
    const third = site.account.reissueToken();
    expect([await works(second), await works(third)]).toEqual([401, 200]);
  });
});

describe('a picture from the account', () => {
  const image = (name: string) => ({
    type: 'image',
    originalContentUrl: `https://desk.example.test/${name}`,
    previewImageUrl: `https://desk.example.test/${name}`,
  });

  test('is loaded from its address, and shows nothing where that gives none', async () => {
    const one = customer();
    await site.push(one.userId, [image('a.png')]);
    const [message] = one.received;
    if (!message) throw new Error('a picture was expected');
    await expect(one.open(message)).rejects.toThrow('application/json');
    expect(site.heard.at(-1)?.path).toBe('/a.png');
    await expect(one.open({ ...message, content: text('x') })).rejects.toThrow('nothing to load');
  });
});
