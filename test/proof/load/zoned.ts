import { pino } from 'pino';
import type { Replacements } from '../../../src/assembly.ts';
import { readConfig } from '../../../src/config.ts';
import { startServer } from '../../../src/server.ts';
import { FastClock } from './fastClock.ts';

/**
 * The product in a process of its own, so that `TZ` counts, at another time: it is `PROOF_START` (Unix ms) now, and from SIGUSR2 on
 * time runs `PROOF_RATE` times as fast. Prints its address.
 */
const { TZ } = process.env;
if (Intl.DateTimeFormat().resolvedOptions().timeZone !== TZ) throw new Error(`there is no time zone ${TZ}`);
const clock = new FastClock(Number(process.env.PROOF_RATE), {
  start: Number(process.env.PROOF_START),
  slowStart: true,
  shared: true,
});
process.on('SIGUSR2', clock.hurry);
const { now, elapsed, later } = clock;
const running = await startServer(readConfig(), pino({ level: 'error' }), { now, elapsed, later } as Replacements);
process.stdout.write(`${running.url}\n`);
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)));
