import { ConfigError, readConfig } from './config.ts';
import { DeskError } from './desk/deskError.ts';
import { createLog } from './log.ts';
import { type Running, startServer } from './server.ts';
import { ja } from './text/ja.ts';

/** How long what is under way may take to end before the process goes anyway (ms). */
const PATIENCE = 25_000;

try {
  await start();
} catch (error) {
  if (error instanceof ConfigError) for (const problem of error.problems) process.stderr.write(`${problem}\n`);
  else process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const local = config.local ? await import('../simulator/localMode.ts') : undefined;
  const running = await startServer(config, log, local?.replacements(config));
  const banner = local ? await local.open(running, config) : `Madoguchi: ${running.url} (${config.publicUrl})`;
  process.stdout.write(`${banner}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(running));
}

async function stop(running: Running): Promise<void> {
  setTimeout(() => process.exit(1), PATIENCE).unref();
  await running.stop();
  process.exit(0);
}

function sentenceOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return 'PORT: another program is using this port; set PORT to a free one';
  if (error instanceof DeskError)
    return `${error.code}: ${Object.hasOwn(ja, error.code) ? `${ja[error.code as keyof typeof ja]} ` : ''}${Object.values(error.values).join(' ')}`;
  return `${message}`;
}
