import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';
import type { Answer } from './http.ts';
import { readBody, sendAnswer } from './http.ts';

export interface LoginServiceOptions {
  tenantId: string;
  appId: string;
  password: string;
  /** The names it answers under beside 127.0.0.1: `login.microsoftonline.com` for one. */
  hosts?: string[];
}

/** A stand-in for Microsoft's login service: OAuth 2 client credentials over HTTPS, for bots that call the connector. */
export interface LoginService {
  /** For `ToChannelFromBotLoginUrl`, with `ValidateAuthority=false`. */
  loginUrl: string;
  port: number;
  /** The certificate of this run (PEM); whoever calls must trust it. */
  certificate: string;
  /** Bodies of the token requests, oldest first. */
  requests: URLSearchParams[];
  /** For `SimulatorOptions.requireToken`: was this header's token given out here, and not withdrawn since? */
  isGood(header: string | undefined): boolean;
  /** What the bot has to know; change it, as an expiring secret does. */
  password: string;
  /** Makes every token given out so far worthless. */
  withdraw(): void;
  /** Takes over the connection a proxy has opened for a client. */
  accept(socket: Duplex): void;
  close(): Promise<void>;
}

const bodyLimit = 64 * 1024;

/** Starts the service on a free port of 127.0.0.1, with a certificate of its own. */
export async function startLoginService(options: LoginServiceOptions): Promise<LoginService> {
  const { tenantId, hosts = [] } = options;
  const { private: key, cert } = await generate([{ name: 'commonName', value: `login ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [{ type: 7, ip: '127.0.0.1' }, ...hosts.map((value) => ({ type: 2 as const, value }))],
      },
    ],
  });
  const requests: URLSearchParams[] = [];
  const good = new Set<string>();
  const server = createServer({ key, cert }, async (request, response) => {
    const { pathname, host } = new URL(request.url ?? '/', `https://${request.headers.host}`);
    if (pathname === `/${tenantId}/v2.0/.well-known/openid-configuration`)
      return sendAnswer(response, { status: 200, body: metadata(`https://${host}/${tenantId}`) });
    if (request.method !== 'POST' || pathname !== `/${tenantId}/oauth2/v2.0/token`)
      return sendAnswer(response, { status: 404, body: { error: 'invalid_request' } });
    const form = new URLSearchParams((await readBody(request, bodyLimit)).toString('utf8'));
    requests.push(form);
    sendAnswer(response, answerTo(form, { ...options, password: service.password }, good));
  });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const service: LoginService = {
    loginUrl: `https://127.0.0.1:${port}/${tenantId}`,
    port,
    certificate: cert,
    requests,
    password: options.password,
    isGood: (header) => good.has(header?.replace(/^Bearer /, '') ?? ''),
    withdraw: () => good.clear(),
    accept: (socket) => void server.emit('connection', socket),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return service;
}

function answerTo(form: URLSearchParams, { appId, password }: LoginServiceOptions, good: Set<string>): Answer {
  const refused = (error: string): Answer => ({ status: error === 'invalid_client' ? 401 : 400, body: { error } });
  if (form.get('grant_type') !== 'client_credentials') return refused('unsupported_grant_type');
  if (form.get('client_id') !== appId || form.get('client_secret') !== password) return refused('invalid_client');
  if (!form.get('scope')?.includes('https://api.botframework.com/.default')) return refused('invalid_scope');
  const token = `test-access-token-${randomUUID()}`;
  good.add(token);
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3_599, ext_expires_in: 3_599, access_token: token } };
}

function metadata(authority: string) {
  return {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  };
}
