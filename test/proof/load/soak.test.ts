import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPEAT } from '../../faults/scene.ts';
import { figures } from './figures.ts';
import { type Launched, launch } from './launched.ts';
import { metric } from './quiet.ts';
import { LONG, SEED } from './seed.ts';
import { openSink, type Sink } from './sink.ts';
import { slopeOf } from './slope.ts';
import { activityOf, hookOf, type Outgoing } from './soakTraffic.ts';
import { pause, pooled, until } from './until.ts';

/** `PROOF_SOAK_HOURS` asks for a run of its own length; the long proof is ten minutes. */
const HOURS = Number(process.env.PROOF_SOAK_HOURS ?? 0);
const SECONDS = HOURS ? HOURS * 3_600 : LONG ? 600 : 6;
const RATE = 50;
const USERS = LONG || HOURS ? 200 : 50;
const SAMPLE_EVERY = Math.max(500, (SECONDS * 1000) / 240);

/** How much memory may grow in the second half (part of what it was): nothing, but for what collectors and allocators put off. */
const GROWTH = { heap: 0.05, resident: 0.1 };

interface Sample {
  /** Messages sent by then. */
  sent: number;
  resident: number;
  heap: number;
  handles: number;
  files: number;
  waiting: number;
  /** Not arrived by then. */
  open: number;
}

/** Proof 12: fifty messages a second, one in five from an operator, one call in a hundred failing. */
test(
  'a long run loses nothing, doubles nothing, and leaves nothing behind in the process',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'madoguchi-soak-'));
    const sink = await openSink(SEED, REPEAT);
    const starting = launch(
      'soakProduct.ts',
      {
        SQLITE_PATH: join(folder, 'desk.db'),
        SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
        KARTE_API_URL: sink.url,
        BENCH_SERVICE_URL: sink.url,
        TEAMS_BUDGET: 'off',
        TEAMS_TENANT_BUDGET: 'off',
      },
      ['--expose-gc'],
    );
    try {
      await soak(await starting, sink);
    } finally {
      await starting.then(
        (product) => product.stop(),
        () => undefined,
      );
      sink.close();
      rmSync(folder, { recursive: true });
    }
  },
  (SECONDS + 240) * 1000,
);

async function soak(product: Launched, sink: Sink): Promise<void> {
  const users = Array.from({ length: USERS }, (_, user) => `user-${user}`);
  await pooled(users, 10, (user) => post(product, hookOf(user, 'はじめまして')));
  await until(() => sink.threads.size === USERS);
  const shown = () => metric(product.url, 'madoguchi_deliveries_waiting');
  await until(async () => (await shown()) === 0);
  sink.share = 0.01;

  const open = new Set<string>();
  let [refused, doubles, sent] = [0, 0, 0];
  const take = () => {
    for (const [text, times] of sink.arrivals) if (times > 1 || !open.delete(text)) doubles += 1;
    for (const text of sink.repeats) open.delete(text);
    sink.arrivals.clear();
    sink.repeats.clear();
  };
  const samples: Sample[] = [];
  const answers: Promise<void>[] = [];
  const begun = performance.now();
  let sampled = begun;
  while (sent < SECONDS * RATE) {
    await pause(Math.max(0, begun + (sent * 1000) / RATE - performance.now()));
    const text = sent % 5 === 4 ? `k${sent}` : `t${sent}`;
    const user = users[sent % USERS] ?? '';
    open.add(text);
    sent += 1;
    const request = text.startsWith('k')
      ? activityOf(sink.threads.get(user) ?? '', `${text}.`, sink.url)
      : hookOf(user, `${text}.`);
    answers.push(
      post(product, request).then((status) => {
        if (status !== 200) refused += 1;
      }),
    );
    if (performance.now() - sampled < SAMPLE_EVERY) continue;
    sampled = performance.now();
    await Promise.all(answers.splice(0));
    take();
    samples.push(await sample(product, sent, open.size));
  }
  await Promise.all(answers);
  await until(() => {
    take();
    return open.size === 0;
  }, 60_000).catch(() => undefined);
  await until(async () => (await shown()) === 0, 30_000);
  await pause(1_000);
  const last = await sample(product, sent, open.size);
  take();

  const half = samples.slice(Math.floor(samples.length / 2));
  const first = half[0] as Sample;
  const slope = (of: (each: Sample) => number) => slopeOf(half.map((each) => [each.sent, of(each)] as const));
  const kept = { heap: slope(({ heap }) => heap), resident: slope(({ resident }) => resident) };
  figures('12, soak', {
    seconds: SECONDS,
    messages: sent,
    refused,
    'not arrived': open.size,
    doubles,
    'marked repeats': sink.marked,
    'calls failed': `${sink.failed} of ${sink.calls}`,
    'heap after collection': `${mb(first.heap)} -> ${mb(last.heap)} MB (${kept.heap.toFixed(0)} bytes a message)`,
    'resident set': `${mb(first.resident)} -> ${mb(last.resident)} MB (${kept.resident.toFixed(0)} bytes a message)`,
    'most waiting': Math.max(...samples.map(({ waiting }) => waiting)),
    handles: `${first.handles} -> ${last.handles}`,
    'open files': `${first.files} -> ${last.files}`,
  });
  expect(sink.strange).toEqual([]);
  expect([refused, open.size, doubles]).toEqual([0, 0, 0]);
  expect(sink.failed).toBeGreaterThan(0);
  const growth = (bytes: number) => bytes * (sent - first.sent);
  expect(growth(kept.heap)).toBeLessThan(first.heap * GROWTH.heap);
  expect(growth(kept.resident)).toBeLessThan(first.resident * GROWTH.resident);
  // A failed call holds one conversation up for seconds: never more than a few seconds' worth of all.
  expect(Math.max(...half.map(({ waiting }) => waiting))).toBeLessThan(RATE * 5);
  expect(last.handles).toBeLessThanOrEqual(first.handles + 5);
  expect(last.files).toBeLessThanOrEqual(first.files + 5);
}

async function sample(product: Launched, sent: number, open: number): Promise<Sample> {
  product.signal('SIGUSR2');
  const of = (name: string) => metric(product.url, name);
  // The first of these is answered when the signal has been taken.
  const waiting = await of('madoguchi_deliveries_waiting');
  return {
    sent,
    open,
    waiting,
    resident: await of('process_resident_memory_bytes'),
    heap: await of('nodejs_heap_size_used_bytes'),
    handles: await of('nodejs_active_handles_total'),
    files: await of('process_open_fds'),
  };
}

/** What is refused because its storing took so long (ms), on a machine with much else to do, comes again as it would from KARTE and from Teams. */
const GIVEN_UP = 1_500;
const TIMES = 3;

async function post({ url }: Launched, { path, headers, body }: Outgoing): Promise<number> {
  for (let time = 1; ; time++) {
    const begun = performance.now();
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    const inTime = performance.now() - begun < GIVEN_UP;
    if (answer.status !== 503 || inTime || time === TIMES) return answer.status;
  }
}

const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
