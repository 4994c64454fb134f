import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** Connections that nobody takes, by chance: such a call goes to a port where nothing listens, and the system refuses it. */
export interface Refused {
  readonly count: number;
  stop(): void;
}

/** Strikes POSTs below this address, with the probability `share`. Closing a listening server would also reset those it had taken in. */
export async function refuseSometimes(address: string, share: number, draw: () => number): Promise<Refused> {
  const dead = createServer().listen(0, '127.0.0.1');
  await once(dead, 'listening');
  const nobody = `http://127.0.0.1:${(dead.address() as AddressInfo).port}`;
  dead.close();
  const real = globalThis.fetch;
  let count = 0;
  globalThis.fetch = (input, init) => {
    const url = String(input);
    if (init?.method !== 'POST' || !url.startsWith(address) || draw() >= share) return real(input, init);
    count += 1;
    return real(url.replace(address, nobody), init);
  };
  return {
    get count() {
      return count;
    },
    stop() {
      globalThis.fetch = real;
    },
  };
}
