import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';
import { createHttpsServer } from '@vercel/cosmosdb-server';
import { generate } from 'selfsigned';

/**
 * What the emulator does with the requests that follow. `silent` never answers; `cutOnce` carries out one write and
 * then drops the connection instead of answering, as a gateway does that goes down at the wrong moment. `lagging` answers
 * reads as a replica does that the session's last write has not reached: 404 with substatus 1002. `outrun` and `forbidding` are about
 * changes of the container: the next one finds that somebody was quicker (412), or all find that they may not (403).
 */
export type Mood = 'well' | 'silent' | 'cutOnce' | 'lagging' | 'outrun' | 'forbidding';

const refusals: Partial<Record<Mood, number>> = { outrun: 412, forbidding: 403 };

export interface CosmosEmulator {
  endpoint: string;
  key: string;
  /** The certificate of this run, PEM. This process trusts it already, unless told otherwise; a child needs it by NODE_EXTRA_CA_CERTS. */
  certificate: string;
  mood: Mood;
  /** How many requests have come in. */
  requests: number;
  close(): Promise<void>;
}

/** Starts a Cosmos DB emulator over real HTTPS on a free loopback port, with a certificate made for the run. */
export async function startCosmosEmulator({ trusted = true } = {}): Promise<CosmosEmulator> {
  // A name of its own: of two self-signed certificates with one name, only one is found among the trusted.
  const { private: key, cert } = await generate([{ name: 'commonName', value: `emulator ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  if (trusted) tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);

  const server = createHttpsServer({ key, cert, keepAlive: true } as Parameters<typeof createHttpsServer>[0]);
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const [answer] = server.listeners('request') as RequestListener[];
  if (!answer) throw new Error('the emulator listens to no requests');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    emulator.requests++;
    if (emulator.mood === 'silent') return;
    if (emulator.mood === 'lagging' && request.method === 'GET') {
      response.writeHead(404, { 'Content-Type': 'application/json', 'x-ms-substatus': '1002' });
      response.end(JSON.stringify({ message: 'The read session is not available for the input session token.' }));
      return;
    }
    if (request.method === 'PUT' && /\/colls\/[^/]+\/?$/.test(request.url ?? '') && refusals[emulator.mood]) {
      response.writeHead(refusals[emulator.mood] as number, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ message: 'refused' }));
      if (emulator.mood === 'outrun') emulator.mood = 'well';
      return;
    }
    // Asked plainly for a document that is not there, the emulator trips over itself and answers 500 instead of 404.
    if (request.method === 'GET') request.headers['x-ms-documentdb-query-enablecrosspartition'] = 'true';
    const isWrite =
      request.method === 'PUT' || (request.method === 'POST' && !request.headers['x-ms-documentdb-isquery']);
    if (emulator.mood === 'cutOnce' && isWrite) {
      emulator.mood = 'well';
      response.end = () => {
        request.socket.destroy();
        return response;
      };
    }
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const emulator: CosmosEmulator = {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: Buffer.from('test-cosmos-key').toString('base64'),
    certificate: cert,
    mood: 'well',
    requests: 0,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return emulator;
}
