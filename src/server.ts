import { hash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import restify, { type Server } from 'restify';
import { Dialogs } from '../dialogs/dialogs.ts';
import type { Tools } from '../dialogs/facts.ts';
import { SetupForm } from '../dialogs/setupForm.ts';
import { channelsOf } from './channels/index.ts';
import type { Config } from './config.ts';
import { Desk } from './desk/desk.ts';
import { DeskError } from './desk/deskError.ts';
import type { Environment, Log } from './desk/ports.ts';
import type { Connection } from './desk/settings.ts';
import { Metrics } from './metrics.ts';
import { addRoutes, refusal, type State, sendJson } from './routes.ts';
import { inTime, measured } from './store/measured.ts';
import { createSealer } from './store/sealing.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { DeskAdapter } from './teams/adapter.ts';
import { Clicks } from './teams/clicks.ts';
import { Inbound } from './teams/inbound.ts';
import { Lifecycle } from './teams/lifecycle.ts';
import { Members } from './teams/members.ts';
import { Poster } from './teams/poster.ts';
import { Threads } from './teams/threads.ts';
import { type GetToken, tokenSource } from './teams/token.ts';
import { en } from './text/en.ts';

/** How long a question to an operator waits for a click (ms). */
const QUESTION_LIFE = 7 * 24 * 60 * 60_000;

/** How often what has expired is removed (ms). */
const SWEEP_EVERY = 60 * 60_000;

/** A running product. */
export interface Running {
  /** Where it listens. */
  url: string;
  desk: Desk;
  server: Server;
  /** Takes nothing new, ends what is under way, closes the store. */
  stop(): Promise<void>;
}

/** What tests replace. */
export interface Replacements {
  store?: Store;
  token?: GetToken;
  now?: () => number;
  elapsed?: () => number;
  step?: Environment['step'];
  later?: Environment['later'];
  /** Called once the address is known and before anything is served. */
  mount?(server: Server, url: string): { karteApiUrl?: string };
}

/** Builds the product from its settings, serves it, and goes on with what an earlier process left. */
export async function startServer(config: Config, log: Log, replace: Replacements = {}): Promise<Running> {
  const server = restify.createServer({ name: 'madoguchi', handleUncaughtExceptions: false });
  let state: State = 'starting';
  let routed = false;
  server.pre((request, response, next) => {
    const refused = refusedFirst(request, config.local);
    const early = refused || routed ? undefined : whileStarting(request.url);
    if (early) {
      sendJson(response, early.status, early.body);
      return next(false);
    }
    const no = refused ?? notNow(state, request.url);
    if (!no) return next();
    sendJson(response, no.status, { error: { code: no.code, message: no.message } });
    return next(false);
  });
  server.on('restifyError', notServed(log));
  server.listen(config.port, config.local ? '127.0.0.1' : undefined);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const mounted = replace.mount?.(server, url);
  try {
    const store = replace.store ?? (await openStore(config, log));
    const { desk, routes } = assemble(
      { ...config, karteApiUrl: config.karteApiUrl ?? mounted?.karteApiUrl },
      store,
      log,
      replace,
    );
    addRoutes(server, { ...routes, state: () => state });
    routed = true;
    await desk.start();
    const sweeping = setInterval(() => sweep(store, log), SWEEP_EVERY).unref();
    state = 'serving';
    return {
      url,
      desk,
      server,
      async stop() {
        state = 'stopping';
        clearInterval(sweeping);
        const closed = once(server, 'close');
        server.close();
        server.server.closeIdleConnections();
        await desk.stop();
        server.server.closeAllConnections();
        await closed;
        await store.close();
      },
    };
  } catch (error) {
    server.server.closeAllConnections();
    server.close();
    throw error;
  }
}

function assemble(config: Config, opened: Store, log: Log, replace: Replacements) {
  const metrics = new Metrics();
  const store = measured(opened, metrics.stored);
  const env = environment(log, metrics, replace);
  const sealer = createSealer(keysOf(config));
  const channels = channelsOf({
    karte: {
      apiUrl: config.karteApiUrl ?? 'https://api.karte.io',
      adminUrl: config.karteAdminUrl,
      timeout: config.sendTimeout,
      secrets: opener((connection) => JSON.parse(sealer.open(connection.sealed, connection.id))),
      digest: env.digest,
      now: env.now,
      log,
    },
  });
  const poster = new Poster({
    token: replace.token ?? tokenSource(config.bot),
    timeout: config.sendTimeout,
    now: env.now,
  });
  const desk = new Desk({
    records: store,
    teams: new Threads(poster, config.locale),
    channels,
    env,
    seal: (secrets, id) => sealer.seal(JSON.stringify(secrets), id),
    retention: config.retention,
    process: randomUUID(),
    terms: { length: config.lease, send: config.sendTimeout, shared: store.shared },
    limits: config.limits,
    settle: config.settle,
  });
  metrics.watch(() => desk.lanes.depth());
  metrics.watchLanes(() => desk.lanes.states());
  const members = new Members(poster, env.elapsed);
  const tools: Tools = {
    desk,
    hookUrl: `${config.publicUrl}/api/teams/messages`,
    questionLife: QUESTION_LIFE,
    now: env.now,
    member: async (deskId, id) => members.find(await desk.administration.read(deskId), id),
  };
  const dialogs = new Dialogs(tools);
  const clicks = new Clicks({ desk, members, answering: dialogs, form: new SetupForm(tools) });
  const lifecycle = new Lifecycle({ desk, members, locale: config.locale });
  const inbound = new Inbound({
    desk,
    talk: dialogs,
    clicks,
    lifecycle,
    digest: env.digest,
    tenants: config.tenants,
    locale: config.locale,
    log,
  });
  const adapter = new DeskAdapter(config.bot, poster, log, (room, tenantId) => desk.gates.spend(room, tenantId));
  const activity = async (authorization: string, body: Parameters<DeskAdapter['receive']>[1]) => {
    let foreign = false;
    const answer = await adapter.receive(authorization, body, async (context) => {
      foreign = (await inbound.handle(context)) === 'foreign';
    });
    return foreign ? { status: 403 } : answer;
  };
  return { desk, routes: { desk, channels, activity, ready: () => store.ready(), inTime, metrics, log } };
}

function environment(log: Log, metrics: Metrics, replace: Replacements): Environment {
  const { now = Date.now, elapsed = () => performance.now(), later = timer, step } = replace;
  return {
    now,
    elapsed,
    step,
    inTime,
    random: Math.random,
    digest: (text) => hash('sha256', text, 'base64url').slice(0, 32),
    later,
    log,
    leased: metrics.leased,
    observe: metrics.observe,
  };
}

function timer(ms: number, work: () => void): () => void {
  // Node fires timers past 24.8 days at once.
  const handle = setTimeout(work, Math.min(ms, 2 ** 31 - 1));
  return () => clearTimeout(handle);
}

/** Opens each sealed value once and remembers it until it is sealed anew. */
function opener(open: (connection: Connection) => Record<string, string>) {
  const known = new Map<string, { sealed: string; secrets: Record<string, string> }>();
  return (connection: Connection): Record<string, string> => {
    const entry = known.get(connection.id);
    if (entry?.sealed === connection.sealed) return entry.secrets;
    const secrets = open(connection);
    known.set(connection.id, { sealed: connection.sealed, secrets });
    return secrets;
  };
}

async function openStore({ store }: Config, log: Log): Promise<Store> {
  if (store.kind === 'sqlite') {
    const waiting = setTimeout(
      () => log.info({ path: store.path }, 'waiting for the database: another process is still using it'),
      1_000,
    );
    return openSqlite(store).finally(() => clearTimeout(waiting));
  }
  // Its SDK takes a fifth of a second to load: only who uses it waits for it.
  const { openCosmos } = await import('./store/cosmos.ts');
  return openCosmos(store);
}

interface Refused {
  status: number;
  code: string;
  message: string;
}

/** Before anything else is there, who asks how the process is hears that it lives and waits: a supervisor must not end it for that. */
function whileStarting(path = ''): { status: number; body: object } | undefined {
  if (/^\/healthz\b/.test(path)) return { status: 200, body: { status: 'ok' } };
  const error = { code: 'starting', message: en.starting };
  if (/^\/readyz\b/.test(path)) return { status: 503, body: { status: 'not ready', reasons: ['starting'], error } };
  return { status: 503, body: { error } };
}

/** Hooks and activities that come too early or too late come again, to this process or to another. Who asks how the process is gets an answer. */
function notNow(state: State, path = ''): Refused | undefined {
  if (state === 'serving' || /^\/(healthz|readyz|metrics)\b/.test(path)) return undefined;
  return { status: 503, code: state, message: en[state] };
}

/** What is refused before restify looks at a request; it reads the address outside of any handler, and one that is none would end the process. */
function refusedFirst(request: { headers: IncomingHttpHeaders; url?: string }, local: boolean): Refused | undefined {
  const {
    headers: { host, origin },
    url: path,
  } = request;
  if (!isAddress(host, path)) return { status: 404, code: 'notFound', message: 'there is nothing here' };
  const own = isOwn(`http://${host}`) && (origin === undefined || isOwn(origin));
  return local && !own
    ? { status: 403, code: 'forbidden', message: 'local mode answers this machine only' }
    : undefined;
}

/** Local mode authenticates nobody: no web page elsewhere, and no foreign name for this machine, may speak to it. */
function isOwn(origin: string): boolean {
  const name = URL.canParse(origin) ? new URL(origin).hostname : '';
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name);
}

/** The configured keys; in local mode a key of its own, kept beside the database so that a restart can open what was sealed. */
function keysOf({ secretsKeys, store, local }: Config): Buffer[] {
  if (secretsKeys.length > 0) return secretsKeys;
  if (!local) throw new DeskError('secrets.cannotOpen');
  if (store.kind !== 'sqlite' || store.path === ':memory:') return [randomBytes(32)];
  const file = join(dirname(store.path), 'local-secrets.key');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  }
  return [Buffer.from(readFileSync(file, 'utf8'), 'base64')];
}

function sweep(store: Store, log: Log): void {
  store.sweep(Date.now()).then(
    (count) => count > 0 && log.info({ count }, 'expired records removed'),
    (error: unknown) => log.error({ err: error }, 'expired records could not be removed'),
  );
}

function isAddress(host = 'localhost', target = ''): boolean {
  return target.startsWith('/') && URL.canParse(`http://${host || 'localhost'}${target}`);
}

/**
 * Restify's own refusals in our shape, without the path they would repeat. They go out by restify's own method: it would send
 * its answer after any other, and end the process when it can't.
 */
function notServed(log: Log) {
  return (_request: unknown, response: restify.Response, error: { statusCode?: number }, done: () => void) => {
    if (response.headersSent) return;
    const status = error.statusCode ?? 500;
    const code = status === 405 ? 'methodNotAllowed' : 'notFound';
    const told = status >= 500 ? refusal(error, log) : { status, body: { error: { code, message: en[code] } } };
    const text = JSON.stringify(told.body);
    response.sendRaw(told.status, text, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': `${Buffer.byteLength(text)}`,
    });
    done();
  };
}
