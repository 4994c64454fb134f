import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { type Connector, startConnector } from './connector.ts';
import { paced } from './paced.ts';

/** `npm run bench`: how fast hooks are answered and reach Teams, beside the same machine's bare restify with one HMAC. */
const SECRET = 'test-bench-client-secret';
const API_KEY = 'test-bench-api-key';
const USERS = 100;
const RATE = 200;
/** Every message has a number of its own. */
let numbers = 0;

const WARM_UP = 5;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);

const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
const connector = await startConnector();
const yardstick = await launch('yardstick.ts', {});
const product = await launch('product.ts', {
  PORT: '0',
  SQLITE_PATH: join(folder, 'bench.db'),
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
  KARTE_API_URL: connector.url,
  BENCH_SERVICE_URL: connector.url,
  BENCH_API_KEY: API_KEY,
});

try {
  await everyUserOnce(product.url);
  // The first seconds are the compiler's; what is measured is the everyday.
  for (const { url } of [yardstick, product]) await evenly(url, WARM_UP);
  const bareAtRate = await evenly(yardstick.url);
  const atRate = await evenly(product.url);
  const delays = await delaysOf(connector, atRate.sent);
  const bare = await saturate(yardstick.url);
  const full = await saturate(product.url);
  const answered = { bare: at(bareAtRate.took, 0.99), product: at(atRate.took, 0.99) };
  print('answered at 200/s, bare restify + HMAC', `p50 ${ms(at(bareAtRate.took, 0.5))}  p99 ${ms(answered.bare)}`);
  print(
    'answered at 200/s, stored on disk',
    `p50 ${ms(at(atRate.took, 0.5))}  p99 ${ms(answered.product)}  (wanted: p99 under 20 ms)`,
  );
  print(
    'hook sent -> at the connector, 200/s',
    `p50 ${ms(at(delays, 0.5))}  p99 ${ms(at(delays, 0.99))}  (wanted: p99 under 50 ms)`,
  );
  print('hooks a second, bare restify + HMAC', String(Math.round(bare)));
  print('hooks a second, stored on disk', `${Math.round(full)}  (ratio ${(full / bare).toFixed(2)})`);
  print(
    'refused or lost at 200/s',
    `${atRate.refused} of ${atRate.sent.size} refused, ${atRate.sent.size - delays.length} not at the connector`,
  );
  const good =
    answered.product < 20 && at(delays, 0.99) < 50 && atRate.refused === 0 && delays.length === atRate.sent.size;
  if (!good) process.exitCode = 1;
} finally {
  for (const { child } of [product, yardstick]) child.kill('SIGTERM');
  await Promise.all([product, yardstick].map(({ child }) => child.exitCode ?? once(child, 'exit')));
  connector.close();
  rmSync(folder, { recursive: true });
}

/** Sends numbered hooks at RATE; `sent` tells when each went off (`performance.now()`). */
async function evenly(url: string, seconds = SECONDS) {
  const sent = new Map<number, number>();
  const result = await paced(`${url}/api/teams/messages`, { perSecond: RATE, seconds }, () => {
    const number = numbers++;
    sent.set(number, performance.now());
    return hook(number);
  });
  return { ...result, sent };
}

/** Accepted hooks a second when each answer brings the next hook, on 20 connections. */
async function saturate(url: string): Promise<number> {
  const setupRequest = (request: autocannon.Request) => ({ ...request, ...hook(numbers++) });
  const requests: autocannon.Request[] = [{ method: 'POST', path: '/api/teams/messages', setupRequest }];
  const result = await autocannon({ url, connections: 20, duration: SECONDS, requests });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} hooks were refused`);
  return result['2xx'] / result.duration;
}

/** Opens every end user's thread first: what is measured is the everyday message. */
async function everyUserOnce(url: string): Promise<void> {
  for (let user = 0; user < USERS; user += 1) {
    const { headers, body } = hook(numbers++);
    const answer = await fetch(`${url}/api/teams/messages`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`the product answered ${answer.status}`);
  }
  await until(() => connector.arrivals.size >= USERS);
}

function hook(number: number): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify({
    id: randomUUID(),
    event_type: 'talk/message/sendFromUser',
    client_id: 'bench',
    api_key: API_KEY,
    data: {
      user_id: `user-${number % USERS}`,
      visitor_id: '',
      account_id: null,
      date: new Date().toISOString(),
      content: { text: `bench ${number}`, image: null },
    },
    extra: { access_uri: { url: 'https://shop.example.test/' } },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', SECRET).update(`${timestamp}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-karte-signature': signature,
      'x-karte-request-timestamp': timestamp,
    },
  };
}

/** How long each sent message took to the connector (ms, ascending).  */
async function delaysOf({ arrivals }: Connector, sent: Map<number, number>): Promise<number[]> {
  await until(() => [...sent.keys()].every((number) => arrivals.has(number)), 5_000).catch(() => undefined);
  const delays = [...sent].flatMap(([number, begun]) =>
    arrivals.has(number) ? [(arrivals.get(number) ?? 0) - begun] : [],
  );
  return delays.sort((a, b) => a - b);
}

async function launch(file: string, env: Record<string, string>): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    env: { PATH: process.env.PATH, ENV_FILE: '', BENCH_CLIENT_SECRET: SECRET, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output to read');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, child };
}

async function until(done: () => boolean, patience = 30_000): Promise<void> {
  const end = performance.now() + patience;
  while (!done()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(42)} ${figure}\n`);
}
