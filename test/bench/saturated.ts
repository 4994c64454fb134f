import autocannon from 'autocannon';
import type { Child } from './children.ts';
import type { Sent } from './hookTraffic.ts';

/** How many requests are under way at once. */
const CONNECTIONS = 100;

/** How long one measurement takes (s). */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);

/** Requests a second, and the processor time that the process used for each (µs). */
export interface Speed {
  rate: number;
  cpu: number;
}

/** How fast a process is when each answer brings the next request. Rejects when one is refused: what fails fast is not fast. */
export async function saturated(child: Child, path: string, make: () => Sent, duration = SECONDS): Promise<Speed> {
  const setupRequest = (request: autocannon.Request) => ({ ...request, ...make() });
  const requests: autocannon.Request[] = [{ method: 'POST', path, setupRequest }];
  const before = await child.cpu();
  const result = await autocannon({ url: child.url, connections: CONNECTIONS, duration, requests });
  const cpu = (await child.cpu()) - before;
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests were refused`);
  return { rate: result['2xx'] / result.duration, cpu: cpu / result['2xx'] };
}
