import { dirname, join } from 'node:path';
import type { Limit } from './desk/budget.ts';
import { parseSecretsKey } from './store/sealing.ts';
import { GOVERNMENT } from './teams/cloud.ts';
import type { BotSettings } from './teams/token.ts';
import type { Locale } from './text/text.ts';

/** Everything the process is told from outside, checked. */
export interface Config {
  port: number;
  publicUrl: string;
  /** Bot Framework settings under their own names, for the SDK. */
  bot: BotSettings;
  /** No bot registration: loopback only, with the simulator. */
  local: boolean;
  /** Tenants that may use the bot, in lower case; `undefined` = every one. */
  tenants?: ReadonlySet<string>;
  store:
    | { kind: 'sqlite'; path: string; wait: number }
    | { kind: 'cosmos'; endpoint: string; key?: string; database: string };
  /** Where pictures are kept; a folder without a path is one of the process's own, for as long as it runs. */
  attachments:
    | { kind: 'folder'; path?: string }
    | { kind: 'azureBlobs'; endpoint: string; key?: string; container: string };
  /** The largest file of a customer that is taken, pictures aside (bytes). */
  fileLimit: number;
  /** The first seals, all open; empty in local mode, where a key file beside the database serves. */
  secretsKeys: Buffer[];
  /** `undefined` only in local mode: the simulator then stands in for KARTE. */
  karteApiUrl?: string;
  karteAdminUrl: string;
  /** `undefined` only in local mode: the simulator then stands in for LINE. */
  lineApiUrl?: string;
  lineDataApiUrl?: string;
  /** Where KARTE keeps customers' pictures: names, or `*.` and the end of names. */
  karteFileHosts: string[];
  locale: Locale;
  /** How long message content is kept (ms). */
  retention: number;
  /** How long one outgoing call may take (ms). */
  sendTimeout: number;
  /** How long a process may drive a lane without a word to the store (ms). */
  lease: number;
  /** How long after its end KARTE is asked about a send whose outcome nobody saw (ms). */
  settle: number;
  /** What Teams lets one bot do in one Teams channel, and in a tenant; empty = no limit. */
  limits: { room: Limit[]; tenant: Limit[]; reactions: Limit[] };
  logLevel: string;
}

type Environment = Record<string, string | undefined>;

/** Every wrong setting, one line each; nothing of a secret's value stands in them. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The Bot Framework's own names, handed through as they are. */
const BOT_ADDRESSES = [
  'ToChannelFromBotLoginUrl',
  'ToBotFromChannelOpenIdMetadataUrl',
  'ToBotFromEmulatorOpenIdMetadataUrl',
  'OAuthUrl',
];
const BOT_NAMES = [
  ...BOT_ADDRESSES,
  'MicrosoftAppId',
  'MicrosoftAppPassword',
  'MicrosoftAppType',
  'MicrosoftAppTenantId',
  'CertificateThumbprint',
  'CertificatePrivateKey',
  'ChannelService',
  'ValidateAuthority',
  'ToChannelFromBotOAuthScope',
  'ToBotFromChannelTokenIssuer',
  'CallerId',
];

/** Reactions by bots have a limit of their own: two a second in all places together (reference: Teams' rate limits). */
const REACTIONS = [{ calls: 2, ms: 1_000 }];

const DAY = 24 * 60 * 60_000;
const MB = 1024 * 1024;
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const APP_TYPES = ['MultiTenant', 'SingleTenant', 'UserAssignedMSI'];

/**
 * Adds what stands in the file `.env` beside package.json, if there is one, to the environment; what is set already stays.
 * `ENV_FILE` names another file, and when it is empty none is read.
 */
export function loadEnvFile(file = process.env.ENV_FILE ?? join(import.meta.dirname, '..', '.env')): void {
  if (file === '') return;
  try {
    process.loadEnvFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && process.env.ENV_FILE === undefined) return;
    throw new ConfigError([`ENV_FILE: ${file} can't be read`]);
  }
}

/** Reads the environment. Throws a ConfigError that lists every problem at once. */
export function readConfig(env: Environment = process.env): Config {
  const problems: string[] = [];
  const reader = new Reader(env, problems);
  const port = reader.whole('PORT', 3978, 0, 65_535);
  const bot = Object.fromEntries(
    BOT_NAMES.flatMap((name) => (reader.text(name) ? [[name, reader.text(name)]] : [])),
  ) as BotSettings;
  const local = !bot.MicrosoftAppId;
  const config: Config = {
    port,
    publicUrl: reader.url('PUBLIC_URL', `http://localhost:${port}`),
    bot,
    local,
    tenants: tenantsOf(reader.text('ALLOWED_TENANTS'), bot),
    store: storeOf(reader),
    attachments: attachmentsOf(reader),
    fileLimit: reader.whole('FILE_LIMIT_MB', 25, 1, 200) * MB,
    secretsKeys: secretsOf(reader, local),
    karteApiUrl:
      local && !reader.text('KARTE_API_URL') ? undefined : reader.url('KARTE_API_URL', 'https://api.karte.io'),
    lineApiUrl: local && !reader.text('LINE_API_URL') ? undefined : reader.url('LINE_API_URL', 'https://api.line.me'),
    lineDataApiUrl:
      local && !reader.text('LINE_DATA_API_URL')
        ? undefined
        : reader.url('LINE_DATA_API_URL', 'https://api-data.line.me'),
    karteAdminUrl: reader.url('KARTE_ADMIN_URL', 'https://admin.karte.io'),
    karteFileHosts: reader.hosts('KARTE_FILE_HOSTS', '*.karte.io'),
    locale: reader.oneOf('LOCALE', ['ja', 'en'], 'ja') as Locale,
    retention: reader.whole('RETENTION_DAYS', 90, 1, 3_650) * DAY,
    sendTimeout: reader.whole('SEND_TIMEOUT_MS', 15_000, 100, 120_000),
    lease: 0,
    settle: reader.whole('SETTLE_MS', 10_000, 100, 600_000),
    limits: {
      room: reader.limits('TEAMS_BUDGET', '7/1,8/2,60/30,1800/3600'),
      tenant: reader.limits('TEAMS_TENANT_BUDGET', '50/1'),
      reactions: REACTIONS,
    },
    logLevel: reader.oneOf('LOG_LEVEL', LEVELS, 'info'),
  };
  config.lease = reader.whole('LEASE_MS', config.sendTimeout + 10_000, config.sendTimeout + 1_000, 3_600_000);
  if (local && env.NODE_ENV === 'production')
    problems.push('MicrosoftAppId: required in production; without it nobody is authenticated');
  if (local) checkLocal(bot, reader, problems);
  else checkBot(bot, reader, problems);
  if (reader.text('ALLOWED_TENANTS') && !/[^\s,]/.test(reader.text('ALLOWED_TENANTS') ?? ''))
    problems.push('ALLOWED_TENANTS: names no tenant; leave it empty or name one');
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** A bot registration without its id is a slip, and must not end in a mode without authentication. */
function checkLocal(bot: BotSettings, reader: Reader, problems: string[]): void {
  const given = ['MicrosoftAppPassword', 'MicrosoftAppTenantId', 'CertificateThumbprint'].filter((name) => bot[name]);
  if (reader.text('ALLOWED_TENANTS')) given.push('ALLOWED_TENANTS');
  if (given.length > 0) problems.push(`MicrosoftAppId: required beside ${given.join(', ')}`);
}

function checkBot(bot: BotSettings, reader: Reader, problems: string[]): void {
  for (const name of BOT_ADDRESSES) if (bot[name]) reader.url(name);
  reader.oneOf('ChannelService', [GOVERNMENT], '');
  reader.oneOf('ValidateAuthority', ['true', 'false'], 'true');
  const type = reader.oneOf('MicrosoftAppType', APP_TYPES, 'MultiTenant');
  const certificate = bot.CertificateThumbprint && bot.CertificatePrivateKey;
  if (type === 'UserAssignedMSI') {
    if (bot.MicrosoftAppPassword) problems.push('MicrosoftAppPassword: must be empty for a managed identity');
  } else if (!bot.MicrosoftAppPassword && !certificate)
    problems.push('MicrosoftAppPassword: required (or CertificateThumbprint and CertificatePrivateKey)');
  if (type !== 'MultiTenant' && !bot.MicrosoftAppTenantId) problems.push(`MicrosoftAppTenantId: required for ${type}`);
}

/** The bot's own tenant when it is single-tenant, unless told otherwise. */
function tenantsOf(list: string | undefined, bot: BotSettings): ReadonlySet<string> | undefined {
  const named = (list ?? '').split(',').flatMap((tenant) => tenant.trim().toLowerCase() || []);
  if (named.length > 0) return new Set(named);
  const own = bot.MicrosoftAppTenantId;
  return bot.MicrosoftAppType?.toLowerCase() === 'singletenant' && own ? new Set([own.toLowerCase()]) : undefined;
}

function storeOf(reader: Reader): Config['store'] {
  if (reader.oneOf('STORE', ['sqlite', 'cosmos'], 'sqlite') === 'sqlite')
    return {
      kind: 'sqlite',
      path: reader.text('SQLITE_PATH') ?? './data/madoguchi.db',
      wait: reader.whole('SQLITE_WAIT_MS', 30_000, 0, 600_000),
    };
  return {
    kind: 'cosmos',
    endpoint: reader.url('COSMOS_ENDPOINT'),
    key: reader.text('COSMOS_KEY'),
    database: reader.text('COSMOS_DATABASE') ?? 'madoguchi',
  };
}

/** Beside the database unless told otherwise. Several processes need a place that all of them reach. */
function attachmentsOf(reader: Reader): Config['attachments'] {
  const [path, endpoint, key] = ['ATTACHMENTS_PATH', 'BLOB_ENDPOINT', 'BLOB_KEY'].map((name) => reader.text(name));
  const container = reader.text('BLOB_CONTAINER') ?? 'madoguchi';
  if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(container))
    reader.problem('BLOB_CONTAINER: must be 3 to 63 small letters, digits and single hyphens', undefined);
  if (endpoint) {
    if (path) reader.problem('ATTACHMENTS_PATH: must be empty where BLOB_ENDPOINT is given', undefined);
    return { kind: 'azureBlobs', endpoint: reader.url('BLOB_ENDPOINT'), key, container };
  }
  if (key) reader.problem('BLOB_ENDPOINT: required beside BLOB_KEY', undefined);
  const database = reader.text('SQLITE_PATH') ?? './data/madoguchi.db';
  return {
    kind: 'folder',
    path: path ?? (database === ':memory:' ? undefined : join(dirname(database), 'attachments')),
  };
}

function secretsOf(reader: Reader, local: boolean): Buffer[] {
  const keys = reader.text('SECRETS_KEY');
  if (!keys && local) return [];
  if (!keys)
    return reader.problem('SECRETS_KEY: required: 32 bytes in base64, e.g. from `openssl rand -base64 32`', []);
  try {
    return parseSecretsKey(keys);
  } catch (error) {
    return reader.problem(`SECRETS_KEY: ${(error as Error).message}`, []);
  }
}

/** Reads single settings and notes what is wrong with them. Blank counts as not set. */
class Reader {
  readonly #env: Environment;
  readonly #problems: string[];

  constructor(env: Environment, problems: string[]) {
    this.#env = env;
    this.#problems = problems;
  }

  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  whole(name: string, otherwise: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    return this.problem(`${name}: must be a whole number from ${least} to ${most}`, otherwise);
  }

  /** `calls/seconds`, separated by commas; `off` = none. */
  limits(name: string, otherwise: string): Limit[] {
    const text = this.text(name) ?? otherwise;
    if (text.toLowerCase() === 'off') return [];
    const limits = text.split(',').map((each) => {
      const [, calls, seconds] = /^\s*([1-9]\d{0,5})\s*\/\s*(\d{1,5}(?:\.\d{1,3})?)\s*$/.exec(each) ?? [];
      return { calls: Number(calls), ms: Number(seconds) * 1000 };
    });
    if (limits.every(({ calls, ms }) => calls > 0 && ms > 0)) return limits;
    return this.problem(`${name}: must be calls/seconds separated by commas, as in 7/1,60/30, or off`, []);
  }

  oneOf(name: string, values: string[], otherwise: string): string {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const value = values.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    return value ?? this.problem(`${name}: must be one of ${values.join(', ')}`, otherwise);
  }

  /** Names of hosts, separated by commas; `*.` before one stands for all below it, `off` = none. */
  hosts(name: string, otherwise: string): string[] {
    const text = this.text(name)?.toLowerCase() ?? otherwise;
    if (text === 'off') return [];
    const hosts = text.split(',').map((host) => host.trim());
    if (hosts.every((host) => /^(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(host))) return hosts;
    return this.problem(
      `${name}: must be names of hosts separated by commas, as in files.example.com,*.example.com`,
      [],
    );
  }

  /** An http(s) address without a slash at its end; one with a password, a query or a mark is refused. */
  url(name: string, otherwise?: string): string {
    const text = this.text(name) ?? otherwise;
    if (text === undefined) return this.problem(`${name}: required`, '');
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const plain = url && !url.username && !url.password && !url.search && !url.hash;
    if (plain && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
    return this.problem(`${name}: must be an address that begins with https:// or http://`, '');
  }

  problem<T>(line: string, instead: T): T {
    this.#problems.push(line);
    return instead;
  }
}
