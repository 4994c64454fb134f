import { open, replacements } from '../../simulator/localMode.ts';
import type { SimulatorState } from '../../simulator/state.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { startServer } from '../../src/server.ts';

/** The product in local mode with an empty store, on a free port. */
export interface LocalProduct {
  /** Address of the simulator's page. */
  url: string;
  state(): Promise<SimulatorState>;
  /** POSTs to the simulator's control API, see `simulator/state.ts`. */
  control<T>(path: string, body: unknown): Promise<T>;
  stop(): Promise<void>;
}

export async function startProduct(): Promise<LocalProduct> {
  const config = readConfig({ PORT: '0', SQLITE_PATH: ':memory:', LOG_LEVEL: 'silent' });
  const running = await startServer(config, createLog(config.logLevel), replacements(config));
  await open(running, config);
  const url = `${running.url}/simulator/`;
  return {
    url,
    state: async () => (await fetch(`${url}api/state`)).json() as Promise<SimulatorState>,
    async control(path, body) {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json() as Promise<never>;
    },
    stop: () => running.stop(),
  };
}
