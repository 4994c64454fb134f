import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes what the product posts to Teams and KARTE, answers at once, and notes when each numbered message arrived. */
export interface Connector {
  url: string;
  /** Arrival by the number in the message (`performance.now()`). */
  arrivals: Map<number, number>;
  /** The ids of the threads that were made. */
  threads: string[];
  /** Asks everybody to come back later, as Teams does at rates like these. */
  busy: boolean;
  close(): void;
}

export async function startConnector(): Promise<Connector> {
  const arrivals = new Map<number, number>();
  const threads: string[] = [];
  let ids = 0;
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const body = await textOf(request);
    if (self.busy) {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3600' });
      response.end('{}');
      return;
    }
    for (const [, number] of body.matchAll(/"text":"bench (\d+)"/g)) arrivals.set(Number(number), at);
    ids += 1;
    const id = request.url?.endsWith('/v3/conversations') ? `19:bench@thread.tacv2;messageid=${ids}` : String(ids);
    if (id.startsWith('19:')) threads.push(id);
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id, activityId: String(ids) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: Connector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    threads,
    busy: false,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return self;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
