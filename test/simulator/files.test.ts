import { picture } from '../fixtures/pictures.ts';
import type { Stand } from './stand.ts';
import { stand } from './stand.ts';

const GOOD = 'Bearer test-bot-token';
const chosen = picture();
const sent = { name: chosen.name, type: chosen.type, base64: chosen.bytes.toString('base64') };

let site: Stand;
beforeEach(async () => {
  site = await stand({ enforceLimits: false, requireToken: (header) => header === GOOD });
});
afterEach(() => site.close());

const said = () => site.heard.find(({ path }) => path === '/api/messages')?.body;
const get = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { headers });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
};
const say = (more: object) =>
  site.api('POST', `/operators/${encodeURIComponent('佐藤健')}/messages`, {
    channelId: '一般',
    text: 'これ',
    mentionBot: true,
    ...more,
  });

describe('what a person puts beside the words', () => {
  test('a picture comes to the bot as an attachment at the connector, and only the bot gets it there', async () => {
    const { body: post } = await say({ pictures: [sent] });
    await site.simulator.waitFor(said);
    const [attached, copy] = said().attachments;
    expect(attached).toMatchObject({ contentType: 'image/png', name: chosen.name });
    expect(attached.contentUrl).toMatch(/\/teams\/v3\/attachments\/[\w-]+\/views\/original$/);
    expect(copy.content).toContain(`src="${attached.contentUrl}"`);
    expect(await get(attached.contentUrl)).toMatchObject({ status: 401 });
    expect(await get(attached.contentUrl, { authorization: 'Bearer x' })).toMatchObject({ status: 401 });
    expect(await get(attached.contentUrl, { authorization: GOOD })).toEqual({
      status: 200,
      type: 'image/png',
      bytes: chosen.bytes,
    });
    // People see it without the connector.
    const [shown] = post.attachments;
    expect(await get(`${site.url}/${shown.contentUrl}`)).toMatchObject({ status: 200, bytes: chosen.bytes });
  });

  test('a file leaves nothing but a mark in the html copy', async () => {
    const { body: post } = await say({ files: ['秘密の見積.pdf'] });
    await site.simulator.waitFor(said);
    const { attachments } = said();
    expect(attachments).toHaveLength(1);
    expect(attachments[0].content).toMatch(/<attachment id="[\w-]+"><\/attachment>$/);
    expect(JSON.stringify(said())).not.toContain('見積');
    expect(post.attachments).toEqual([{ contentType: 'reference', name: '秘密の見積.pdf' }]);
  });

  test('an edit tells of pictures only where it is to', async () => {
    const { body: post } = await say({ pictures: [sent] });
    await site.simulator.waitFor(said);
    const [before] = said().attachments;
    const edited = async (pictures?: 'kept' | (typeof chosen)[]) => {
      await site.simulator.teams.edit('佐藤 健', post.id, '@KARTE それ', undefined, pictures).answered;
      return site.heard.filter(({ body }) => body?.type === 'messageUpdate').at(-1)?.body.attachments;
    };
    expect(await edited()).toHaveLength(1);
    const [kept, copy] = await edited('kept');
    expect(kept).toEqual(before);
    expect(copy.content).toContain(`src="${before.contentUrl}"`);
    const [other] = await edited([picture('gif')]);
    expect(other).toMatchObject({ contentType: 'image/gif' });
    expect(await get(other.contentUrl, { authorization: GOOD })).toMatchObject({ status: 200, type: 'image/gif' });
    expect(await edited([])).toHaveLength(1);
  });

  test('a picture alone needs no word', async () => {
    expect(await say({ text: '', pictures: [sent] })).toMatchObject({ status: 201 });
    expect(await say({ text: '', mentionBot: false })).toMatchObject({ status: 400 });
  });

  test.each([
    ['/v3/attachments/unknown/views/original', 404],
    ['/v3/attachments/unknown/views/thumbnail', 404],
    ['/v3/attachments/unknown', 404],
    ['/v3/attachments', 404],
  ])('there is nothing at %s', async (path, status) => {
    expect(await site.call(`/teams${path}`, 'GET', undefined, { authorization: GOOD })).toMatchObject({ status });
  });
});

describe('a customer’s picture', () => {
  const hook = () => site.heard.find(({ path }) => path === '/api/teams/messages')?.body;

  test.each([
    ['address', expect.stringMatching(/\/karte\/files\/[\w-]+\/\S+\.png$/)],
    ['object', { url: expect.stringMatching(/\.png$/), name: chosen.name }],
  ] as const)('stands in the hook as its %s, and lies at KARTE', async (shape, image) => {
    site.simulator.karte.settings.imageShape = shape;
    const { body: customer } = await site.api('POST', '/customers', { kind: 'member', user_id: 'a' });
    const { body: message } = await site.api('POST', `/customers/${customer.id}/messages`, { text: '', picture: sent });
    await site.simulator.waitFor(hook);
    expect(hook().data.content).toEqual({ text: '', image });
    const found = hook().data.content.image;
    expect(await get(found.url ?? found)).toEqual({ status: 200, type: 'image/png', bytes: chosen.bytes });
    expect(await get(`${site.url}/${message.picture.url}`)).toMatchObject({ status: 200, bytes: chosen.bytes });
  });

  test('neither words nor a picture, or one that is none of base64, is refused', async () => {
    const { body: customer } = await site.api('POST', '/customers', { kind: 'visitor' });
    const path = `/customers/${customer.id}/messages`;
    expect(await site.api('POST', path, { text: '' })).toMatchObject({ status: 400 });
    const bad = { ...sent, base64: 'not base64!' };
    expect(await site.api('POST', path, { text: 'x', picture: bad })).toMatchObject({ status: 400 });
  });

  test('a reset forgets it', async () => {
    const { body: customer } = await site.api('POST', '/customers', { kind: 'visitor' });
    const { body } = await site.api('POST', `/customers/${customer.id}/messages`, { text: 'x', picture: sent });
    await site.api('POST', '/reset', {});
    expect(await get(`${site.url}/${body.picture.url}`)).toMatchObject({ status: 404 });
  });
});
