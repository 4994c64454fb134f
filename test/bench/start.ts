import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, median, ms } from './figures.ts';

const COUNTS = { endUsers: 100_000, messages: 1_000_000 };
const STARTS = 5;
const MB = 1_000_000;
const PROJECT = join(import.meta.dirname, '../..');

/** A registration that nobody asks about: nothing is sent, and nothing comes in. */
const REGISTERED = {
  ENV_FILE: '',
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  MicrosoftAppId: '11111111-2222-4333-8444-555555555555',
  MicrosoftAppPassword: 'test-bot-password',
  MicrosoftAppType: 'SingleTenant',
  MicrosoftAppTenantId: '66666666-2222-4333-8444-555555555555',
  PUBLIC_URL: 'https://desk.example.test',
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
  KARTE_API_URL: 'https://karte.example.test',
};

/** How soon a process that was started takes messages, and how much memory it holds then, on a database that has grown. */
export async function start(figures: Figures): Promise<void> {
  figures.title(`Start with ${COUNTS.endUsers} end users and ${COUNTS.messages} delivered messages in SQLite`);
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
  const path = join(folder, 'grown.db');
  try {
    const program = join(folder, 'program');
    execFileSync(process.execPath, [join(PROJECT, 'build.ts'), program], { stdio: 'pipe' });
    // In a process of its own: its memory is not ours.
    spawnSync(process.execPath, [join(import.meta.dirname, 'fillProcess.ts'), path, JSON.stringify(COUNTS)], {
      stdio: 'inherit',
    });
    figures.line('the database', `${Math.round(statSync(path).size / MB)} MB`);
    const bare = Array.from({ length: STARTS }, bareStart);
    figures.line('Node.js itself, an empty script from start to end', ms(median(bare)));
    const sources = await startsOf(join(PROJECT, 'src/index.ts'), path);
    figures.line('the sources as they are -> /readyz says 200, in the middle', ms(sources.ready));
    const built = await startsOf(join(program, 'index.mjs'), path);
    figures.line('what `npm run build` makes, its first start', ms(built.first));
    const ratio = `${ms(built.ready)}  ${(built.ready / median(bare)).toFixed(1)} times Node.js itself`;
    figures.wanted('its later starts, in the middle', ratio, 'under 1 s', built.ready < 1_000);
    const memory = `${Math.round(built.memory / MB)} MB`;
    figures.wanted('resident memory then', memory, 'under 200 MB', built.memory < 200 * MB);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bareStart(): number {
  const begun = performance.now();
  spawnSync(process.execPath, ['-e', '']);
  return performance.now() - begun;
}

/** Starts a program a few times, one after the other: the first without what the next finds compiled. */
async function startsOf(program: string, path: string): Promise<{ first: number; ready: number; memory: number }> {
  const starts: { ready: number; memory: number }[] = [];
  for (let count = 0; count <= STARTS; count += 1) starts.push(await started(program, path));
  const [first, ...later] = starts;
  return {
    first: first?.ready ?? Number.NaN,
    ready: median(later.map(({ ready }) => ready)),
    memory: median(later.map(({ memory }) => memory)),
  };
}

/** Starts the product as a company runs it, with a bot registration, and ends it again. */
async function started(program: string, path: string): Promise<{ ready: number; memory: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...REGISTERED, SQLITE_PATH: path, PORT: String(port) },
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
