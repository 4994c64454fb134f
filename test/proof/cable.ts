import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP line to a port of this machine that can be cut as a network is: what is on the way stays there, what is said goes nowhere, and nobody is
 * told. Mended, it brings late what was held up, as TCP does.
 */
export class Cable {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #cut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    // `pauseOnConnect`: nothing is read before it is known whether the line is whole.
    server.on('connection', (near) => {
      const far = connect(port, '127.0.0.1');
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      near.on('data', (chunk) => far.write(chunk));
      far.on('data', (chunk) => near.write(chunk));
      for (const [one, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
        one.on('error', () => undefined);
        one.on('end', () => other.end());
        one.on('close', () => {
          other.end();
          if (other.destroyed) this.#pairs.delete(pair);
        });
      }
      if (this.#cut) for (const end of pair) end.pause();
      else near.resume();
    });
  }

  static async to(port: number): Promise<Cable> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Cable(server, port);
  }

  /** What a product takes for the store's address. */
  get endpoint(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Nothing passes any more. */
  cut(): void {
    this.#cut = true;
    for (const pair of this.#pairs) for (const end of pair) end.pause();
  }

  /** Everything passes again, also what was held up. */
  mend(): void {
    this.#cut = false;
    for (const pair of this.#pairs) for (const end of pair) end.resume();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) for (const end of pair) end.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
