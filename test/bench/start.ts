import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, median, ms } from './figures.ts';
import { productEnv } from './product.ts';

const COUNTS = { endUsers: 100_000, messages: 1_000_000 };
const STARTS = 5;
const MB = 1_000_000;

/** How soon a process that was started takes messages, and how much memory it holds then, on a database that has grown. */
export async function start(figures: Figures): Promise<void> {
  figures.title(`Start with ${COUNTS.endUsers} end users and ${COUNTS.messages} delivered messages in SQLite`);
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
  const path = join(folder, 'grown.db');
  try {
    // In a process of its own: its memory is not ours.
    spawnSync(process.execPath, [join(import.meta.dirname, 'fillProcess.ts'), path, JSON.stringify(COUNTS)], {
      stdio: 'inherit',
    });
    figures.line('the database', `${Math.round(statSync(path).size / MB)} MB`);
    const bare = Array.from({ length: STARTS }, bareStart);
    figures.line('Node.js itself, an empty script from start to end', ms(median(bare)));
    const starts: { ready: number; memory: number }[] = [];
    for (let count = 0; count < STARTS; count += 1) starts.push(await started(path));
    figures.line('the first of these starts', ms(starts[0]?.ready ?? Number.NaN));
    const ready = median(starts.map((each) => each.ready));
    const ratio = `${ms(ready)}  ${(ready / median(bare)).toFixed(1)} times Node.js itself`;
    figures.wanted('process start -> /readyz says 200, in the middle', ratio, 'under 1 s', ready < 1_000);
    const memory = median(starts.map((each) => each.memory));
    figures.wanted('resident memory then', `${Math.round(memory / MB)} MB`, 'under 200 MB', memory < 200 * MB);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bareStart(): number {
  const begun = performance.now();
  spawnSync(process.execPath, ['-e', '']);
  return performance.now() - begun;
}

/** Starts the product as `npm start` does, in local mode, and ends it again. */
async function started(path: string): Promise<{ ready: number; memory: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { KARTE_API_URL, BENCH_SERVICE_URL, ...env } = productEnv(url, path);
  const begun = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/index.ts')], {
    env: { PATH: process.env.PATH, ENV_FILE: '', LOG_LEVEL: 'error', ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) {
      if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const ready = performance.now() - begun;
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const memory = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    return { ready, memory };
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
