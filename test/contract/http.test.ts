import { createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DeskError } from '../../src/desk/deskError.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { conversation, type Stand, stand } from '../integration/stand.ts';
import { ownTime } from '../ownTime.ts';
import { type Child, startChild } from './child.ts';

const SECRET = 'test-karte-client-secret';
const API_KEY = 'test-karte-api-key';
const MARK = 'test-echo-me-not';

/** A body of a hook as KARTE documents it, with a mark that no answer may repeat. */
function hookBody(change: Record<string, unknown> = {}) {
  return {
    id: randomUUID(),
    event_type: 'talk/message/sendFromUser',
    client_id: 'test-karte-client-id',
    api_key: API_KEY,
    data: { user_id: `${MARK}-user`, date: new Date().toISOString(), content: { text: MARK } },
    extra: {},
    ...change,
  };
}

interface Signing {
  secret?: string;
  skew?: number;
  headers?: Record<string, string | undefined>;
  path?: string;
  encoding?: 'hex' | 'base64';
}

/** Posts a hook and gives the status and the text of the answer. */
async function post(
  url: string,
  body: unknown,
  { secret = SECRET, skew = 0, headers = {}, path, encoding = 'hex' }: Signing = {},
) {
  const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000) + skew);
  const signature = createHmac('sha256', secret).update(`${timestamp}:`).update(raw).digest(encoding);
  const all = { 'x-karte-request-timestamp': timestamp, 'x-karte-signature': signature, ...headers };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await fetch(`${url}${path ?? '/api/teams/messages'}`, {
    method: 'POST',
    headers: Object.fromEntries([['content-type', 'application/json'], ...given]),
    body: raw as string,
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** Checks that a refusal has the status, the code, the documented shape, and nothing of what was sent. */
function expectRefusal(answer: { status: number; type: string | null; text: string }, status: number, code: string) {
  expect({ status: answer.status, body: JSON.parse(answer.text) }).toEqual({
    status,
    body: { error: { code, message: expect.stringMatching(/./) } },
  });
  expect(answer.type).toMatch(/^application\/json/);
  expect(answer.text).not.toMatch(new RegExp(`${MARK}|${SECRET}|${API_KEY}|node_modules|\\.ts\\b|    at `));
}

describe('the product in local mode, as a process of its own', () => {
  let child: Child;
  let url: string;
  beforeAll(async () => {
    child = startChild();
    url = await child.listening;
  });
  afterAll(async () => {
    await child.stop();
    expect(child.errors).toBe('');
  });

  test('says in its banner that nobody is authenticated and where to look', () => {
    expect(child.output).toMatch(/ローカルモード[\s\S]*127\.0\.0\.1[\s\S]*\/simulator\/\n/);
  });

  test('listens on the loopback address only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list = []) => list)
      .find(({ internal, family }) => !internal && family === 'IPv4');
    const { port } = new URL(url);
    const others = ['127.0.0.2', ...(outside ? [outside.address] : [])];
    for (const host of others) expect(await reachable(host, Number(port))).toBe(false);
    expect(await reachable('127.0.0.1', Number(port))).toBe(true);
  });

  test('tells its health, its readiness and its metrics', async () => {
    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ status: 'ready' })]);
    await post(url, hookBody());
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await metrics.text()).toMatch(/madoguchi_http_seconds_count\{route="\/api\/teams\/messages",status="200"\}/);
  });

  test('serves the simulator, to this machine’s own names only', async () => {
    expect((await fetch(`${url}/simulator/`)).status).toBe(200);
    expect(await statusFor(url, '/simulator/', 'evil.example.test')).toBe(403);
  });

  test('refuses what a web page elsewhere, or a foreign name for this machine, sends to the bot', async () => {
    expect(await statusFor(url, '/healthz', 'evil.example.test')).toBe(403);
    const headers = { origin: 'https://evil.example.test', 'content-type': 'text/plain' };
    const answer = await fetch(`${url}/api/messages`, { method: 'POST', headers, body: '{"type":"message"}' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: 'forbidden' } });
  });

  test.each([
    ['GET', '/'],
    ['GET', `/${MARK}`],
    ['POST', `/api/${MARK}`],
    ['GET', '/%E0%A4%A'],
    ['GET', '/tab/'],
    ['GET', '/../../etc/passwd'],
  ])('answers %s %s with 404 in the documented shape', async (method, path) => {
    expectRefusal(await ask(url, method, path), 404, 'notFound');
  });

  test.each([
    ['GET', '/api/messages'],
    ['GET', '/api/teams/messages'],
    ['PUT', '/api/teams/messages'],
    ['DELETE', '/healthz'],
  ])('answers %s %s with 405 in the documented shape', async (method, path) => {
    expectRefusal(await ask(url, method, path), 405, 'methodNotAllowed');
  });

  test.each([
    '/api/channels/fax/x',
    '/api/channels/karte/unknown',
    '/api/channels/__proto__/x',
    '/api/channels/karte/%00',
  ])('answers a hook at %s with 404', async (path) => {
    expectRefusal(await post(url, hookBody(), { path }), 404, 'hook.unknownAccount');
  });

  test('stores a genuine hook once, signed in hex or in base64', async () => {
    for (const encoding of ['hex', 'base64'] as const) {
      const body = hookBody();
      const first = await post(url, body, { encoding });
      expect([first.status, JSON.parse(first.text)]).toEqual([200, { status: 'stored' }]);
      const second = await post(url, body, { encoding });
      expect([second.status, JSON.parse(second.text)]).toEqual([200, { status: 'repeat' }]);
    }
    const other = await post(url, hookBody({ event_type: 'talk/message/read' }));
    expect([other.status, JSON.parse(other.text)]).toEqual([200, { status: 'ignored' }]);
  });

  test.each<[string, unknown]>([
    ['empty', ''],
    ['not JSON', `{"api_key":"${API_KEY}","${MARK}`],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['a form', `api_key=${API_KEY}&text=${MARK}`],
  ])('answers a body that is %s with 400', async (_, body) => {
    expectRefusal(await post(url, body), 400, 'hook.notJson');
  });

  test.each<[string, Record<string, unknown>]>([
    ['an event type', { event_type: undefined }],
    ['data', { data: undefined }],
    ['data that is an object', { data: MARK }],
    ['content', { data: { user_id: 'x' } }],
    ['content whose text is a text', { data: { user_id: 'x', content: { text: { [MARK]: 1 } } } }],
    ['somebody who wrote', { data: { content: { text: MARK } } }],
    ['extra that is an object', { extra: [MARK] }],
  ])('answers a genuine hook without %s with 400', async (_, change) => {
    expectRefusal(await post(url, hookBody(change)), 400, 'hook.badShape');
  });

  test.each<[string, Record<string, unknown>]>([
    ['another project', { api_key: `${MARK}-key` }],
    ['no project', { api_key: undefined }],
    ['a project that is no text', { api_key: { [MARK]: 1 } }],
  ])('answers a hook that names %s with 404', async (_, change) => {
    expectRefusal(await post(url, hookBody(change)), 404, 'hook.unknownAccount');
  });

  test.each<[string, Signing]>([
    ['made with another secret', { secret: 'test-other' }],
    ['missing', { headers: { 'x-karte-signature': undefined } }],
    ['without a timestamp', { headers: { 'x-karte-request-timestamp': undefined } }],
    ['empty', { headers: { 'x-karte-signature': '' } }],
    ['too long', { headers: { 'x-karte-signature': 'a'.repeat(4_000) } }],
    ['no signature at all', { headers: { 'x-karte-signature': MARK } }],
    ['for another time', { headers: { 'x-karte-request-timestamp': String(Math.floor(Date.now() / 1000) - 5) } }],
  ])('answers a hook whose signature is %s with 401, before it looks at the shape', async (_, signing) => {
    expectRefusal(await post(url, hookBody(), signing), 401, 'hook.badSignature');
    expectRefusal(await post(url, { api_key: API_KEY, data: MARK }, signing), 401, 'hook.badSignature');
  });

  test.each([-310, 310, -86_400])('answers a hook signed %d seconds from now with 401', async (skew) => {
    expectRefusal(await post(url, hookBody(), { skew }), 401, 'hook.stale');
  });

  test('still takes a hook signed four minutes ago', async () => {
    expect((await post(url, hookBody(), { skew: -240 })).status).toBe(200);
  });

  test('takes up to 1 MB and answers anything longer with 413', async () => {
    const padded = (bytes: number) => {
      const body = hookBody({ padding: '' });
      return JSON.stringify({ ...body, padding: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(body))) });
    };
    expect((await post(url, padded(1024 * 1024))).status).toBe(200);
    expectRefusal(await post(url, padded(1024 * 1024 + 1)), 413, 'hook.tooLarge');
    expectRefusal(await post(url, padded(3 * 1024 * 1024)), 413, 'hook.tooLarge');
    expectRefusal(await post(url, padded(1024 * 1024 + 1), { path: '/api/messages' }), 413, 'hook.tooLarge');
  });

  test.each<[string, string, string]>([
    ['not JSON', '{', 'hook.notJson'],
    ['empty', '', 'hook.notJson'],
    ['a list', '[]', 'hook.badShape'],
    ['null', 'null', 'hook.badShape'],
    ['without a type', '{"text":"x"}', 'hook.badShape'],
    ['of a strange shape', '{"type":"message","from":"x","entities":{}}', 'hook.badShape'],
  ])('answers an activity that is %s with 400', async (_, body, code) => {
    expectRefusal(await post(url, body, { path: '/api/messages' }), 400, code);
  });

  test.each([
    ['GET http://[ HTTP/1.1', 'Host: x'],
    ['GET http://evil.example.test/healthz HTTP/1.1', 'Host: x'],
    ['GET * HTTP/1.1', 'Host: x'],
    ['GET /healthz HTTP/1.1', 'Host: ['],
    ['GET /healthz HTTP/1.1', 'Host: a b%%'],
    ['POST /api/teams/messages HTTP/1.1', 'Host: :99999'],
    ['OPTIONS * HTTP/1.1', 'Host: x'],
    ['GET //[ HTTP/1.1', 'Host: localhost'],
  ])('answers the request line %s with %s in the documented shape, and lives on', async (line, host) => {
    const answer = await raw(url, `${line}\r\n${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    const [head = '', text = ''] = answer.split('\r\n\r\n');
    expectRefusal({ status: Number(head.split(' ')[1]), type: 'application/json', text }, 404, 'notFound');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('lives on when a client hangs up in the middle', async () => {
    const { port } = new URL(url);
    for (let at = 0; at < 20; at++) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST /api/teams/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"api_key":');
      socket.end();
      await new Promise((resolve) => socket.once('close', resolve).resume());
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(child.output).not.toContain('"level":50');
  });
});

describe('with a store that is down', () => {
  let s: Stand;
  let mood: 'well' | 'down' | 'silent';
  beforeEach(async () => {
    mood = 'well';
    s = await stand({ replace: { store: await moody(() => mood) } });
  });
  afterEach(async () => {
    mood = 'well';
    await s.close();
  });

  test('a hook is answered with 503, fast, and is taken in when it comes again', async () => {
    const { simulator } = s;
    await conversation(simulator, 'before');
    mood = 'down';
    const body = hookBody();
    const { ms, result: answer } = await ownTime(() => post(s.running.url, body));
    expectRefusal(answer, 503, 'store.unavailable');
    expect(ms).toBeLessThan(2_000);
    mood = 'well';
    expect((await post(s.running.url, body)).status).toBe(200);
    await simulator.waitFor(() => simulator.teams.botPosts().find((entry) => JSON.stringify(entry).includes(MARK)));
  });

  test('readiness is 503 and health stays 200', async () => {
    mood = 'down';
    const { status, text } = await ask(s.running.url, 'GET', '/readyz');
    expect({ status, body: JSON.parse(text) }).toEqual({
      status: 503,
      body: {
        status: 'not ready',
        reasons: ['store.unavailable'],
        error: { code: 'store.unavailable', message: expect.stringMatching(/./) },
      },
    });
    expect((await fetch(`${s.running.url}/healthz`)).status).toBe(200);
    mood = 'well';
    expect((await fetch(`${s.running.url}/readyz`)).status).toBe(200);
  });

  test('an activity is answered with 503, so that Teams delivers it again', async () => {
    const { simulator } = s;
    const { customer, thread } = await conversation(simulator, 'before');
    mood = 'down';
    const { delivery, settled } = simulator.teams.say('山田 花子', {
      thread: thread.id,
      text: '少々お待ちください。',
      mentions: ['bot'],
    });
    await simulator.waitFor(() => delivery?.attempts[0]?.status);
    expect(delivery?.attempts[0]).toMatchObject({ status: 503 });
    mood = 'well';
    await settled;
    await simulator.waitFor(() => customer.received[0]);
    expect(customer.received).toHaveLength(1);
  });
});

/** A real store that can be told to fail. */
async function moody(mood: () => string): Promise<Store> {
  const store = await openSqlite({ path: ':memory:' });
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value === 'object' && value !== null) return guard(value);
        if (typeof value !== 'function' || name === 'close') return value;
        return async (...given: unknown[]) => {
          if (mood() === 'down') throw new DeskError('store.unavailable', {}, new Error(`${SECRET} in a cause`));
          return Reflect.apply(value, object, given);
        };
      },
    });
  return guard(store);
}

/** A request whose path goes out exactly as it stands. */
function ask(url: string, method: string, path: string, host?: string) {
  const { hostname, port } = new URL(url);
  return new Promise<{ status: number; type: string | null; text: string }>((resolve, reject) => {
    const headers = host ? { host } : {};
    httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? null, text }),
      );
    })
      .on('error', reject)
      .end();
  });
}

async function statusFor(url: string, path: string, host: string): Promise<number> {
  return (await ask(url, 'GET', path, host)).status;
}

/** Sends these bytes and gives everything that comes back. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text)).on('error', reject);
    socket.write(bytes);
  });
}

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
