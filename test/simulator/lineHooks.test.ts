import { createHmac } from 'node:crypto';
import { signLine } from '../../simulator/line/hooks.ts';
import { picture } from '../fixtures/pictures.ts';
import type { LineStand } from './lineStand.ts';
import { lineStand, PATH } from './lineStand.ts';
import type { Heard } from './stand.ts';

let site: LineStand;
afterEach(() => site.close());

const start = async (...args: Parameters<typeof lineStand>) => {
  site = await lineStand(...args);
  return site.line.customer({ name: '伊藤 さくら' });
};
const isSigned = ({ raw, headers }: Heard, secret = site.account.state.channelSecret) =>
  headers['x-line-signature'] === createHmac('sha256', secret).update(raw).digest('base64');

describe('a signature', () => {
  test('is that of the known vectors', async () => {
    await start();
    expect(
      signLine('8c570fa6dd201bb328f1c1eac23a96d8', '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'),
    ).toBe('GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=');
    expect(signLine('test_secret', '{"hello":"world"}')).toBe('t7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=');
  });

  test('stands over the very bytes, by the secret of now', async () => {
    const one = await start();
    await one.write('こんにちは').settled;
    const old = site.account.state.channelSecret;
    site.account.reissueSecret();
    await one.write('二').settled;
    await one.write('三', { secret: 'test-another' }).settled;
    expect(site.hooks.map((each) => isSigned(each))).toEqual([false, true, false]);
    expect(isSigned(site.hooks[0] as Heard, old)).toBe(true);
    expect(site.hooks[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

describe('an event', () => {
  test('of a text has all that LINE sends', async () => {
    const one = await start();
    const emojis = [{ index: 5, length: 7, productId: '5ac1bfd5040ab15980c9b435', emojiId: '001' }];
    const { message, settled } = one.write('こんにちは(hello)', { emojis });
    await settled;
    expect(site.hooks[0]?.body).toEqual({
      destination: site.account.state.userId,
      events: [
        {
          type: 'message',
          mode: 'active',
          timestamp: expect.any(Number),
          webhookEventId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
          deliveryContext: { isRedelivery: false },
          source: { type: 'user', userId: one.userId },
          replyToken: expect.any(String),
          message: {
            id: message.id,
            type: 'text',
            text: 'こんにちは(hello)',
            emojis,
            quoteToken: message.quoteToken,
            markAsReadToken: message.markAsReadToken,
          },
        },
      ],
    });
  });

  test('comes for everything that a phone can send', async () => {
    const one = await start();
    const file = { name: '見積.pdf', type: 'application/pdf', bytes: Buffer.from('12345') };
    one.sticker();
    one.picture(picture());
    one.video({ name: 'a.mp4', type: 'video/mp4', bytes: Buffer.from('v') }, { durationMs: 4_000 });
    one.audio({ name: 'a.m4a', type: 'audio/x-m4a', bytes: Buffer.from('a') });
    one.file(file);
    one.location({ title: '東京駅', address: '千代田区', latitude: 35.681, longitude: 139.767 });
    await one.postback('action=buy', { displayText: '買う', params: { date: '2026-07-01' } }).settled;
    await site.simulator.waitFor(() => site.hooks.length === 7);
    const byType = Object.fromEntries(site.events.map((event) => [event.message?.type ?? event.type, event]));
    expect(byType.sticker.message).toMatchObject({ packageId: '11537', stickerResourceType: 'ANIMATION' });
    expect(byType.image.message).toMatchObject({ contentProvider: { type: 'line' }, quoteToken: expect.any(String) });
    expect(byType.video.message).toMatchObject({ duration: 4_000 });
    expect(byType.audio.message.quoteToken).toBeUndefined();
    expect(byType.file.message).toMatchObject({ fileName: '見積.pdf', fileSize: 5 });
    expect(byType.location.message).toMatchObject({ title: '東京駅', latitude: 35.681 });
    expect(byType.postback).toMatchObject({ postback: { data: 'action=buy', params: { date: '2026-07-01' } } });
    expect(JSON.stringify(site.events)).not.toContain('買う');
  });

  test('tells that somebody came, went, came back, and took a message back', async () => {
    await start();
    const one = site.line.customer({ name: '高橋', friendship: 'none' });
    await one.follow().settled;
    const { message, settled } = one.write('間違い');
    await settled;
    await one.unsend(message).settled;
    await one.block().settled;
    expect(() => one.write('x')).toThrow('blocks');
    await one.unblock().settled;
    expect(site.events).toMatchObject([
      { type: 'follow', follow: { isUnblocked: false }, replyToken: expect.any(String) },
      { type: 'message' },
      { type: 'unsend', unsend: { messageId: message.id } },
      { type: 'unfollow' },
      { type: 'follow', follow: { isUnblocked: true } },
    ]);
    for (const at of [2, 3]) expect(site.events[at].replyToken).toBeUndefined();
    expect(() => one.follow()).toThrow('already');
    expect(() => one.unsend(message)).toThrow('taken back');
  });

  test('may lack the user, may be on standby, and may be of a group or of a type to come', async () => {
    const one = await start();
    one.state.consents = false;
    await one.write('だれでしょう', { mode: 'standby' }).settled;
    expect(site.events[0]).toMatchObject({ mode: 'standby', source: { type: 'user' } });
    expect(site.events[0].source.userId).toBeUndefined();
    expect(site.events[0].replyToken).toBeUndefined();
    const group = { type: 'group', groupId: `C${'1'.repeat(32)}`, userId: one.userId };
    await site.account.event({ type: 'join', source: group, replyToken: 'test' }).settled;
    expect(site.events[1]).toMatchObject({ type: 'join', source: group, webhookEventId: expect.any(String) });
  });

  test('shares its body with others when they are gathered', async () => {
    const one = await start();
    const other = site.line.customer({ name: '別の人' });
    let written: ReturnType<typeof one.write> | undefined;
    const all = site.line.together(() => {
      written = one.write('一');
      other.write('二');
      one.sticker();
    });
    await all.settled;
    expect((await written?.settled)?.outcome).toBe('accepted');
    expect(site.hooks).toHaveLength(1);
    expect(site.events.map(({ webhookEventId }) => webhookEventId)).toEqual(all.eventIds);
    expect(new Set(site.events.map(({ source }) => source.userId)).size).toBe(2);
    expect(site.simulator.state().deliveries.at(-1)).toMatchObject({ side: 'line', kind: '3 events' });
  });

  test('of pictures sent together comes alone, in an order nobody promises', async () => {
    const one = await start();
    site.line.settings.imageSetOrder = 'reversed';
    const written = one.pictures([picture('png'), picture('jpeg'), picture('png')]);
    await Promise.all(written.map(({ settled }) => settled));
    expect(site.line.hooks).toHaveLength(3);
    const indices = site.line.hooks.map(({ body }) => JSON.parse(body).events[0].message.imageSet);
    expect(indices.map(({ index }) => index)).toEqual([3, 2, 1]);
    expect(new Set(indices.map(({ id }) => id)).size).toBe(1);
    expect(indices[0].total).toBe(3);
    expect(one.messages.map(({ id }) => id)).toEqual(written.map(({ message }) => message.id));
  });
});

describe('a webhook', () => {
  test('is not sent where it is switched off or has no URL', async () => {
    const one = await start();
    site.account.connectWebhook(`https://desk.example.test${PATH}`, { active: false });
    const { delivery, settled } = one.write('聞こえますか');
    expect([delivery, await settled]).toEqual([undefined, undefined]);
    site.account.setWebhook({ active: true, redelivery: false });
    await one.write('もしもし').settled;
    expect(site.heard).toEqual([]);
    expect(one.messages).toHaveLength(2);
    expect(() => site.account.connectWebhook('http://example.com/')).toThrow('https');
  });

  test('comes once where redelivery is off, whatever is answered', async () => {
    const one = await start({}, () => 500);
    expect(await one.write('x').settled).toMatchObject({ outcome: 'failed', attempts: [{ status: 500 }] });
    expect(site.hooks).toHaveLength(1);
  });

  test('comes again where redelivery is on, the same but for its mark, until it is taken', async () => {
    const one = await start({ lineTries: 5 }, (_, count) => (count < 3 ? 503 : 200));
    site.account.connectWebhook(`https://desk.example.test${PATH}`, { redelivery: true });
    expect(await one.write('x').settled).toMatchObject({ outcome: 'accepted' });
    const [first, second, third] = site.events;
    expect(site.events).toHaveLength(3);
    expect(first.deliveryContext).toEqual({ isRedelivery: false });
    for (const again of [second, third]) expect(again).toEqual({ ...first, deliveryContext: { isRedelivery: true } });
    expect(site.hooks.map((each) => isSigned(each))).toEqual([true, true, true]);
  });

  test('that waits too long for its answer failed, and what came after it is earlier then', async () => {
    const one = await start({ lineTimeoutMs: 2_000, lineRetryMs: 7_000 }, ({ body }, count) =>
      count === 1 && body.events[0].message.text === '一' ? 'hang' : 200,
    );
    site.account.connectWebhook(`https://desk.example.test${PATH}`, { redelivery: true });
    const slow = one.write('一');
    await slow.answered;
    await one.write('二').settled;
    expect(await slow.settled).toMatchObject({
      outcome: 'accepted',
      attempts: [{ error: 'no answer in time' }, { status: 200 }],
    });
    expect(site.events.map(({ message }) => message.text)).toEqual(['一', '二', '一']);
    expect(site.events[2].timestamp).toBeLessThanOrEqual(site.events[1].timestamp);
  });

  test('gives a reply token another minute when it comes again, but not after twenty', async () => {
    let refusing = true;
    const one = await start({ lineRetryMs: 100 }, () => (refusing ? 500 : 200));
    site.account.connectWebhook(`https://desk.example.test${PATH}`, { redelivery: true });
    const again = async (ms: number) => {
      refusing = true;
      const written = one.write('x');
      await written.answered;
      refusing = false;
      site.setClockForward(ms);
      await written.settled;
      return site.reply(site.events.at(-1).replyToken, [{ type: 'text', text: 'はい' }]);
    };
    expect(await again(10 * 60_000)).toMatchObject({ status: 200 });
    expect(await again(21 * 60_000)).toMatchObject({ status: 400 });
  });

  test('may come twice by itself, identical to the last byte', async () => {
    const one = await start();
    await one.write('x', { copies: 2 }).settled;
    expect(site.hooks).toHaveLength(2);
    expect(site.hooks[0]?.raw).toBe(site.hooks[1]?.raw);
  });
});

describe('the console', () => {
  test('verifies a URL by a body without events', async () => {
    await start();
    expect(await site.account.verify()).toMatchObject({ success: true, statusCode: 200, reason: 'OK', detail: '200' });
    expect(site.hooks[0]).toMatchObject({ body: { destination: site.account.state.userId, events: [] } });
    expect(isSigned(site.hooks[0] as Heard)).toBe(true);
  });

  test.each([
    [404, 'ERROR_STATUS_CODE', 404],
    [204, 'ERROR_STATUS_CODE', 204],
    ['hang', 'REQUEST_TIMEOUT', 0],
  ] as const)('an answer of %s is a %s', async (answer, reason, statusCode) => {
    await start({ lineTimeoutMs: answer === 'hang' ? 50 : 10_000 }, () => answer);
    expect(await site.account.verify()).toMatchObject({ success: false, reason, statusCode });
    const asked = await site.ask('POST', '/v2/bot/channel/webhook/test', {});
    expect(asked).toMatchObject({ status: 200, body: { success: false, reason, statusCode } });
  });

  test('says when nobody is there', async () => {
    await start();
    site.account.connectWebhook('http://127.0.0.1:1/');
    expect(await site.account.verify()).toMatchObject({ success: false, reason: 'COULD_NOT_CONNECT', statusCode: 0 });
  });
});
