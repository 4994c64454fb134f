import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { ConfigError, loadEnvFile, readConfig } from './config.ts';
import { DeskError } from './desk/deskError.ts';
import type { Running } from './server.ts';

/** How long what is under way may take to end before the process goes anyway (ms). */
const PATIENCE = 25_000;

/** Where compiled code is kept for the next start, which then takes little more than half the time. Where it can't be written, none is kept. */
const COMPILED = join(import.meta.dirname, '../node_modules/.cache/madoguchi');

const started = start();
// At once: what begins during the start has to end in order, too, and the first process of a container ends in no other way.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
try {
  await started;
} catch (error) {
  if (error instanceof ConfigError) for (const problem of error.problems) process.stderr.write(`${problem}\n`);
  else process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}

async function start(): Promise<Running> {
  loadEnvFile();
  const config = readConfig();
  // Only what is loaded after this is kept.
  enableCompileCache(COMPILED);
  const [{ createLog }, { startServer }] = await Promise.all([import('./log.ts'), import('./server.ts')]);
  const log = createLog(config.logLevel);
  const local = config.local ? await import('../simulator/localMode.ts') : undefined;
  const running = await startServer(config, log, local?.replacements(config));
  const banner = local ? await local.open(running, config) : `Madoguchi: ${running.url} (${config.publicUrl})`;
  process.stdout.write(`${banner}\n`);
  flushCompileCache();
  return running;
}

async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), PATIENCE).unref();
  // What could not be started is told, and ended, above.
  const running = await started.catch(() => undefined);
  if (!running) return;
  await running.stop();
  process.exit(0);
}

function sentenceOf(error: unknown): string {
  const { code, message, syscall } = error as { code?: string; message?: string; syscall?: string };
  if (code === 'EADDRINUSE') return 'PORT: another program is using this port; set PORT to a free one';
  if (code === 'EACCES' && syscall === 'listen')
    return 'PORT: this program may not use this port; set PORT to 1024 or more';
  if (!(error instanceof DeskError)) return `${message}`;
  const { path } = error.values;
  const setting = path === undefined ? 'COSMOS_ENDPOINT' : `SQLITE_PATH: ${path}`;
  if (error.code === 'store.inUse') return `${setting}: another process is using this database`;
  if (error.code === 'store.unavailable')
    return `${setting}: the store can't be opened: ${(error.cause as Error)?.message}`;
  return `${error.code}: ${Object.values(error.values).join(' ')}`;
}
