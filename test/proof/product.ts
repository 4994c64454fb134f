import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { Replacements } from '../../src/assembly.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { startServer } from '../../src/server.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { CrashPoint } from './crashPoint.ts';
import type { Order, Told } from './instance.ts';

/** As in src/index.ts: how long what is under way may take to end (ms). */
const PATIENCE = 25_000;

/**
 * The product in a process of its own, told by environment. It loads everything, says so, and opens its store and serves when it is told to
 * `go`: a successor is at hand when its forerunner is killed. Calls that it makes carry its name, so that each can be traced to it.
 */
const { PROOF_NAME = '', PROOF_WATCH_STORE } = process.env;
const crash = new CrashPoint();
setGlobalDispatcher(
  getGlobalDispatcher().compose((dispatch) => (options, handler) => {
    return dispatch(
      { ...options, headers: { ...(options.headers as object), 'x-proof-instance': PROOF_NAME } },
      handler,
    );
  }),
);
process.on('message', (order: Order) => {
  if (order.kind === 'go') void go();
  else if (order.kind === 'trace') tell({ kind: 'trace', steps: crash.trace() });
  else {
    crash.arm(order.step, order.occurrence);
    tell({ kind: 'armed' });
  }
});
// Whoever started this process is gone, perhaps while it was loading: nobody would end it.
const end = () => process.kill(process.pid, 'SIGKILL');
process.once('disconnect', end);
if (!process.connected) end();
tell({ kind: 'loaded' });

async function go(): Promise<void> {
  try {
    const config = readConfig();
    const replace: Replacements = {};
    if (PROOF_WATCH_STORE === '1' && config.store.kind === 'sqlite')
      replace.store = crash.watched(await openSqlite(config.store));
    const step = crash.reached.bind(crash);
    const running = await startServer(config, createLog(config.logLevel), { ...replace, step } as Replacements);
    process.once('SIGTERM', () => {
      setTimeout(() => process.exit(1), PATIENCE).unref();
      void running.stop().then(() => process.exit(0));
    });
    tell({ kind: 'listening', url: running.url });
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  }
}

function tell(told: Told): void {
  process.send?.(told);
}
