import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stand } from './stand.ts';
import { card, conversation, stand } from './stand.ts';

let site: Stand;
beforeEach(async () => {
  site = await stand();
});
afterEach(() => site.close());

const ids = () => {
  const { people, channels } = site.simulator.state();
  return { personId: people[0]?.id ?? '', channelId: channels[0]?.id ?? '' };
};

describe('the control API', () => {
  test('a customer and an operator talk, and the state tells it all', async () => {
    const customer = await site.api('POST', '/customers', { kind: 'member', user_id: '顧客/1;x', name: '鈴木' });
    expect(customer).toMatchObject({ status: 201, body: { id: '顧客/1;x', kind: 'member' } });
    const path = `/customers/${encodeURIComponent('顧客/1;x')}/messages`;
    expect(await site.api('POST', path, { text: '教えてください' })).toMatchObject({
      status: 201,
      body: { from: 'customer' },
    });
    const { personId, channelId } = ids();
    const operator = `/operators/${encodeURIComponent(personId)}/messages`;
    const root = await site.api('POST', operator, { channelId, text: '@KARTE help', mentionBot: true, mentions: [] });
    expect(root).toMatchObject({ status: 201, body: { text: '@KARTE help', from: personId } });
    const thread = `${channelId};messageid=${root.body.id}`;
    expect(await site.api('POST', operator, { threadId: thread, text: 'ok', client: 'mobile' })).toMatchObject({
      status: 201,
    });
    await site.simulator.waitFor(() =>
      site.simulator.state().deliveries.every(({ outcome }) => outcome === 'accepted'),
    );
    const { body } = await site.api('GET', '/state');
    expect(body).toMatchObject({
      team: { name: 'サポート窓口' },
      threads: [{ id: thread, posts: [{ text: '@KARTE help' }, { text: 'ok', client: 'mobile' }] }],
      customers: [{ messages: [{ text: '教えてください' }] }],
      botStatus: { state: 'answering' },
      deliveries: [
        { side: 'karte', outcome: 'accepted' },
        { side: 'teams', outcome: 'accepted' },
      ],
    });
  });

  test('cards are pressed and dialogs opened', async () => {
    const { personId, channelId } = ids();
    const { body } = await site.teams('POST', conversation(channelId), { type: 'message', attachments: [card()] });
    const action = { personId, postId: body.id, data: { a: 1 } };
    expect(await site.api('POST', '/clicks', action)).toMatchObject({
      status: 202,
      body: { activityId: expect.any(String) },
    });
    expect(await site.api('POST', '/tasks/fetch', action)).toMatchObject({
      status: 200,
      body: { status: 200, body: {} },
    });
    expect(await site.api('POST', '/tasks/submit', action)).toMatchObject({ body: { status: 200 } });
    expect(await site.api('POST', '/tasks/execute', { ...action, verb: 'go' })).toMatchObject({
      body: { status: 200 },
    });
  });

  test('posts are changed, deleted and reacted to', async () => {
    const { personId, channelId } = ids();
    const { post } = site.simulator.teams.say(personId, { channel: channelId, text: 'a' });
    expect((await site.api('POST', `/posts/${post.id}/edit`, { personId, text: 'b' })).body.text).toBe('b');
    expect((await site.api('POST', `/posts/${post.id}/reactions`, { personId, type: 'like' })).body.reactions).toEqual([
      { type: 'like', by: [personId] },
    ]);
    expect((await site.api('POST', `/posts/${post.id}/delete`, { personId })).body.deletedAt).toEqual(
      expect.any(String),
    );
    expect(site.simulator.teams.threads()[0]?.deleted).toBe(true);
  });

  test("KARTE's own screen answers, assigns, closes and identifies", async () => {
    const { body: customer } = await site.api('POST', '/customers', { kind: 'visitor' });
    const customerId = customer.id;
    const operatorId = 'op-sato-0002';
    expect(await site.api('POST', '/karte/messages', { customerId, operatorId, text: 'x' })).toMatchObject({
      status: 201,
    });
    expect((await site.api('POST', '/karte/assign', { customerId, operatorId })).body.assignee).toEqual({
      id: operatorId,
      is_bot: false,
    });
    expect((await site.api('POST', '/karte/assign', { customerId, operatorId: null })).body.assignee).toBeNull();
    expect((await site.api('POST', '/karte/status', { customerId, status: 'closed' })).body.status).toBe('closed');
    expect((await site.api('POST', `/customers/${customerId}/identify`, { user_id: 'm' })).body.kind).toBe('member');
  });

  test('trouble is ordered and cleared, the app removed and added, the world reset', async () => {
    expect((await site.api('POST', '/faults', { side: 'karte', status: 500, times: 3 })).body.planned).toMatchObject([
      { left: 3 },
    ]);
    expect((await site.api('POST', '/faults', { side: 'teams', offline: true, slowMs: 5 })).body.teams).toEqual({
      offline: true,
      slowMs: 5,
    });
    expect((await site.api('DELETE', '/faults')).body).toMatchObject({ planned: [], teams: { offline: false } });
    expect((await site.api('POST', '/install', { installed: false })).body.installed).toBe(false);
    expect((await site.api('POST', '/install', { installed: true })).body.installed).toBe(true);
    await site.api('POST', '/customers', { kind: 'visitor' });
    expect((await site.api('POST', '/reset', {})).body.customers).toEqual([]);
  });

  test.each([
    ['/customers', { kind: 'member' }, 'A member needs a user_id'],
    ['/customers', { kind: 'nobody' }, 'kind'],
    ['/customers/nobody/messages', { text: 'x' }, 'no customer nobody'],
    ['/operators/nobody/messages', { channelId: '一般', text: 'x' }, 'no person nobody'],
    ['/operators/佐藤健/messages', { text: 'x' }, 'Either a channel or a thread'],
    ['/clicks', { personId: '佐藤健', postId: '1', data: {} }, 'no post 1'],
    ['/faults', { side: 'teams', path: '(' }, 'not a regular expression'],
    ['/faults', { side: 'teams', nonsense: 1 }, 'nonsense'],
    ['/karte/assign', { customerId: 'x', operatorId: null }, 'no customer x'],
    ['/install', '{', 'not JSON'],
  ])('bad input to %s is refused with a sentence (%#)', async (path, body, sentence) => {
    const answer = await site.api('POST', encodeURI(path), body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(sentence) } });
  });

  test('unknown calls, other content types and long bodies are refused', async () => {
    expect(await site.api('POST', '/nothing', {})).toMatchObject({ status: 404 });
    expect(await site.api('GET', '/constructor')).toMatchObject({ status: 404 });
    const asForm = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect(await site.call('/api/reset', 'POST', 'a=1', asForm)).toMatchObject({ status: 415 });
    expect(await site.api('POST', '/customers', { kind: 'visitor', name: 'x'.repeat(1_100_000) })).toMatchObject({
      status: 413,
    });
  });

  test('events tell each change', async () => {
    const stream = await fetch(`${site.url}/api/events`);
    const versions: number[] = [];
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream.body ?? []) {
        for (const [, version] of decoder.decode(chunk).matchAll(/event: change\ndata: \{"version":(\d+)\}/g))
          versions.push(Number(version));
        if (versions.length === 1) site.simulator.karte.customer({ visitor_id: 'vis-1' });
        if (versions.length === 2) return;
      }
    })();
    await reading;
    expect(versions[1]).toBeGreaterThan(versions[0] ?? 0);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
  });
});

describe('the door', () => {
  const raw = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status?: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const { port } = new URL(site.url);
      const call = request({ host: '127.0.0.1', port, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      call.on('error', reject).end();
    });

  test('a foreign Host is turned away from page, API and both sides', async () => {
    for (const path of ['/simulator/', '/simulator/api/state', '/simulator/teams/v3/x', '/simulator/karte/v2/x']) {
      expect(await raw(path, { Host: 'evil.example.test' })).toMatchObject({ status: 403 });
    }
    expect(await raw('/simulator/api/state', { Host: '127.0.0.1.evil.example.test' })).toMatchObject({ status: 403 });
    expect(await raw('/simulator/api/state', { Host: 'localhost:1' })).toMatchObject({ status: 200 });
    expect(await raw('/simulator/api/state', { Host: '[::1]' })).toMatchObject({ status: 200 });
  });

  test('TypeScript of the page goes out as JavaScript, with the page policy', async () => {
    const { status, headers, text } = await raw('/simulator/api.ts');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-content-type-options': 'nosniff',
    });
    expect(text).not.toMatch(/\): Promise<|: string\b/);
  });

  test('the card renderer and the font come from their packages', async () => {
    expect(await raw('/simulator/vendor/adaptivecards.min.js')).toMatchObject({ status: 200 });
    expect(await raw('/simulator/vendor/index.css')).toMatchObject({ status: 200 });
    expect((await raw('/simulator/vendor/files/noto-sans-jp-0-wght-normal.woff2')).headers['content-type']).toBe(
      'font/woff2',
    );
  });

  test.each([
    '/simulator/../package.json',
    '/simulator/%2e%2e/state.ts',
    '/simulator/..%2fstate.ts',
    '/simulator/..%5cstate.ts',
    '/simulator/%2fetc/passwd.html',
    '/simulator/vendor/..%2fpackage.js',
    '/simulator/vendor/files/..%2f..%2f..%2fjose/index.css',
    '/simulator/vendor/package.json',
    '/simulator/%ff.html',
    '/simulator/a%00.html',
    '/simulator/.hidden.ts',
  ])('%s leads nowhere', async (path) => {
    expect(await raw(path)).toMatchObject({ status: 404 });
  });

  test('the prefix without a slash leads to the page, other paths are not the simulator', async () => {
    expect(await raw('/simulator')).toMatchObject({ status: 308, headers: { location: '/simulator/' } });
    expect(await raw('/simulators/api/state')).toMatchObject({ status: 404, text: '' });
  });
});

test('the world survives in the state file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const stateFile = join(folder, 'below', 'state.json');
  try {
    const before = await stand({ stateFile });
    const customer = before.simulator.karte.customer({ visitor_id: 'vis-1' });
    await customer.write('kept').settled;
    const { thread } = before.simulator.teams.say('佐藤 健', { channel: '一般', text: 'kept too' });
    await before.close();
    expect(readFileSync(stateFile, 'utf8')).toContain('kept too');
    const after = await stand({ stateFile });
    expect(after.simulator.karte.customer('vis-1').messages).toMatchObject([{ text: 'kept' }]);
    const { post } = after.simulator.teams.say('佐藤 健', { thread: thread.id, text: 'more' });
    expect(Number(post.id)).toBeGreaterThan(Number(thread.rootId));
    await after.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
