import { request } from 'node:http';
import type { Stand } from './stand.ts';
import { stand } from './stand.ts';

let site: Stand;
beforeEach(async () => {
  site = await stand();
});
afterEach(() => site.close());

const send = '/v2/talk/message/sendFromOperator';
const hello = { user_id: 'member-1', content: { text: 'hello' }, sender_id: 'op-yamada-0001' };
const member = () => site.simulator.karte.customer({ user_id: 'member-1' });

describe('the door', () => {
  test('a POST without Content-Length gets 411 as HTML, before anything else', async () => {
    const answer = await new Promise<{ status?: number; type?: string; text: string }>((resolve, reject) => {
      const headers = { 'Transfer-Encoding': 'chunked', 'Content-Type': 'application/json' };
      const call = request(`${site.simulator.karteUrl}${send}`, { method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode, type: response.headers['content-type'], text }),
        );
      });
      call.on('error', reject);
      call.end('{}');
    });
    expect(answer).toMatchObject({ status: 411, type: expect.stringContaining('text/html') });
    expect(answer.text).toContain('Length Required');
  });

  test('a wrong or missing token gets 401', async () => {
    expect(await site.call(`/karte${send}`, 'POST', hello)).toMatchObject({
      status: 401,
      body: { error: expect.any(String) },
    });
    expect(await site.karte(send, hello, { Authorization: 'Bearer nonsense' })).toMatchObject({ status: 401 });
  });

  test('a token without the scope of the call gets 403', async () => {
    member();
    const { project } = site.simulator.karte;
    project.scopes = project.scopes.filter((scope) => scope !== 'talk.assignee.assign');
    const body = { user_id: 'member-1', assignee: { id: 'op-yamada-0001', is_bot: false } };
    const refused = await site.karte('/v2/talk/assignee/assign', body);
    expect(refused).toMatchObject({ status: 403, body: { error: expect.stringContaining('talk.assignee.assign') } });
    expect(member().state.assignee).toBeNull();
    expect(await site.karte(send, hello)).toMatchObject({ status: 200 });
  });

  test('only POST, only known paths, only JSON, never the reserved header', async () => {
    member();
    const token = { Authorization: 'Bearer test-karte-access-token' };
    expect(await site.call(`/karte${send}`, 'GET', undefined, token)).toMatchObject({ status: 405 });
    expect(await site.karte('/v2/talk/nothing', {})).toMatchObject({ status: 404 });
    expect(await site.karte(send, 'foo')).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^Unexpected token . in JSON/) },
    });
    expect(await site.karte(send, hello, { 'Content-Type': 'text/plain' })).toMatchObject({ status: 400 });
    expect(await site.karte(send, hello, { 'x-karte-api': '1' })).toMatchObject({ status: 400 });
  });

  test.each([
    [send, { ...hello, user_id: undefined }, "should have required property 'user_id'. path: user_id"],
    [send, { ...hello, content: {} }, "should have required property 'text'. path: content.text"],
    [send, { ...hello, user_id: 7 }, 'should be string. path: user_id'],
    ['/v2/talk/operator/get', {}, "should have required property 'operator_id'. path: operator_id"],
    [
      '/v2/talk/assignee/assign',
      { user_id: 'member-1', assignee: { id: 'x' } },
      "should have required property 'is_bot'. path: assignee.is_bot",
    ],
    [
      '/v2beta/talk/note/send',
      { user_id: 'member-1', content: { text: 'x' }, sender_id: 'x' },
      "should have required property 'sender'. path: sender",
    ],
  ])('%s names what is wrong with its body (%#)', async (path, body, error) => {
    member();
    expect(await site.karte(path, body)).toMatchObject({ status: 400, body: { error } });
  });
});

describe('talk', () => {
  test('operators and the bot speak to members and visitors; strangers do not', async () => {
    const visitor = site.simulator.karte.customer({ visitor_id: 'vis-1' });
    expect(await site.karte(send, { ...hello, user_id: 'vis-1' })).toMatchObject({ status: 200, body: {} });
    expect(await site.karte(send, { ...hello, user_id: 'vis-1', sender_id: 'bot-test-karte' })).toMatchObject({
      status: 200,
    });
    expect(await site.karte(send, { ...hello, user_id: 'vis-1', sender_id: 'op-nobody' })).toMatchObject({
      status: 400,
    });
    expect(await site.karte(send, { ...hello, user_id: 'vis-nobody' })).toMatchObject({ status: 400 });
    expect(await site.karte(send, { ...hello, user_id: 'wuid-line-U1' })).toMatchObject({ status: 400 });
    expect(visitor.received).toMatchObject([
      { from: 'operator', senderId: 'op-yamada-0001', senderName: '山田(オペレーター)', via: 'api' },
      { from: 'bot', senderId: 'bot-test-karte' },
    ]);
  });

  test('what is said through the API is never hooked', async () => {
    const customer = member();
    await site.karte(send, hello);
    await site.karte('/v2/talk/message/sendFromUser', { user_id: 'member-1', content: { text: 'imported' } });
    await customer.write('last').settled;
    expect(site.heard.map(({ body }) => body.data.content.text)).toEqual(['last']);
  });

  test('messages are read back, at most as many as asked for, without notes', async () => {
    const customer = member();
    await customer.write('one').settled;
    await site.karte(send, hello);
    const sender = { id: 'bot-test-karte', is_bot: true };
    await site.karte('/v2beta/talk/note/send', { user_id: 'member-1', content: { text: 'secret' }, sender });
    const { body } = await site.karte('/v2/talk/message/get', { user_id: 'member-1' });
    expect(body.messages).toMatchObject([
      { account_id: 'op-yamada-0001', content: { text: 'hello' } },
      { account_id: null, content: { text: 'one' }, visitor_id: customer.state.visitor_id },
    ]);
    const one = await site.karte('/v2/talk/message/get', { user_id: 'member-1', options: { limit: 1 } });
    expect(one.body.messages).toMatchObject([{ content: { text: 'hello' } }]);
    site.simulator.karte.settings.messageOrder = 'oldestFirst';
    const other = await site.karte('/v2/talk/message/get', { user_id: 'member-1' });
    expect(other.body.messages[0].content.text).toBe('one');
    site.simulator.karte.settings.limitKeeps = 'oldest';
    const first = await site.karte('/v2/talk/message/get', { user_id: 'member-1', options: { limit: 1 } });
    expect(first.body.messages).toMatchObject([{ content: { text: 'one' } }]);
  });

  test('somebody is put in charge and relieved', async () => {
    const customer = member();
    const get = async () => (await site.karte('/v2beta/talk/assignee/get', { user_id: 'member-1' })).body;
    expect(await get()).toEqual({ assignee: null });
    const assignee = { id: 'op-sato-0002', is_bot: false };
    await site.karte('/v2/talk/assignee/assign', { user_id: 'member-1', assignee });
    expect(await get()).toEqual({ assignee: { id: 'op-sato-0002' } });
    const wrong = { user_id: 'member-1', assignee: { id: 'op-sato-0002', is_bot: true } };
    expect(await site.karte('/v2/talk/assignee/assign', wrong)).toMatchObject({ status: 400 });
    await site.karte('/v2/talk/assignee/unassign', { user_id: 'member-1' });
    expect(customer.state.assignee).toBeNull();
    site.simulator.karte.settings.unassigned = 'absent';
    expect(await get()).toEqual({});
  });

  test('a customer who writes again opens a closed talk, with nobody in charge', async () => {
    const customer = member();
    customer.assign('op-sato-0002');
    await site.karte('/v2beta/talk/status/change', { user_id: 'member-1', chat_status: 'closed' });
    expect(customer.state.status).toBe('closed');
    expect(await site.karte('/v2beta/talk/status/change', { user_id: 'member-1', chat_status: 'done' })).toMatchObject({
      status: 400,
    });
    customer.write('again');
    expect(customer.state).toMatchObject({ status: 'open', assignee: null });
  });

  test('undocumented answers are empty, and a test may put anything in their place', async () => {
    member();
    expect((await site.karte('/v2beta/talk/operator/list', {})).body).toEqual({});
    site.simulator.karte.settings.responses[send] = { message_id: 'm1' };
    expect((await site.karte(send, hello)).body).toEqual({ message_id: 'm1' });
    expect(await site.karte('/v2beta/talk/operator/get', { operator_id: 'op-nobody' })).toMatchObject({ status: 400 });
    expect(await site.karte('/v2beta/talk/operator/get', { operator_id: 'op-sato-0002' })).toMatchObject({
      status: 200,
    });
  });
});

describe('events', () => {
  const write = (keys: object, event: object) => site.karte('/v2/track/event/write', { keys, event });
  const event = { event_name: 'coupon_sent', values: { code: 'A', long: 'x'.repeat(3_000) } };

  test('members are found by user_id, visitors by visitor_id, never one in the place of the other', async () => {
    const visitor = site.simulator.karte.customer({ visitor_id: 'vis-1' });
    const known = member();
    expect(await write({ user_id: 'member-1' }, event)).toMatchObject({ status: 200 });
    expect(await write({ visitor_id: 'vis-1' }, event)).toMatchObject({ status: 200 });
    expect(await write({ user_id: 'vis-1' }, event)).toMatchObject({ status: 400 });
    expect(await write({}, event)).toMatchObject({ status: 400 });
    expect(known.state.events).toMatchObject([
      { event_name: 'coupon_sent', values: { code: 'A', long: 'x'.repeat(2_048) } },
    ]);
    expect(visitor.state.events).toHaveLength(1);
  });

  test('names are ASCII and an event has 45 kb at most', async () => {
    member();
    const keys = { user_id: 'member-1' };
    expect(await write(keys, { event_name: 'クーポン', values: {} })).toMatchObject({ status: 400 });
    expect(await write(keys, { event_name: '1st', values: {} })).toMatchObject({ status: 400 });
    expect(await write(keys, { event_name: 'a', values: { 'no good': 1 } })).toMatchObject({ status: 400 });
    expect(await write(keys, { event_name: 'a', values: { big: 'x'.repeat(46_100) } })).toMatchObject({ status: 400 });
    expect(member().state.events).toEqual([]);
  });
});
