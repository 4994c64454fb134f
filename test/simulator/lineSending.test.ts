import { randomUUID } from 'node:crypto';
import type { LineStand } from './lineStand.ts';
import { lineStand, text } from './lineStand.ts';

let site: LineStand;
beforeEach(async () => {
  site = await lineStand();
});
afterEach(() => site.close({ except: /\/v2\/bot\/message\/(multicast2|nothing)|DELETE/ }));

const customer = () => site.line.customer({ name: '伊藤 さくら' });
const strangerId = `U${'e'.repeat(32)}`;

describe('a push', () => {
  test('reaches a friend in the order it was written, and each message gets an id', async () => {
    const { userId } = customer();
    const image = {
      type: 'image',
      originalContentUrl: 'https://desk.example.test/a.png',
      previewImageUrl: 'https://desk.example.test/b.png',
    };
    const { status, body, headers } = await site.push(userId, [text('一'), image, text('二')]);
    expect(status).toBe(200);
    expect(headers.get('x-line-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.sentMessages).toEqual(
      Array(3).fill({ id: expect.stringMatching(/^\d+$/), quoteToken: expect.any(String) }),
    );
    expect(customer().texts).toEqual(['一', '[image]', '二']);
    expect(customer().received.map(({ id }) => id)).toEqual(body.sentMessages.map(({ id }: { id: string }) => id));
  });

  test('with a retry key is taken once in 24 hours; the repeat names what was accepted', async () => {
    const { userId } = customer();
    const key = { 'X-Line-Retry-Key': randomUUID() };
    const first = await site.push(userId, [text('一度だけ')], key);
    const again = await site.push(userId, [text('一度だけ')], {
      'x-line-retry-key': key['X-Line-Retry-Key'].toUpperCase(),
    });
    expect(again).toMatchObject({
      status: 409,
      body: { message: 'The retry key is already accepted', sentMessages: first.body.sentMessages },
    });
    expect(again.headers.get('x-line-accepted-request-id')).toBe(first.headers.get('x-line-request-id'));
    expect(again.headers.get('x-line-request-id')).not.toBe(first.headers.get('x-line-request-id'));
    expect(customer().texts).toEqual(['一度だけ']);
    site.setClockForward(24 * 3_600_000 + 1);
    expect(await site.push(userId, [text('一度だけ')], key)).toMatchObject({ status: 200 });
    expect(customer().texts).toHaveLength(2);
  });

  test('that was refused leaves its retry key free, and another account has keys of its own', async () => {
    const { userId } = customer();
    const key = { 'X-Line-Retry-Key': randomUUID() };
    expect(await site.push(userId, [text('')], key)).toMatchObject({ status: 400 });
    expect(await site.push(userId, [text('x')], key)).toMatchObject({ status: 200 });
    const other = site.line.account({ displayName: '二号店' });
    const theirs = site.line.customer({ userId }, other.state.channelId);
    const asOther = { ...key, Authorization: `Bearer ${other.state.accessToken}` };
    expect(await site.push(userId, [text('y')], asOther)).toMatchObject({ status: 200 });
    expect(theirs.texts).toEqual(['y']);
    expect(await site.push(userId, [text('z')], { 'X-Line-Retry-Key': 'again' })).toMatchObject({ status: 400 });
  });

  test('to somebody who blocks the account is accepted, brings nothing and costs nothing', async () => {
    const one = customer();
    await one.block().settled;
    const key = { 'X-Line-Retry-Key': randomUUID() };
    const sent = await site.push(one.userId, [text('届きません')], key);
    expect(sent).toMatchObject({ status: 200, body: { sentMessages: [{ id: expect.any(String) }] } });
    expect(one.received).toEqual([]);
    expect((await site.ask('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 0 });
    one.unblock();
    expect(await site.push(one.userId, [text('届きません')], key)).toMatchObject({ status: 409 });
    expect(await site.push(one.userId, [text('届きます')])).toMatchObject({ status: 200 });
    expect(one.texts).toEqual(['届きます']);
  });

  test('reaches a stranger for seven days after they wrote', async () => {
    const one = site.line.customer({ name: '友だちではない人', friendship: 'none' });
    await site.push(one.userId, [text('早すぎ')]);
    one.write('こんにちは');
    await site.push(one.userId, [text('間に合う')]);
    site.setClockForward(7 * 24 * 3_600_000);
    expect(await site.push(one.userId, [text('遅すぎ')])).toMatchObject({ status: 200 });
    expect(one.texts).toEqual(['間に合う']);
  });

  test('counts one message for each person, however many objects, until the month is full', async () => {
    const { userId } = customer();
    site.account.state.quota = 2;
    expect((await site.ask('GET', '/v2/bot/message/quota')).body).toEqual({ type: 'limited', value: 2 });
    await site.push(userId, [text('a'), text('b')]);
    await site.push(userId, [text('c')]);
    expect((await site.ask('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 2 });
    const key = { 'X-Line-Retry-Key': randomUUID() };
    const full = await site.push(userId, [text('d')], key);
    expect(full).toMatchObject({ status: 429, body: { message: 'You have reached your monthly limit.' } });
    expect(full.headers.get('retry-after')).toBeNull();
    expect(customer().texts).toEqual(['a', 'b', 'c']);
    site.account.state.quota = null;
    expect((await site.ask('GET', '/v2/bot/message/quota')).body).toEqual({ type: 'none' });
    expect(await site.push(userId, [text('d')], key)).toMatchObject({ status: 200 });
  });

  test('has a new quota in a new month', async () => {
    const { userId } = customer();
    site.account.state.quota = 1;
    await site.push(userId, [text('a')]);
    site.setClockForward(32 * 24 * 3_600_000);
    expect((await site.ask('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 0 });
    expect(await site.push(userId, [text('b')])).toMatchObject({ status: 200 });
  });

  test('to an id that this channel does not know fails, and one that is none is invalid', async () => {
    const other = site.line.account({ provider: 'another' });
    const theirs = site.line.customer({ name: '他社のお客さま' }, other.state.channelId);
    for (const id of [strangerId, theirs.userId])
      expect(await site.push(id, [text('x')])).toMatchObject({
        status: 400,
        body: { message: 'Failed to send messages' },
      });
    expect(await site.push('somebody', [text('x')])).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('The property, to, in the request body is invalid') },
    });
    expect(theirs.received).toEqual([]);
  });

  const image = (originalContentUrl: string) => ({
    type: 'image',
    originalContentUrl,
    previewImageUrl: 'https://desk.example.test/p.png',
  });
  const wrong: [string, unknown, string, string][] = [
    ['no message', [], 'messages', 'Size must be between 1 and 5'],
    ['six messages', Array(6).fill(text('x')), 'messages', 'Size must be between 1 and 5'],
    ['an empty text', [text('a'), text('')], 'messages[1].text', 'May not be empty'],
    [
      'a text of 5,001 units',
      [text(`${'🍎'.repeat(2_500)}a`)],
      'messages[0].text',
      'Length must be between 0 and 5000',
    ],
    ['a file', [{ type: 'file', url: 'https://a.test/' }], 'messages[0].type', 'Must be one of the following values'],
    ['no type', [{ text: 'x' }], 'messages[0].type', 'May not be empty'],
    ['a picture over http', [image('http://a.test/')], 'messages[0].originalContentUrl', 'HTTPS'],
    ['a picture over http here', [image('http://127.0.0.1:1/')], 'messages[0].originalContentUrl', 'HTTPS'],
    ['an address that is not encoded', [image('https://a.test/写真')], 'messages[0].originalContentUrl', 'valid URL'],
    ['a long address', [image(`https://a.test/${'x'.repeat(1_990)}`)], 'messages[0].originalContentUrl', '2000'],
    ['a long sender', [{ ...text('x'), sender: { name: 'x'.repeat(21) } }], 'messages[0].sender.name', '20'],
    [
      'a long place',
      [{ type: 'location', title: 'x'.repeat(101), address: 'x', latitude: 1, longitude: 1 }],
      'messages[0].title',
      '100',
    ],
    [
      'an emoji at no $',
      [{ ...text('x'), emojis: [{ index: 0, productId: '1', emojiId: '1' }] }],
      'messages[0].emojis[0].index',
      '$',
    ],
    ['a made-up quote', [{ ...text('x'), quoteToken: 'made-up' }], 'messages[0].quoteToken', 'quote'],
    [
      'fourteen quick replies',
      [{ ...text('x'), quickReply: { items: Array(14).fill({ action: { type: 'message', label: 'a', text: 'a' } }) } }],
      'messages[0].quickReply.items',
      '13',
    ],
    [
      'an unknown action',
      [
        {
          type: 'template',
          altText: 'x',
          template: { type: 'buttons', text: 'x', actions: [{ type: 'run', label: 'x' }] },
        },
      ],
      'messages[0].template.actions[0].type',
      'Must be one of',
    ],
  ];
  test.each(wrong)('with %s is refused, and says where', async (_, messages, property, words) => {
    const { userId } = customer();
    const refused = await site.push(userId, messages);
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringMatching(/has \d+ error\(s\)/) } });
    expect(refused.body.details).toContainEqual({ property, message: expect.stringContaining(words) });
    expect(customer().received).toEqual([]);
  });

  test('takes 5,000 UTF-16 units and five messages', async () => {
    expect(await site.push(customer().userId, Array(5).fill(text('🍎'.repeat(2_500))))).toMatchObject({ status: 200 });
    expect(customer().received).toHaveLength(5);
  });

  test('is checked the same in a dry run, which sends nothing', async () => {
    const path = '/v2/bot/message/validate/push';
    expect(await site.ask('POST', path, { messages: [text('x')] })).toMatchObject({ status: 200, body: {} });
    expect(await site.ask('POST', path, { messages: [text('')] })).toMatchObject({ status: 400 });
    expect(customer().received).toEqual([]);
  });
});

describe('a reply', () => {
  const tokenOf = async (words: string) => {
    await customer().write(words).settled;
    return site.events.at(-1).replyToken as string;
  };

  test('answers once, costs nothing, and its token is used up', async () => {
    const token = await tokenOf('もしもし');
    expect(await site.reply(token, [text('はい')])).toMatchObject({ status: 200 });
    expect(await site.reply(token, [text('はい')])).toMatchObject({
      status: 400,
      body: { message: 'Invalid reply token' },
    });
    expect(customer().received).toMatchObject([{ via: 'reply', content: { text: 'はい' } }]);
    expect((await site.ask('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 0 });
  });

  test('must come within a minute, and a refused one does not use its token up', async () => {
    const token = await tokenOf('もしもし');
    expect(await site.reply(token, [text('')])).toMatchObject({ status: 400 });
    site.setClockForward(59_000);
    expect(await site.reply(token, [text('はい')])).toMatchObject({ status: 200 });
    const late = await tokenOf('もしもし');
    site.setClockForward(61_000);
    expect(await site.reply(late, [text('はい')])).toMatchObject({
      status: 400,
      body: { message: 'Invalid reply token' },
    });
  });

  test('takes no retry key, and no token of another account', async () => {
    const token = await tokenOf('もしもし');
    const key = { 'X-Line-Retry-Key': randomUUID() };
    expect(await site.reply(token, [text('x')], key)).toMatchObject({ status: 400 });
    const other = site.line.account({}).state.accessToken;
    const asOther = { Authorization: `Bearer ${other}` };
    expect(await site.reply(token, [text('x')], asOther)).toMatchObject({ status: 400 });
    expect(await site.reply(token, [text('x')])).toMatchObject({ status: 200 });
  });
});

describe('the door', () => {
  test('opens to a token that is good, and says why not otherwise', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer nonsense', 'Basic x']) {
      const refused = await site.ask('GET', '/v2/bot/info', undefined, { Authorization: authorization });
      expect(refused).toMatchObject({
        status: 401,
        body: { message: expect.stringMatching(/^Authentication failed/) },
      });
    }
  });

  test('knows its paths, methods and hosts', async () => {
    expect(await site.ask('GET', '/v2/bot/message/nothing')).toMatchObject({ status: 404 });
    expect(await site.ask('DELETE', '/v2/bot/message/push')).toMatchObject({ status: 405 });
    const { message } = customer().file({ name: 'a.pdf', type: 'application/pdf', bytes: Buffer.from('x') });
    expect(await site.ask('GET', `/v2/bot/message/${message.id}/content`)).toMatchObject({ status: 404 });
  });

  test('takes JSON only, and says where it breaks', async () => {
    const { userId } = customer();
    const body = JSON.stringify({ to: userId, messages: [text('x')] });
    expect(await site.ask('POST', '/v2/bot/message/push', body, { 'Content-Type': 'text/plain' })).toMatchObject({
      status: 415,
      body: { message: 'The content type, text/plain, is not supported' },
    });
    expect(await site.ask('POST', '/v2/bot/message/push', '{\n "to": oops}')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('could not be parsed as JSON (line: 2') },
    });
    expect(
      await site.ask('POST', '/v2/bot/message/push', { to: userId, messages: [text('x'.repeat(2_100_000))] }),
    ).toMatchObject({
      status: 413,
    });
    expect(customer().received).toEqual([]);
  });

  test('closes when too many come, in LINE’s own words', async () => {
    const { userId } = customer();
    site.line.limits.enforce({ other: [2, 1_000] });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await site.push(userId, [text(`${n}`)])).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await site.push(userId, [text('x')])).body).toEqual({
      message: 'The API rate limit has been exceeded. Try again later.',
    });
    expect(await site.ask('GET', '/v2/bot/info')).toMatchObject({ status: 200 });
    site.setClockForward(1_000);
    expect(await site.push(userId, [text('2')])).toMatchObject({ status: 200 });
    expect(customer().texts).toEqual(['0', '1', '2']);
  });
});

describe('trouble to order', () => {
  test('speaks in LINE’s words, before or after the message arrived', async () => {
    const one = customer();
    const { faults } = site.simulator;
    const key = { 'X-Line-Retry-Key': randomUUID() };
    faults.next({ side: 'line', path: '/push$', status: 429 });
    faults.next({ side: 'line', path: '/push$', status: 500, effect: true });
    expect((await site.push(one.userId, [text('x')], key)).body).toEqual({
      message: 'The API rate limit has been exceeded. Try again later.',
    });
    expect(one.received).toEqual([]);
    expect(await site.push(one.userId, [text('x')], key)).toMatchObject({
      status: 500,
      body: { message: expect.any(String) },
    });
    expect(one.received).toHaveLength(1);
    expect(await site.push(one.userId, [text('x')], key)).toMatchObject({ status: 409 });
    faults.next({ side: 'line', path: '/content$', status: 410 });
    expect(await site.fetchContent('1/content')).toMatchObject({ status: 410 });
    faults.offline('line');
    await expect(site.push(one.userId, [text('y')])).rejects.toThrow('fetch failed');
    faults.offline('line', false);
    faults.next({ side: 'line', reset: 'after' });
    await expect(site.push(one.userId, [text('y')])).rejects.toThrow('fetch failed');
    expect(one.texts).toEqual(['x', 'y']);
  });
});
