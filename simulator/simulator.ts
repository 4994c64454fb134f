import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Control } from './control.ts';
import type { Exchange } from './exchange.ts';
import { exchange } from './exchange.ts';
import { Faults } from './faults.ts';
import type { Answer } from './http.ts';
import { readBody, sendAnswer, TooLarge } from './http.ts';
import type { KarteSide } from './karte/index.ts';
import { createKarte } from './karte/index.ts';
import type { Line } from './line/index.ts';
import { createLine } from './line/index.ts';
import { pageFile } from './page.ts';
import { Stage } from './stage.ts';
import type { Side, SimulatorState } from './state.ts';
import type { TeamsSide } from './teams/index.ts';
import { createTeams } from './teams/index.ts';

export interface SimulatorOptions {
  /** Where the product listens: `http://127.0.0.1:3978`. */
  botUrl: string;
  /** Where the simulator itself is reached, with its prefix: `http://127.0.0.1:3978/simulator`. */
  baseUrl: string;
  /** The bot's app id; a made-up one without. */
  appId?: string;
  /** What people and places of the default world are called, default `ja`. */
  locale?: 'ja' | 'en';
  /** Teams' rate limits, default true. */
  enforceLimits?: boolean;
  /** Keeps the world in this JSON file, read at the start. */
  stateFile?: string;
  /** The clock of ids, dates, signatures and limits; waiting always takes real time. */
  now?: () => number;
  /** Default 15,000. */
  redeliverAfterMs?: number;
  /** Pause before an activity comes again whose connection broke or that was refused, default `redeliverAfterMs`. */
  activityRetryMs?: number;
  /** How often an activity is sent in all, default 3. */
  activityTries?: number;
  /** Pause before a refused hook comes again, default 5,000. */
  hookRetryMs?: number;
  /** A hook without an answer by then failed, default 10,000. */
  hookTimeoutMs?: number;
  /** How often a hook is sent in all, default 3. */
  hookTries?: number;
  /** What LINE calls the product: addresses there lead to `botUrl`. Default `https://desk.example.test`. */
  publicUrl?: string;
  /** Pause before a LINE webhook is redelivered, default 5,000. */
  lineRetryMs?: number;
  /** A LINE webhook without an answer by then failed, default 2,000. */
  lineTimeoutMs?: number;
  /** How often a LINE webhook is sent in all where redelivery is on, default 3. */
  lineTries?: number;
  /** Does LINE take http addresses of this machine for pictures? Default false; on in local mode, which has no certificate. */
  plainHttpHere?: boolean;
  /** Authorization header of an activity for the bot with this app id, e.g. `OpenIdProvider.authorization`. */
  authorization?: (audience: string, serviceUrl: string) => Promise<string | undefined>;
  /** Is this Authorization header good at the connector? Every one is when absent. */
  requireToken?: (header: string | undefined) => boolean;
}

export interface Simulator {
  readonly teams: TeamsSide;
  readonly karte: KarteSide;
  readonly line: Line;
  readonly faults: Faults;
  /** `KARTE_API_URL` for the product. */
  readonly karteUrl: string;
  /** What stands for `https://api.line.me`. */
  readonly lineUrl: string;
  /** What stands for `https://api-data.line.me`, where the files lie that customers sent. */
  readonly lineDataUrl: string;
  /** `serviceUrl` of the activities. */
  readonly serviceUrl: string;
  /**
   * Answers a request below the prefix of `baseUrl`; false when it is not for the simulator (then nothing was touched).
   * The body must not have been read before. Resolves when the answer is under way; rejects only for a fault of the simulator itself.
   */
  handle(request: IncomingMessage, response: ServerResponse): false | Promise<true>;
  /** The world as the page gets it. */
  state(): SimulatorState;
  /** After each change of the world, a record or a fault; the answer stops it. */
  on(event: 'change', listener: (version: number) => void): () => void;
  /** Resolves with the first thing `probe` finds; it is asked at each change. Rejects after `timeoutMs`, default 20,000. */
  waitFor<T>(probe: () => T | false | null | undefined, timeoutMs?: number): Promise<T>;
  reset(): void;
  /** Ends redeliveries, event streams and delays, and writes the state file. */
  close(): Promise<void>;
}

const controlLimit = 1024 * 1024;
/** Files come along as base64. */
const messageLimit = 16 * 1024 * 1024;
const tooLarge: Record<Side, Answer> = {
  teams: { status: 413, body: { error: { code: 'RequestEntityTooLarge', message: 'Request entity too large.' } } },
  karte: { status: 413, body: '<html><title>413 Request Entity Too Large</title></html>' },
  line: { status: 413, body: { message: 'Request entity too large' } },
};

/** A simulated Teams team, KARTE project and LINE account, with a page, to be mounted into any node http server. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, '');
  const stage = new Stage(options);
  const faults = new Faults(stage);
  const serviceUrl = `${baseUrl}/teams/`;
  const teams = createTeams(stage, { ...options, serviceUrl });
  const karte = createKarte(stage, { ...options, fileUrl: `${baseUrl}/karte/files` });
  const line = createLine(stage, options);
  const control = new Control(stage, { teams, karte, line }, faults);
  const rooms: Record<string, { side: Side; route: Exchange['route']; keepWhole?: boolean }> = {
    teams: { side: 'teams', route: (request) => teams.connector.route(request) },
    karte: { side: 'karte', route: (request) => karte.api.route(request) },
    line: { side: 'line', route: line.route('api'), keepWhole: true },
    'line-data': { side: 'line', route: line.route('data'), keepWhole: true },
  };

  async function answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (!isLoopback(request.headers.host)) {
      return sendAnswer(response, {
        status: 403,
        body: { error: 'The simulator is reached by a loopback name only.' },
      });
    }
    const [, room = '', below = ''] = /^\/+(teams|karte|line-data|line|api)(?=[/?]|$)(.*)$/.exec(path) ?? [];
    const found = rooms[room];
    if (found) {
      const plan = { stage, faults, tooLarge: tooLarge[found.side], ...found };
      return exchange(request, response, { ...plan, path: below.replace(/^\/*/, '/') });
    }
    const url = new URL(room === 'api' ? below.replace(/^\/*/, '/') : path.replace(/^\/*/, '/'), 'http://simulator');
    if (room !== 'api') return servePage(request, response, url.pathname);
    if (request.method === 'GET' && url.pathname === '/events') return control.events(response);
    const { method = 'GET', headers } = request;
    const [, fileId] = /^\/files\/([\w-]+)$/.exec(url.pathname) ?? [];
    if (method === 'GET' && fileId) return sendAnswer(response, stage.files.answer(fileId));
    try {
      const raw = await readBody(request, url.pathname.endsWith('/messages') ? messageLimit : controlLimit);
      const query = url.searchParams;
      sendAnswer(response, await control.route({ method, path: url.pathname, query, headers, raw }));
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      sendAnswer(response, { status: 413, body: { error: error.message } });
    }
  }

  async function servePage(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendAnswer(response, { status: 405, headers: { Allow: 'GET, HEAD' }, body: { error: 'GET only.' } });
    }
    sendAnswer(response, await pageFile(path));
  }

  return {
    teams,
    karte,
    line,
    faults,
    serviceUrl,
    karteUrl: `${baseUrl}/karte`,
    lineUrl: `${baseUrl}/line`,
    lineDataUrl: `${baseUrl}/line-data`,
    handle(request, response) {
      const url = request.url ?? '/';
      if (url === prefix && prefix !== '') {
        sendAnswer(response, { status: 308, headers: { Location: `${prefix}/` } });
        return Promise.resolve(true);
      }
      if (!url.startsWith(`${prefix}/`)) return false;
      return answer(request, response, url.slice(prefix.length)).then(() => true as const);
    },
    state: () => control.state(),
    on: (_event, listener) => stage.onChange(listener),
    waitFor: (probe, timeoutMs) => stage.waitFor(probe, timeoutMs),
    reset() {
      faults.clear();
      stage.reset();
    },
    async close() {
      stage.close();
    },
  };
}

export interface RunningSimulator {
  simulator: Simulator;
  /** The `baseUrl`. */
  url: string;
  close(): Promise<void>;
}

/** A simulator with its own server on a free port of 127.0.0.1, for tests. */
export async function startSimulator(options: Omit<SimulatorOptions, 'baseUrl'>): Promise<RunningSimulator> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simulator`;
  const simulator = createSimulator({ ...options, baseUrl: url });
  server.on('request', (request, response) => {
    const handled = simulator.handle(request, response);
    if (handled === false) return sendAnswer(response, { status: 404 });
    handled.catch((error: Error) => {
      process.emitWarning(error);
      if (response.headersSent) response.destroy();
      else sendAnswer(response, { status: 500, body: { error: error.message } });
    });
  });
  const close = async () => {
    await simulator.close();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { simulator, url, close };
}

/** Names of this machine only: a foreign name that resolves to 127.0.0.1 is an attack (DNS rebinding). */
function isLoopback(host: string | undefined): boolean {
  return /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host ?? '');
}
