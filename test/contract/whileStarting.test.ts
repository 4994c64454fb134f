import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type Child, startChild } from './child.ts';

let folder: string;
let earlier: Store;
let child: Child;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-starting-'));
  const file = path.join(folder, 'desk.db');
  earlier = await openSqlite({ path: file });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  child = startChild({ PORT: `${port}`, SQLITE_PATH: file, SQLITE_WAIT_MS: '120000', LOG_LEVEL: 'info' });
  while (!child.output.includes('waiting for the database')) await sleep(50);
});

afterEach(async () => {
  await earlier.close();
  await child.stop('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('while it waits for the database it is healthy, not ready, and takes nothing', async () => {
  const health = await fetch(`${url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { reasons: ['starting'] }]);
  const hook = await fetch(`${url}/api/teams/messages`, { method: 'POST', body: '{}' });
  expect([hook.status, await hook.json()]).toMatchObject([503, { error: { code: 'starting' } }]);
});

test('told to stop while it starts, it ends in order as soon as it has started', async () => {
  const ended = child.stop('SIGTERM');
  await sleep(300);
  await earlier.close();
  expect(await ended).toBe(0);
  expect(child.errors).toBe('');
});
