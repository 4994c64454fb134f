import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in at the socket. */
export interface Knock {
  /** Monotonic (`performance.now()`). */
  at: number;
  method: string;
  /** Decoded, with its query. */
  path: string;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server of its own in front of one outside system: counts what comes in at the socket, and can be shut (connection refused). */
export class Door {
  /** What stands behind it. */
  behind: Handle = (_request, response) => response.destroy();
  readonly knocks: Knock[] = [];
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { method = '', url = '' } = request;
      this.knocks.push({ at: performance.now(), method, path: decoded(url) });
      this.behind(request, response);
    });
    // A peer that goes away in the middle is what the proofs are about.
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  static async open(): Promise<Door> {
    const door = new Door();
    await door.open();
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody gets in from now on; who is inside is answered. */
  shut(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  count(method: string, path: RegExp): number {
    return this.knocks.filter((knock) => knock.method === method && path.test(knock.path)).length;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
