import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KarteApi } from '../../src/channels/karte/api.ts';
import { Poster } from '../../src/teams/poster.ts';
import type { GetToken } from '../../src/teams/token.ts';

/** Long enough that a call begun in its second half still reaches a local server on a busy machine. */
const TIMEOUT = 1_500;
/** What a busy machine may take beside. */
const SLACK = 600;

const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

/** Restify's writeHead gives nothing back to chain on, in every server of the process. */
function answer(response: ServerResponse, status: number): ServerResponse {
  response.statusCode = status;
  return response;
}

describe('a call ends within its timeout, whatever takes so long', () => {
  let server: Server;
  let listener: RequestListener;
  let url: string;
  let requests: number;

  beforeEach(async () => {
    requests = 0;
    server = createServer((request, response) => {
      requests += 1;
      listener(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await work();
    expect(performance.now() - begun).toBeLessThan(TIMEOUT + SLACK);
    return result;
  }

  const post = (token: GetToken = async () => 'token') =>
    timed(() => new Poster({ token, timeout: TIMEOUT, now: Date.now }).call('POST', url, '/v3/conversations', {}));

  test('toward Teams, when the token never comes: certainly nothing was sent', async () => {
    const { outcome } = await post(() => new Promise(() => undefined));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'teams.noToken', transient: true });
    expect(requests).toBe(0);
  });

  test('toward Teams, when the token comes late and Teams is silent', async () => {
    listener = () => undefined;
    const { outcome } = await post(() => after(TIMEOUT * 0.5, 'token'));
    expect(outcome).toMatchObject({ kind: 'unknown', code: 'teams.timeout' });
    expect(requests).toBe(1);
  });

  test('toward Teams, when the second call, with a fresh token, gets no answer', async () => {
    listener = (_request, response) => {
      if (requests === 1) setTimeout(() => answer(response, 401).end(), TIMEOUT * 0.5);
    };
    const { outcome } = await post(async (fresh) => (fresh ? 'fresh' : 'stale'));
    expect(outcome).toMatchObject({ kind: 'unknown', code: 'teams.timeout' });
    expect(requests).toBe(2);
  });

  test('toward Teams, when the fresh token does not come: the refusal stands', async () => {
    listener = (_request, response) => answer(response, 401).end();
    const { outcome } = await post((fresh) => (fresh ? new Promise(() => undefined) : Promise.resolve('stale')));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'teams.unauthorized' });
    expect(requests).toBe(1);
  });

  test('toward Teams, when the body of a success never ends: it was delivered', async () => {
    listener = (_request, response) => answer(response, 201).write('{"id":');
    expect((await post()).outcome).toEqual({ kind: 'delivered' });
  });

  const say = () =>
    timed(() => new KarteApi({ url, timeout: TIMEOUT, now: Date.now }).call('/v2/talk', 'token', 'scope', {}));

  test('toward KARTE, when it is silent', async () => {
    listener = () => undefined;
    expect(await say()).toMatchObject({ kind: 'unknown', code: 'karte.timeout' });
  });

  test('toward KARTE, when the body of a refusal never ends', async () => {
    listener = (_request, response) => answer(response, 403).write('no');
    expect(await say()).toMatchObject({ kind: 'refused', code: 'karte.forbidden', detail: 'scope' });
  });
});
