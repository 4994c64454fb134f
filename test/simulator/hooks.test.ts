import { createHmac } from 'node:crypto';
import type { MetadataPlace } from '../../simulator/karte/hooks.ts';
import { sign } from '../../simulator/karte/hooks.ts';
import type { Heard, Stand } from './stand.ts';
import { stand } from './stand.ts';

let site: Stand;
afterEach(() => site.close());

const start = async (...args: Parameters<typeof stand>) => {
  site = await stand(...args);
  return site.simulator.karte;
};

const signedRightly = ({ headers, raw }: Heard, encoding: 'hex' | 'base64', secret = 'test-karte-client-secret') => {
  const message = `${headers['x-karte-request-timestamp']}:${raw}`;
  return headers['x-karte-signature'] === createHmac('sha256', secret).update(message).digest(encoding);
};

describe('a signature', () => {
  test('is that of the known vectors', async () => {
    await start();
    const body = '{"data":{"content":{"text":"こんにちは"}}}';
    expect(sign('KarteClientSecret', '1700000000', body)).toBe(
      '01fa2ba1d8568e9301f39213f0adf2ace6bcd454ea88c4870b14c270dd63e1eb',
    );
    expect(sign('KarteClientSecret', '1700000000', Buffer.from(body), 'base64')).toBe(
      'AforodhWjpMB85IT8K3yrOa81FTqiMSHCxTCcN1j4es=',
    );
  });

  test('stands over the timestamp and the raw body, in hex or base64', async () => {
    const customer = (await start()).customer({ visitor_id: 'vis-1' });
    await customer.write('a').settled;
    await customer.write('b', { encoding: 'base64' }).settled;
    await customer.write('c', { secret: 'test-another', skewSeconds: -600 }).settled;
    const [hex, base64, wrong] = site.heard;
    if (!hex || !base64 || !wrong) throw new Error('three hooks were expected');
    expect(signedRightly(hex, 'hex')).toBe(true);
    expect(signedRightly(base64, 'base64')).toBe(true);
    expect(signedRightly(wrong, 'hex')).toBe(false);
    const ages = site.heard.map(({ headers }) => Date.now() / 1000 - Number(headers['x-karte-request-timestamp']));
    expect(ages[0]).toBeLessThan(30);
    expect(ages[2]).toBeGreaterThan(590);
  });
});

describe('a hook', () => {
  test('of a visitor has an empty user_id, of a member both ids', async () => {
    const karte = await start();
    const page = 'https://shop.example.test/cart?item=1#top';
    const { hookId, settled } = karte.customer({ visitor_id: 'vis-1' }).write('こんにちは', { page });
    await settled;
    await karte.customer({ user_id: 'member-1' }).write('hi').settled;
    expect(site.heard[0]).toMatchObject({
      path: '/api/teams/messages',
      body: {
        id: hookId,
        event_type: 'talk/message/sendFromUser',
        api_key: 'test-karte-api-key',
        data: { user_id: '', visitor_id: 'vis-1', account_id: null, content: { text: 'こんにちは', image: null } },
        extra: {
          access_uri: {
            protocol: 'https',
            host: 'shop.example.test',
            path: '/cart',
            query: 'item=1',
            queryKey: { item: '1' },
            anchor: 'top',
          },
        },
      },
    });
    expect(site.heard[1]?.body.data).toMatchObject({ user_id: 'member-1', visitor_id: expect.stringMatching(/^vis-/) });
    karte.settings.memberVisitorId = false;
    await karte.customer({ user_id: 'member-1' }).write('hi').settled;
    expect(site.heard[2]?.body.data).not.toHaveProperty('visitor_id');
  });

  test('of a visitor who logged in names the member', async () => {
    const customer = (await start()).customer({ visitor_id: 'vis-1' });
    customer.identify('member-9');
    await customer.write('it is me').settled;
    expect(site.heard[0]?.body.data).toMatchObject({ user_id: 'member-9', visitor_id: 'vis-1' });
  });

  test.each<MetadataPlace>([
    'data.metadata',
    'data.custom_metadata',
    'data.content.metadata',
    'data.content.custom_metadata',
    'extra.metadata',
    'extra.custom_metadata',
  ])('carries the metadata of the widget in %s', async (metadataPlace) => {
    const metadata = { ms_teams: { channel: '19%3aabc%40thread.tacv2' } };
    await (await start()).customer({ visitor_id: 'vis-1' }).write('x', { metadata, metadataPlace }).settled;
    const found = metadataPlace.split('.').reduce((value, step) => value[step], site.heard[0]?.body);
    expect(found).toEqual(metadata);
  });

  test('tells what operators write in the console, and who is in charge', async () => {
    const customer = (await start()).customer({ user_id: 'member-1' });
    await customer.answer('op-sato-0002', 'from the console').settled;
    await customer.assign('op-sato-0002').settled;
    await customer.assign('bot-test-karte').settled;
    await customer.assign(null).settled;
    expect(site.heard.map(({ body }) => body)).toMatchObject([
      {
        event_type: 'talk/message/sendFromOperator',
        data: {
          account_id: 'op-sato-0002',
          profile_name: '佐藤',
          user_id: 'member-1',
          content: { text: 'from the console' },
        },
      },
      {
        event_type: 'talk/assignee/assign',
        data: { operator: { id: 'op-sato-0002', profile_name: '佐藤', is_bot: false } },
        extra: { user_id: 'member-1' },
      },
      { data: { operator: { id: 'bot-test-karte', is_bot: true } } },
      { data: { operator: { id: '', profile_name: '', is_bot: false } } },
    ]);
  });

  test('comes again under the same id, freshly signed, until it is accepted', async () => {
    let now = 1_700_000_000_000;
    const answering = (_: Heard, count: number) => (count < 3 ? 503 : 200);
    const karte = await start({ hookRetryMs: 10, now: () => (now += 5_000) }, answering);
    const written = karte.customer({ visitor_id: 'vis-1' }).write('x');
    expect(await written.settled).toMatchObject({
      outcome: 'accepted',
      attempts: [{ status: 503 }, { status: 503 }, { status: 200 }],
    });
    expect(new Set(site.heard.map(({ body }) => body.id))).toEqual(new Set([written.hookId]));
    expect(new Set(site.heard.map(({ headers }) => headers['x-karte-request-timestamp'])).size).toBe(3);
    expect(site.heard.every((one) => signedRightly(one, 'hex'))).toBe(true);
  });

  test('is given up after three refusals', async () => {
    const karte = await start({ hookRetryMs: 10 }, () => 401);
    expect(await karte.customer({ visitor_id: 'vis-1' }).write('x').settled).toMatchObject({ outcome: 'failed' });
    expect(site.heard).toHaveLength(3);
  });

  test('comes as often as it is told to', async () => {
    const karte = await start({ hookRetryMs: 5, hookTries: 7 }, (_, count) => (count < 7 ? 503 : 200));
    expect(await karte.customer({ visitor_id: 'vis-1' }).write('x').settled).toMatchObject({ outcome: 'accepted' });
    expect(site.heard).toHaveLength(7);
  });

  test('may come twice, and without an id', async () => {
    const customer = (await start()).customer({ visitor_id: 'vis-1' });
    await customer.write('twice', { copies: 2 }).settled;
    expect(site.heard.map(({ raw }) => raw)).toEqual([site.heard[0]?.raw, site.heard[0]?.raw]);
    await customer.write('nameless', { omitId: true }).settled;
    expect(site.heard[2]?.body).not.toHaveProperty('id');
  });

  test('of an assignment through the API comes only when the project is set so', async () => {
    const karte = await start();
    const customer = karte.customer({ user_id: 'member-1' });
    const assign = { user_id: 'member-1', assignee: { id: 'op-sato-0002', is_bot: false } };
    karte.settings.hookOnApiAssign = false;
    await site.karte('/v2/talk/assignee/assign', assign);
    karte.settings.hookOnApiAssign = true;
    await site.karte('/v2/talk/assignee/unassign', { user_id: 'member-1' });
    await site.simulator.waitFor(() => site.heard.length > 0);
    await customer.write('last').settled;
    expect(site.heard.map(({ body }) => body.event_type)).toEqual([
      'talk/assignee/assign',
      'talk/message/sendFromUser',
    ]);
  });
});
