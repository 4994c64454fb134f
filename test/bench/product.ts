import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';

/** The product alone in a process of its own, its desk installed and connected; prints its address. Settings come by environment. */
const { BENCH_SERVICE_URL = '', BENCH_API_KEY = '', BENCH_CLIENT_SECRET = '' } = process.env;
const running = await startServer(readConfig(), pino({ level: 'error' }));
const { administration } = running.desk;
const team = '19:bench@thread.tacv2';
await administration.installed({
  id: team,
  tenantId: 'bench',
  serviceUrl: BENCH_SERVICE_URL,
  botId: '28:bench',
  botName: 'KARTE',
});
await administration.connect(team, { id: 'bench-admin', name: 'Bench' }, team, {
  channel: 'karte',
  account: BENCH_API_KEY,
  settings: { botId: 'bot-bench' },
  secrets: { accessToken: 'test-bench', clientSecret: BENCH_CLIENT_SECRET },
});
process.stdout.write(`${running.url}\n`);
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)));
