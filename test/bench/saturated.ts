import autocannon from 'autocannon';
import type { Sent } from './hookTraffic.ts';

/** How many requests are under way at once. */
const CONNECTIONS = 20;

/** How long one measurement takes (s). */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);

/** Requests a second when each answer brings the next request. Rejects when one is refused: what fails fast is not fast. */
export async function saturated(url: string, path: string, make: () => Sent, duration = SECONDS): Promise<number> {
  const setupRequest = (request: autocannon.Request) => ({ ...request, ...make() });
  const requests: autocannon.Request[] = [{ method: 'POST', path, setupRequest }];
  const result = await autocannon({ url, connections: CONNECTIONS, duration, requests });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests were refused`);
  return result['2xx'] / result.duration;
}
