import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { picture } from '../fixtures/pictures.ts';
import type { LineStand } from './lineStand.ts';
import { lineStand, PATH, text } from './lineStand.ts';

let site: LineStand;
beforeEach(async () => {
  site = await lineStand();
});
afterEach(() => site.close());

const file = ({ name, type, bytes } = picture()) => ({ name, type, base64: bytes.toString('base64') });
const add = async (body: object = { name: '伊藤 さくら' }) => (await site.api('POST', '/line/customers', body)).body;
const say = (id: string, body: object) => site.api('POST', `/line/customers/${id}/messages`, body);

test('the page can do all that a phone does', async () => {
  const { id, userId } = await add();
  const sent = [
    { type: 'text', text: 'こんにちは' },
    { type: 'sticker' },
    { type: 'image', files: [file()] },
    { type: 'image', files: [file(), file()] },
    { type: 'video', file: file({ name: 'a.mp4', type: 'video/mp4', bytes: Buffer.from('v') }), durationMs: 1_000 },
    { type: 'audio', file: file({ name: 'a.m4a', type: 'audio/x-m4a', bytes: Buffer.from('a') }) },
    { type: 'file', file: file({ name: 'a.pdf', type: 'application/pdf', bytes: Buffer.from('p') }) },
    { type: 'location', title: '東京駅', address: '千代田区', latitude: 35.681, longitude: 139.767 },
  ];
  for (const body of sent) expect(await say(id, body)).toMatchObject({ status: 201, body: { from: 'customer' } });
  expect(await site.api('POST', `/line/customers/${id}/postback`, { data: 'a=1' })).toMatchObject({ status: 201 });
  await site.simulator.waitFor(() => site.events.length === 10);
  const [first] = site.line.customer(id).messages;
  await site.api('POST', `/line/customers/${id}/unsend`, { messageId: first?.id });
  expect(await site.api('POST', `/line/customers/${id}/friendship`, { to: 'blocked' })).toMatchObject({
    status: 200,
    body: { friendship: 'blocked' },
  });
  await site.api('POST', `/line/customers/${id}/friendship`, { to: 'friend' });
  await site.simulator.waitFor(() => site.events.length === 13);
  expect(
    site.events
      .slice(10)
      .map(({ type }) => type)
      .toSorted(),
  ).toEqual(['follow', 'unfollow', 'unsend']);
  expect(site.events.every(({ source }) => source.userId === userId)).toBe(true);
});

test('a picture can be seen on the page by its address', async () => {
  const { id } = await add();
  const { body } = await say(id, { type: 'image', files: [file()] });
  const answer = await fetch(`${site.url}/${body.file.url}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
});

test.each([
  ['customers', { userId: 'nobody' }],
  ['customers', { channelId: '1' }],
  ['customers/nobody/messages', { type: 'text', text: 'x' }],
  ['accounts/1/verify', {}],
  ['accounts/2000000001', { webhook: { url: 'http://example.com/', active: true, redelivery: false } }],
  ['accounts/2000000001', { surprise: true }],
])('what can not be is refused with a sentence: %s %j', async (path, body) => {
  expect(await site.api('POST', `/line/${path}`, body)).toMatchObject({
    status: 400,
    body: { error: expect.any(String) },
  });
});

test.each([{ type: 'text', text: '' }, { type: 'smell' }, { type: 'image', files: [] }, {}])(
  'nobody says %j',
  async (body) => {
    const { id } = await add();
    expect(await say(id, body)).toMatchObject({ status: 400 });
  },
);

test('there is nothing at other paths', async () => {
  expect(await site.api('POST', '/line/nothing', {})).toMatchObject({ status: 404 });
  expect(await site.api('POST', '/line/customers/x/fly', {})).toMatchObject({ status: 404 });
  expect(await site.api('GET', '/line/customers')).toMatchObject({ status: 404 });
});

test('the console sets the webhook, tries it, and gives out new secrets', async () => {
  const path = '/line/accounts/2000000001';
  const webhook = { url: `https://desk.example.test${PATH}`, active: true, redelivery: true };
  expect(await site.api('POST', path, { webhook, quota: null })).toMatchObject({
    status: 200,
    body: { webhook, quota: null },
  });
  expect(await site.api('POST', `${path}/verify`, {})).toMatchObject({ status: 200, body: { success: true } });
  const { accessToken, channelSecret } = site.account.state;
  expect((await site.api('POST', `${path}/token`, {})).body.accessToken).not.toBe(accessToken);
  expect((await site.api('POST', `${path}/secret`, {})).body.channelSecret).not.toBe(channelSecret);
});

test('faults of LINE are planned and switched on the page too', async () => {
  await site.api('POST', '/faults', { side: 'line', status: 503, method: 'POST' });
  expect((await site.api('POST', '/faults', { side: 'line', slowMs: 10 })).body).toMatchObject({
    planned: [{ side: 'line', status: 503, left: 1 }],
    line: { offline: false, slowMs: 10 },
  });
  const { userId } = await add();
  expect(await site.push(userId, [text('x')])).toMatchObject({ status: 503 });
});

test('the account and its customers outlive the simulator, and a reset makes them new', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'simulator-')), 'state.json');
  const first = await lineStand({ stateFile });
  first.line.customer({ name: '伊藤' }).write('まだいますか');
  await first.close();
  const second = await lineStand({ stateFile });
  expect(second.line.customer('伊藤').messages).toMatchObject([{ content: { text: 'まだいますか' } }]);
  second.simulator.reset();
  expect(second.simulator.state().line).toMatchObject({
    accounts: [{ channelId: '2000000001', webhook: { active: false } }],
    customers: [],
  });
  await second.close();
});

test('addresses of this machine are good for pictures only where that is asked for', async () => {
  const { userId } = await add();
  const url = 'http://127.0.0.1:1/a.png';
  const image = { type: 'image', originalContentUrl: url, previewImageUrl: url };
  expect(await site.push(userId, [image])).toMatchObject({ status: 400 });
  site.line.settings.plainHttpHere = true;
  expect(await site.push(userId, [image])).toMatchObject({ status: 200 });
  const far = { ...image, originalContentUrl: 'http://example.com/a.png' };
  expect(await site.push(userId, [far])).toMatchObject({ status: 400 });
});
