import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { setUpDesk } from './benchDesk.ts';

/** The product alone in a process of its own, its desk installed and connected; prints its address. Settings come by environment. */
const running = await startServer(readConfig(), pino({ level: process.env.LOG_LEVEL ?? 'error' }));
await setUpDesk(running.desk, process.env.BENCH_SERVICE_URL ?? '');
process.stdout.write(`${running.url}\n`);
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)));
