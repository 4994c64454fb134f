import { open, replacements } from '../../simulator/localMode.ts';
import type { SimulatorState } from '../../simulator/state.ts';
import type { Replacements } from '../../src/assembly.ts';
import { readConfig } from '../../src/config.ts';
import type { Rules } from '../../src/desk/rules.ts';
import { createLog } from '../../src/log.ts';
import { startServer } from '../../src/server.ts';

/** The product in local mode with an empty store, on a free port. */
export interface LocalProduct {
  /** Address of the simulator's page. */
  url: string;
  state(): Promise<SimulatorState>;
  /** POSTs to the simulator's control API, see `simulator/state.ts`. */
  control<T>(path: string, body: unknown): Promise<T>;
  /** Changes how the desk works, as its settings form does. */
  rule(rules: Partial<Rules>): Promise<void>;
  stop(): Promise<void>;
}

/** `env` holds further settings, as in `.env.example`; `replace` gives it another clock. */
export async function startProduct(
  env: Record<string, string> = {},
  replace: Pick<Replacements, 'now' | 'later'> = {},
): Promise<LocalProduct> {
  const config = readConfig({ PORT: '0', SQLITE_PATH: ':memory:', LOG_LEVEL: 'silent', ...env });
  const running = await startServer(config, createLog(config.logLevel), {
    ...replacements(config, replace.now),
    ...replace,
  });
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
    async rule(rules) {
      const { team } = (await (await fetch(`${url}api/state`)).json()) as SimulatorState;
      const { directory } = running.desk;
      await directory.changeDesk(team.id, (desk) => ({ ...desk, rules: { ...desk.rules, ...rules } }));
    },
    stop: () => running.stop(),
  };
}
