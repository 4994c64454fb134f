import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How soon a request that found nobody tries again (ms). */
const AGAIN = 10;

interface Target {
  name: string;
  url: string;
}

/**
 * The one address that KARTE and Teams know, as a load balancer is one: it hands each request to the next process behind it. A connection
 * that breaks on the way is broken toward the sender too; only where nothing was handed over does it try again, for `patience` ms.
 */
export class Door {
  readonly #server: Server;
  #targets: Target[] = [];
  #turn = 0;
  readonly #patience: number;

  private constructor(server: Server, patience: number) {
    this.#server = server;
    this.#patience = patience;
    server.on('request', (incoming, response) => void this.#serve(incoming, response));
  }

  static async open(patience = 0): Promise<Door> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Door(server, patience);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  add(name: string, url: string): void {
    this.#targets = [...this.#targets, { name, url }];
  }

  remove(name: string): void {
    this.#targets = this.#targets.filter((target) => target.name !== name);
  }

  async close(): Promise<void> {
    this.#targets = [];
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      for (const end = Date.now() + this.#patience; ; await sleep(AGAIN)) {
        const target = this.#targets[this.#turn++ % this.#targets.length];
        if (target && (await handOver(target.url, incoming, body, response))) return;
        if (Date.now() >= end || response.destroyed) return void response.destroy();
      }
    } catch {
      response.destroy();
    }
  }
}

/** One request, on a connection of its own. Resolves to false when nobody was there to take it; rejects when it broke on the way. */
function handOver(url: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const { method, url: path = '/' } = incoming;
    const outgoing = request(`${url}${path}`, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        response.writeHead(answer.statusCode ?? 502, {
          'content-type': answer.headers['content-type'] ?? 'text/plain',
        });
        response.end(Buffer.concat(chunks));
        resolve(true);
      });
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
    outgoing.end(body);
  });
}
