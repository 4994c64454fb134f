import { hash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Server } from 'restify';
import { Dialogs } from '../dialogs/dialogs.ts';
import type { Tools } from '../dialogs/facts.ts';
import { formsOf } from '../dialogs/forms/index.ts';
import { pressesOf } from '../dialogs/presses.ts';
import { Attachments } from './attachments/attachments.ts';
import { download } from './attachments/download.ts';
import { Links } from './attachments/links.ts';
import { serveFile } from './attachments/serving.ts';
import type { Storage } from './attachments/storage.ts';
import { channelsOf } from './channels/index.ts';
import type { Config } from './config.ts';
import { Desk } from './desk/desk.ts';
import { DeskError } from './desk/deskError.ts';
import type { Environment, Log } from './desk/ports.ts';
import type { Connection } from './desk/settings.ts';
import { isHolidayInJapan } from './holidays.ts';
import { Metrics } from './metrics.ts';
import type { RouteParts } from './routes.ts';
import { inTime, measured } from './store/measured.ts';
import { createSealer } from './store/sealing.ts';
import type { Store } from './store/store.ts';
import { DeskAdapter } from './teams/adapter.ts';
import { Clicks } from './teams/clicks.ts';
import { TeamsExamination } from './teams/examination.ts';
import { Inbound } from './teams/inbound.ts';
import { Lifecycle } from './teams/lifecycle.ts';
import { Members } from './teams/members.ts';
import { TeamsPictures } from './teams/pictures.ts';
import { Poster } from './teams/poster.ts';
import { Threads } from './teams/threads.ts';
import { type GetToken, tokenSource } from './teams/token.ts';

/** How long a question to an operator waits for a click (ms). */
const QUESTION_LIFE = 7 * 24 * 60 * 60_000;

/** What tests replace. */
export interface Replacements {
  store?: Store;
  attachments?: Storage;
  token?: GetToken;
  now?: () => number;
  elapsed?: () => number;
  step?: Environment['step'];
  later?: Environment['later'];
  /** Called once the address is known and before anything is served. */
  mount?(
    server: Server,
    url: string,
  ): { karteApiUrl?: string; lineApiUrl?: string; lineDataApiUrl?: string; publicUrl?: string };
}

/** Puts the product together from its settings and an open store: which part is given to which is said here and nowhere else. */
export function assemble(config: Config, opened: Store, storage: Storage, log: Log, replace: Replacements) {
  const metrics = new Metrics();
  const store = measured(opened, metrics.stored);
  const env = environment(log, metrics, replace);
  const keys = keysOf(config);
  const sealer = createSealer(keys);
  const links = new Links(config.publicUrl, keys, env.now);
  const shared = {
    timeout: config.sendTimeout,
    secrets: opener((connection) =>
      connection.sealed ? JSON.parse(sealer.open(connection.sealed, connection.id)) : {},
    ),
    digest: env.digest,
    now: env.now,
    log,
  };
  // In local mode the simulator stands in for KARTE, on this machine, its files too.
  const simulated = config.local && config.karteApiUrl ? new URL(config.karteApiUrl).origin : undefined;
  const channels = channelsOf({
    karte: {
      ...shared,
      apiUrl: config.karteApiUrl ?? 'https://api.karte.io',
      adminUrl: config.karteAdminUrl,
      download: (url, limits) => download(url, { hosts: config.karteFileHosts, own: simulated, ...limits }),
    },
    line: {
      ...shared,
      apiUrl: config.lineApiUrl ?? 'https://api.line.me',
      dataUrl: config.lineDataApiUrl ?? 'https://api-data.line.me',
      // In local mode the simulator stands in for LINE, on this machine.
      isLink: (url) => url.startsWith('https://') || (config.local && url.startsWith(config.publicUrl)),
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
    pictures: new Attachments({
      storage,
      links,
      channels,
      teams: new TeamsPictures(poster, config.bot, config.local),
      fileLimit: config.fileLimit,
      locale: config.locale,
      log,
    }),
    publicUrl: config.publicUrl,
    env,
    isHoliday: isHolidayInJapan,
    open: shared.secrets,
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
  const spend = (room: string, tenantId: string) => desk.gates.spend(room, tenantId);
  const examination = new TeamsExamination(poster, spend);
  const tools: Tools = {
    desk,
    examineTeams: (settings, asked) => examination.examine(settings, asked),
    storeKind: config.store.kind,
    publicUrl: config.publicUrl,
    questionLife: QUESTION_LIFE,
    now: env.now,
    member: async (deskId, id) => members.find(await desk.administration.read(deskId), id),
  };
  const dialogs = new Dialogs(tools);
  const clicks = new Clicks({ desk, members, answering: dialogs, forms: formsOf(tools), presses: pressesOf(tools) });
  const lifecycle = new Lifecycle({ desk, members, locale: config.locale });
  const inbound = new Inbound({
    desk,
    talk: dialogs,
    clicks,
    lifecycle,
    digest: env.digest,
    now: env.now,
    tenants: config.tenants,
    locale: config.locale,
    log,
  });
  const adapter = new DeskAdapter(config.bot, poster, log, spend);
  const activity = async (authorization: string, body: Parameters<DeskAdapter['receive']>[1]) => {
    let foreign = false;
    const answer = await adapter.receive(authorization, body, async (context) => {
      foreign = (await inbound.handle(context)) === 'foreign';
    });
    return foreign ? { status: 403 } : answer;
  };
  const file: RouteParts['file'] = (request, response) =>
    serveFile({ links, storage, now: env.now }, request, response);
  return { desk, routes: { desk, channels, activity, file, ready: () => store.ready(), inTime, metrics, log } };
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
