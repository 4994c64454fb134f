import { dirname, join } from 'node:path';
import type { Server } from 'restify';
import type { Replacements } from '../src/assembly.ts';
import type { Config } from '../src/config.ts';
import type { Running } from '../src/server.ts';
import { createSimulator, type Simulator } from './simulator.ts';

let simulator: Simulator;

/** Local mode: the simulator is served beside the product, on the same port, and stands in for Teams and KARTE. `now` is the clock of both. */
export function replacements({ store, bot, publicUrl, port, locale }: Config, now?: () => number): Replacements {
  return {
    now,
    mount(server: Server, url: string) {
      const stateFile =
        store.kind === 'sqlite' && store.path !== ':memory:' ? join(dirname(store.path), 'simulator.json') : undefined;
      const about = { appId: bot.MicrosoftAppId, locale, stateFile, now, publicUrl, plainHttpHere: true };
      simulator = createSimulator({ botUrl: url, baseUrl: `${url}/simulator`, ...about });
      server.pre((request, response, next) => {
        const handled = simulator.handle(request, response);
        if (handled === false) return next();
        handled.then(() => next(false), next);
      });
      // Links are opened on this machine, at the port that was free.
      return {
        karteApiUrl: simulator.karteUrl,
        lineApiUrl: simulator.lineUrl,
        lineDataApiUrl: simulator.lineDataUrl,
        publicUrl: publicUrl === `http://localhost:${port}` ? url : undefined,
      };
    },
  };
}

/**
 * Sets the simulated team's desk up, so that a newcomer can talk both ways at once; gives the banner that says where.
 * With a `KARTE_API_URL` of somebody's own the desk waits for their `setup`.
 */
export async function open(running: Running, config: Config): Promise<string> {
  const { administration, connections, directory } = running.desk;
  const { team, project, people, bot, tenantId } = simulator.state();
  const desk = await administration.installed({
    id: team.id,
    tenantId,
    serviceUrl: simulator.serviceUrl,
    botId: bot.id,
    botName: bot.name,
    teamName: team.name,
    aadGroupId: team.aadGroupId,
  });
  const owner = people.find((person) => person.owner);
  if (owner && !config.karteApiUrl && (await directory.connectionsOf(desk.id)).length === 0) {
    await connections.connect(desk.id, { id: owner.aadObjectId, name: owner.name, teamsId: owner.id }, desk.id, {
      channel: 'karte',
      account: project.apiKey,
      settings: { botId: project.botId, projectId: 'test-project' },
      secrets: { accessToken: project.accessToken, clientSecret: project.clientSecret },
    });
  }
  const stop = running.stop;
  running.stop = async () => {
    await simulator.close();
    await stop();
  };
  return config.locale === 'ja'
    ? `窓口（Madoguchi）ローカルモード\n  認証なし・このパソコンからだけ使えます（127.0.0.1）\n  開く: ${running.url}/simulator/`
    : `Madoguchi, local mode\n  no authentication, reachable from this machine only (127.0.0.1)\n  open: ${running.url}/simulator/`;
}
