import { Line } from '../../src/channels/line/line.ts';
import type { Message, Part } from '../../src/desk/message.ts';
import type { Connection } from '../../src/desk/settings.ts';
import { picture } from '../fixtures/pictures.ts';
import { type LineStand, lineStand, PATH } from '../simulator/lineStand.ts';
import { KeptLog } from './stand.ts';

const HOOK = `https://desk.example.test${PATH}`;
const PUSH = '/v2/bot/message/push';
const LIMITS = { most: 10_000_000, patience: 20_000 };

let site: LineStand;
let secrets: Record<string, string>;
let log: KeptLog;
let line: Line;
/** Whether LINE can reach an address of ours. */
let reaches: (url: string) => boolean;

beforeEach(async () => {
  reaches = (url) => url.startsWith('https://');
  site = await lineStand();
  log = new KeptLog();
  secrets = { channelSecret: site.account.state.channelSecret };
  line = new Line({
    apiUrl: site.simulator.lineUrl,
    dataUrl: site.simulator.lineDataUrl,
    timeout: 3_000,
    isLink: (url) => reaches(url),
    secrets: () => secrets,
    now: Date.now,
    log,
  });
});
// Whatever was said must fit LINE's own OpenAPI files.
afterEach(() => site.close());

const connection = (settings = {}): Connection => ({
  id: 'one',
  deskId: 'desk',
  channel: 'line',
  account: site.account.state.channelId,
  settings: { basicId: '@test-desk', userId: site.account.state.userId, ...settings },
  sealed: '',
  room: 'room',
  createdAt: 0,
  updatedAt: 0,
});
const customer = () => site.line.customer({ name: '伊藤 さくら' });
const endUser = (userId = customer().userId) => ({ key: userId, userId });
const text = (words: string): Part => ({ kind: 'text', text: words });
const messageOf = (...parts: Part[]): Message => ({ author: { kind: 'operator' }, parts, at: 0 });
const send = (message: Message, key = 'one', name?: string) =>
  line.send(connection(), endUser(), message, { key, sender: { kind: 'operator', id: name && 'id', name } });
const calls = (path: string) => site.line.calls.filter((call) => call.path === path);
const keysOf = (path = PUSH) => calls(path).map(({ headers }) => headers?.['x-line-retry-key']);

describe('an answer', () => {
  test('is one push under a retry key, with the operator’s name', async () => {
    const one = customer();
    expect(await send(messageOf(text('はい。'), text('どうぞ。')), 'one', '山田')).toEqual({ kind: 'delivered' });
    expect(one.texts).toEqual(['はい。', 'どうぞ。']);
    expect(one.received.map(({ content }) => content.sender)).toEqual([{ name: '山田' }, { name: '山田' }]);
    expect(calls(PUSH)).toHaveLength(1);
    expect(keysOf()[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('shows pictures as pictures', async () => {
    const shown: Part = { kind: 'image', url: 'https://desk.test/a.png', previewUrl: 'https://desk.test/b.png' };
    await send(messageOf(text('こちらです。'), shown));
    expect(customer().received.map(({ content }) => content)).toMatchObject([
      { type: 'text' },
      { type: 'image', originalContentUrl: 'https://desk.test/a.png', previewImageUrl: 'https://desk.test/b.png' },
    ]);
  });

  test('longer than a push is several, in order; sent again, nothing of it comes twice', async () => {
    const words = Array.from({ length: 30 }, (_, at) => `${at}${'あ'.repeat(998)}。`).join('\n');
    const message = messageOf(text(words));
    expect(await send(message)).toEqual({ kind: 'delivered' });
    expect(calls(PUSH).length).toBeGreaterThan(1);
    expect(customer().texts.join('')).toBe(words);
    expect(await send(message)).toEqual({ kind: 'delivered' });
    expect(customer().texts.join('')).toBe(words);
    expect(new Set(keysOf()).size).toBe(calls(PUSH).length / 2);
  });

  test.each([
    ['breaks off', { reset: 'after' as const }],
    ['comes too late', { hang: 'after' as const }],
    ['is an error behind the effect', { status: 500, effect: true }],
  ])('whose end %s is unknown, and sent again under its key it is there once', async (_name, fault) => {
    site.simulator.faults.next({ side: 'line', path: PUSH, ...fault });
    expect(await send(messageOf(text('はい。')))).toMatchObject({ kind: 'unknown' });
    expect(await send(messageOf(text('はい。')))).toEqual({ kind: 'delivered' });
    expect(customer().texts).toEqual(['はい。']);
  });

  test('that was edited after an unclear end goes out in its new words', async () => {
    site.simulator.faults.next({ side: 'line', path: PUSH, reset: 'after' });
    expect(await send(messageOf(text('十時です。')))).toMatchObject({ kind: 'unknown' });
    expect(await send(messageOf(text('十一時です。')))).toEqual({ kind: 'delivered' });
    expect(customer().texts).toEqual(['十時です。', '十一時です。']);
  });

  test('of which the second push is refused is unknown: a part of it is there', async () => {
    const words = 'あ'.repeat(30_000);
    site.account.state.quota = 1;
    expect(await send(messageOf(text(words)))).toEqual({ kind: 'unknown', code: 'line.monthlyLimit' });
    site.account.state.quota = null;
    expect(await send(messageOf(text(words)))).toEqual({ kind: 'delivered' });
    expect(customer().texts.join('')).toBe(words);
  });

  test('is refused for certain at the end of the month’s messages', async () => {
    site.account.state.quota = 0;
    expect(await send(messageOf(text('はい。')))).toMatchObject({
      kind: 'refused',
      code: 'line.monthlyLimit',
      transient: false,
    });
  });

  test('waits where there are too many calls', async () => {
    site.simulator.faults.next({ side: 'line', path: PUSH, status: 429 });
    expect(await send(messageOf(text('はい。')))).toMatchObject({ code: 'line.throttled', transient: true });
  });

  test('to nobody of this account is refused with its own reason', async () => {
    const nobody = endUser(`U${'0'.repeat(32)}`);
    const sending = { key: 'one', sender: { kind: 'bot' as const } };
    expect(await line.send(connection(), nobody, messageOf(text('はい。')), sending)).toMatchObject({
      kind: 'refused',
      code: 'line.cannotReceive',
      transient: false,
    });
    expect(calls(PUSH)).toHaveLength(1);
  });

  test('goes out without a name that LINE does not take', async () => {
    const details = [{ message: 'Invalid', property: 'messages[0].sender.name' }];
    const body = { message: 'The request body has 1 error(s)', details };
    site.simulator.faults.next({ side: 'line', path: PUSH, status: 400, body });
    expect(await send(messageOf(text('はい。')), 'one', '運営')).toEqual({ kind: 'delivered' });
    expect(customer().received.map(({ content }) => content.sender)).toEqual([undefined]);
    expect(calls(PUSH)).toHaveLength(2);
  });

  test('that LINE does not take without a name either is refused', async () => {
    site.simulator.faults.next({ side: 'line', path: PUSH, status: 400, body: { message: 'no' }, times: 2 });
    expect(await send(messageOf(text('はい。')), 'one', '運営')).toMatchObject({ code: 'line.badRequest' });
    expect(calls(PUSH)).toHaveLength(2);
  });

  test('that is refused leaves the request’s id in the log, and neither words nor tokens', async () => {
    site.account.state.quota = 0;
    await send(messageOf(text('ひみつの言葉')));
    expect(log.lines).toMatchObject([
      { fields: { code: 'line.monthlyLimit', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    ]);
    expect(JSON.stringify(log.lines)).not.toMatch(/ひみつ|Bearer|test-/);
  });
});

describe('a token', () => {
  test('is got by id and secret, once for many', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, at) => send(messageOf(text('はい。')), `${at}`)));
    expect(calls('/oauth2/v3/token')).toHaveLength(1);
  });

  test('that LINE no longer takes is replaced, for pushes and for contents alike', async () => {
    const { message } = customer().picture(picture());
    await send(messageOf(text('一')), 'a');
    site.account.state.tokens.length = 0;
    expect(await send(messageOf(text('二')), 'b')).toEqual({ kind: 'delivered' });
    site.account.state.tokens.length = 0;
    expect(await line.fetchFile(connection(), `line:${message.id}`, LIMITS)).toMatchObject({ kind: 'bytes' });
    expect(calls('/oauth2/v3/token')).toHaveLength(3);
  });

  test('that was pasted is used as it is, and its refusal is said plainly', async () => {
    secrets = { ...secrets, channelAccessToken: site.account.state.accessToken };
    expect(await send(messageOf(text('一')), 'a')).toEqual({ kind: 'delivered' });
    site.account.reissueToken();
    expect(await send(messageOf(text('二')), 'b')).toMatchObject({
      kind: 'refused',
      code: 'line.unauthorized',
      transient: false,
    });
    expect(calls('/oauth2/v3/token')).toHaveLength(0);
  });

  test('that can’t be had means that nothing was sent', async () => {
    site.simulator.faults.next({ side: 'line', path: '/oauth2', reset: 'after' });
    expect(await send(messageOf(text('はい。')))).toMatchObject({ code: 'line.noToken', transient: true });
    expect(customer().texts).toEqual([]);
  });

  test('is not given for a secret that was reissued', async () => {
    site.account.reissueSecret();
    expect(await send(messageOf(text('はい。')))).toMatchObject({ code: 'line.badSecret', transient: false });
  });
});

describe('credentials', () => {
  const check = (more: { account?: string; basicId?: string; secrets?: Record<string, string> } = {}) =>
    line.checkCredentials({
      account: more.account ?? site.account.state.channelId,
      settings: { basicId: more.basicId ?? '@test-desk' },
      secrets: { channelSecret: site.account.state.channelSecret, ...more.secrets },
    });

  test.each(['@test-desk', 'test-desk', ' @TEST-DESK ', '＠Test-Desk'])(
    'are right with the basic id %j',
    async (basicId) => {
      expect(await check({ basicId })).toEqual({
        kind: 'delivered',
        settings: { userId: site.account.state.userId, basicId: '@test-desk', displayName: 'サポート窓口' },
      });
    },
  );

  test('are right with a pasted token of the account', async () => {
    const channelAccessToken = site.account.state.accessToken;
    expect(await check({ secrets: { channelAccessToken } })).toMatchObject({ kind: 'delivered' });
  });

  test('with a wrong secret are found out, also beside a good token: no hook would be believed', async () => {
    const channelSecret = 'test-wrong';
    const channelAccessToken = site.account.state.accessToken;
    for (const secrets of [{ channelSecret }, { channelSecret, channelAccessToken }] as Record<string, string>[])
      expect(await check({ secrets })).toMatchObject({ kind: 'refused', code: 'line.badSecret' });
  });

  test('with an id of nobody’s are found out', async () => {
    expect(await check({ account: '1' })).toMatchObject({ code: 'line.badSecret' });
  });

  test('with a token that is none, or of another account, are found out', async () => {
    expect(await check({ secrets: { channelAccessToken: 'test-wrong' } })).toMatchObject({ code: 'line.badToken' });
    const other = site.line.account({ displayName: '二号店', basicId: '@test-two' });
    const secrets = { channelAccessToken: other.state.accessToken };
    expect(await check({ secrets })).toMatchObject({ code: 'line.otherToken', detail: '@test-two' });
  });

  test('of another account than was meant are found out', async () => {
    expect(await check({ basicId: '@test-two' })).toMatchObject({ code: 'line.otherAccount', detail: '@test-desk' });
  });

  test('can’t be checked while LINE is away', async () => {
    site.simulator.faults.offline('line');
    expect(await check()).toMatchObject({ kind: 'refused', transient: true });
  });
});

describe('the webhook', () => {
  const findings = async (url = HOOK) =>
    (await line.registerHook(connection(), url)).map(({ about, state, reason }) => [about, state, reason]);

  test('is registered, seen and tried', async () => {
    site.account.setWebhook({ active: true, redelivery: false });
    expect(await findings()).toEqual([
      ['doctor.lineHook', 'ok', undefined],
      ['doctor.lineVerify', 'ok', undefined],
    ]);
    expect(site.account.state.webhook.url).toBe(HOOK);
  });

  test('is registered and not used as long as “Use webhook” is off', async () => {
    site.account.setWebhook({ active: false, redelivery: false });
    expect(await findings()).toContainEqual(['doctor.lineHook', 'missing', 'doctor.lineHookOff']);
  });

  test('at an address that LINE can’t reach is for a person', async () => {
    expect(await findings('http://127.0.0.1:3978/x')).toEqual([
      ['doctor.lineHook', 'missing', 'doctor.lineNeedsHttps'],
    ]);
    expect(site.line.calls).toEqual([]);
  });

  test('on this machine is registered where the simulator stands in for LINE, and its test says what it met', async () => {
    const here = site.simulator.lineUrl.replace(/\/line$/, '/nobody-listens');
    reaches = () => true;
    expect(await findings(here)).toEqual([
      ['doctor.lineHook', 'ok', undefined],
      ['doctor.lineVerify', 'missing', 'doctor.lineVerifyFailed'],
    ]);
  });

  test('that can’t be set is for a person', async () => {
    site.simulator.faults.next({ side: 'line', path: 'webhook/endpoint', status: 403 });
    expect(await findings()).toEqual([['doctor.lineHook', 'missing', 'doctor.lineSetByHand']]);
  });
});

describe('an examination', () => {
  const examine = async () =>
    new Map((await line.examine(connection(), HOOK)).map(({ about, ...found }) => [about, found]));

  test('says what is well', async () => {
    site.account.state.quota = 200;
    const found = await examine();
    for (const about of ['doctor.lineToken', 'doctor.lineHook', 'doctor.lineChat'])
      expect(found.get(about)).toEqual({ state: 'ok' });
    expect(found.get('doctor.lineQuota')).toMatchObject({ state: 'ok', detail: '0 / 200' });
    expect(found.get('doctor.lineHeard')).toMatchObject({ state: 'untested' });
  });

  test('says what is missing', async () => {
    site.account.state.quota = 0;
    site.account.state.chatMode = 'bot';
    site.account.connectWebhook('https://elsewhere.example.test/');
    const found = await examine();
    expect(found.get('doctor.lineHook')).toMatchObject({
      state: 'missing',
      reason: 'doctor.lineOtherHook',
      detail: HOOK,
    });
    expect(found.get('doctor.lineQuota')).toMatchObject({ state: 'missing', reason: 'line.monthlyLimit' });
    expect(found.get('doctor.lineChat')).toMatchObject({ state: 'untested' });
    site.account.reissueSecret();
    secrets = { channelSecret: 'test-wrong' };
    expect((await examine()).get('doctor.lineToken')).toEqual({ state: 'missing', reason: 'line.badSecret' });
  });
});

describe('what a customer sent', () => {
  const mp4 = { name: 'a.mp4', type: 'video/mp4', bytes: Buffer.from('video') };
  const fetched = (id: string, more = {}) => line.fetchFile(connection(), `line:${id}`, { ...LIMITS, ...more });

  test('is had with the account’s token', async () => {
    const { message } = customer().picture(picture());
    expect(await fetched(message.id)).toEqual({ kind: 'bytes', bytes: picture().bytes });
  });

  test('is waited for while LINE prepares it', async () => {
    const one = customer();
    const { message } = one.video(mp4, { preparation: 'processing' });
    const asked = fetched(message.id);
    await site.simulator.waitFor(() => calls(`/v2/bot/message/${message.id}/content/transcoding`).length > 0);
    one.prepared(message);
    expect(await asked).toEqual({ kind: 'bytes', bytes: mp4.bytes });
  });

  test('is asked for another time when patience ends first', async () => {
    const { message } = customer().video(mp4, { preparation: 'processing' });
    expect(await fetched(message.id, { patience: 300 })).toEqual({
      kind: 'refused',
      code: 'picture.unavailable',
      transient: true,
    });
  });

  test('is given up when LINE could make nothing of it', async () => {
    const { message } = customer().video(mp4, { preparation: 'failed' });
    expect(await fetched(message.id)).toMatchObject({ code: 'picture.gone', transient: false });
  });

  test('is gone once it was taken back', async () => {
    const one = customer();
    const { message } = one.picture(picture());
    one.unsend(message);
    expect(await fetched(message.id)).toMatchObject({ code: 'picture.gone', transient: false });
    expect(await fetched('1')).toMatchObject({ code: 'picture.gone', transient: false });
  });

  test('is not read to its end when it is too large', async () => {
    const { message } = customer().picture(picture());
    expect(await fetched(message.id, { most: 10 })).toMatchObject({ code: 'picture.tooLarge' });
  });

  test('elsewhere is not asked for', async () => {
    expect(await line.fetchFile(connection(), 'https://a.test/1.png', LIMITS)).toMatchObject({
      code: 'picture.foreignHost',
    });
    expect(site.line.calls).toEqual([]);
  });
});

describe('a customer', () => {
  test('is known by name and picture, where LINE tells', async () => {
    const one = site.line.customer({ name: '高橋', pictureUrl: 'https://a.test/x.png' });
    expect(await line.profile(connection(), endUser(one.userId))).toEqual({
      name: '高橋',
      pictureUrl: 'https://a.test/x.png',
    });
    one.block();
    expect(await line.profile(connection(), endUser(one.userId))).toBeUndefined();
  });

  test('sees that what they wrote was read, and that somebody is about to answer', async () => {
    const one = customer();
    const { message } = one.write('もしもし');
    expect(await line.markRead(connection(), endUser(), message.markAsReadToken ?? '')).toEqual({ kind: 'delivered' });
    expect(one.messages.find(({ id }) => id === message.id)?.readAt).toBeDefined();
    expect(await line.showTyping(connection(), endUser())).toEqual({ kind: 'delivered' });
    expect(one.loading).toBe(true);
  });
});
