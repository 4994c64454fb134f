import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { everyCall } from './contract.ts';
import { aDelivery } from './documents.ts';
import { sqliteFiles } from './sqliteFiles.ts';

const { aPath, open, folder } = sqliteFiles();

describe('a full disk', () => {
  test('refuses a document that is too big, not its neighbours in the group', async () => {
    const store = await open({ path: aPath(), maxPages: 100 });
    const big = aDelivery({ ref: 'x'.repeat(1_000_000) });
    const results = await Promise.allSettled(
      [aDelivery(), big, aDelivery()].map((delivery) => store.deliveries.insert(delivery)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.deliveries.read(big.lane, big.id)).toBeUndefined();
  });

  test('refuses what does not fit, keeps what was acknowledged and takes writes again when there is room', async () => {
    const path = aPath();
    const store = await open({ path, maxPages: 200 });
    const bulk = () => store.deliveries.insert(aDelivery({ ref: 'x'.repeat(50_000), lane: 'lane' }));
    const kept: string[] = [];
    let refusal: unknown;
    while (refusal === undefined) {
      const results = await Promise.allSettled([bulk(), bulk()]);
      for (const result of results) {
        if (result.status === 'rejected') refusal = result.reason;
        else if (result.value) kept.push(result.value.value.id);
      }
    }
    expect(refusal).toMatchObject({ name: 'DeskError', code: 'store.unavailable' });
    expect(kept.length).toBeGreaterThan(0);
    expect((await store.deliveries.find({ partition: 'lane' })).map(({ value }) => value.id)).toEqual(kept);

    expect(await store.deliveries.remove('lane', kept.shift() ?? '')).toBe(true);
    kept.push((await bulk())?.value.id ?? 'not inserted');
    await store.close();
    const again = await (await open({ path })).deliveries.find({ partition: 'lane' });
    expect(again.map(({ value }) => value.id)).toEqual(kept);
  });
});

describe('another process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** Starts an owner of the file and lets it run until it has printed `lines` lines; then gives all it has printed by its death. */
  async function owner(path: string, lines: number) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'sqliteOwner.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const printed: string[] = [];
    const reader = createInterface({ input: child.stdout });
    const ended = once(reader, 'close');
    await new Promise<void>((resolve, reject) => {
      reader.on('line', (line) => {
        printed.push(line);
        if (printed.length === lines) resolve();
      });
      reader.on('close', () => reject(new Error(`the process ended after ${printed.length} lines`)));
    });
    return {
      async kill(): Promise<string[]> {
        child.kill('SIGKILL');
        await ended;
        return printed.filter((line) => line !== 'open');
      },
    };
  }

  test('that is killed leaves every delivery it had acknowledged', async () => {
    const path = aPath();
    const acknowledged = await (await owner(path, 500)).kill();
    expect(acknowledged.length).toBeGreaterThanOrEqual(499);
    const found = new Set(
      (await (await open({ path })).deliveries.find({ partition: 'lane' })).map(({ value }) => value.id),
    );
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  });

  test('keeps no thread that waits for it from being ended', async () => {
    const path = aPath();
    await open({ path });
    const waiting = new Worker(new URL('../../src/store/sqliteWorker.ts', import.meta.url), {
      workerData: { path, wait: 60_000 },
    });
    await once(waiting, 'online');
    await sleep(500);
    const told = performance.now();
    await waiting.terminate();
    expect(performance.now() - told).toBeLessThan(15_000);
  });

  test('that has the file keeps it to itself until it is killed', async () => {
    const path = aPath();
    const first = await owner(path, 1);
    await expect(open({ path })).rejects.toEqual(expect.objectContaining({ code: 'store.inUse', values: { path } }));
    await first.kill();
    await expect((await open({ path })).ready()).resolves.toBeUndefined();
  });

  test('is one as well when it is this one', async () => {
    const path = aPath();
    const first = await open({ path });
    await expect(open({ path })).rejects.toEqual(expect.objectContaining({ code: 'store.inUse' }));
    await first.close();
    await expect(open({ path })).resolves.toBeDefined();
  });
});

describe('a store that is away', () => {
  test('is unavailable for every call once it is closed, and may be closed twice', async () => {
    const store = await open();
    await store.close();
    await store.close();
    for (const call of Object.values({ ...everyCall(store), sweep: () => store.sweep(1) })) {
      await expect(call()).rejects.toMatchObject({ name: 'DeskError', code: 'store.unavailable' });
    }
  });

  test('can not be opened where no folder can be, and not from a file of another kind', async () => {
    const path = aPath();
    await open({ path });
    const strange = join(folder, 'letter.txt');
    writeFileSync(strange, 'Dear support desk, '.repeat(500));
    for (const unusable of [join(path, 'inside', 'a.db'), strange, folder]) {
      await expect(open({ path: unusable })).rejects.toEqual(
        expect.objectContaining({ name: 'DeskError', code: 'store.unavailable', values: { path: unusable } }),
      );
    }
  });

  test('is not ready when its file is gone from under it', async () => {
    const path = aPath();
    const store = await open({ path });
    rmSync(path);
    await expect(store.ready()).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  test.each(['', '-wal'])('takes nothing into a file that is gone from under it (madoguchi.db%s)', async (end) => {
    const path = aPath();
    const store = await open({ path });
    await store.deliveries.insert(aDelivery());
    rmSync(`${path}${end}`);
    for (const call of Object.values(everyCall(store)))
      await expect(call()).rejects.toMatchObject({ name: 'DeskError', code: 'store.unavailable' });
  });

  test('takes nothing into a file that another one was put in the place of', async () => {
    const path = aPath();
    const store = await open({ path });
    const other = aPath();
    await (await open({ path: other })).close();
    renameSync(other, path);
    await expect(store.deliveries.insert(aDelivery())).rejects.toMatchObject({
      code: 'store.unavailable',
      cause: { message: 'the database file was replaced' },
    });
  });

  test('is left alone when a newer release has written it', async () => {
    const path = aPath();
    await (await open({ path })).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(open({ path })).rejects.toEqual(expect.objectContaining({ code: 'store.unavailable' }));
    const untouched = new DatabaseSync(path);
    expect(untouched.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    untouched.close();
  });
});
