import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import type { Post, Thread } from '../../simulator/state.ts';
import type { Replacements } from '../../src/assembly.ts';
import { readConfig } from '../../src/config.ts';
import type { Log } from '../../src/desk/ports.ts';
import { type Running, startServer } from '../../src/server.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { mortal } from './storeHandles.ts';

/** A log that keeps its lines, so that tests can read what was told, and what was not. */
export class KeptLog implements Log {
  readonly lines: { level: string; fields: object; line: string }[] = [];
  info(fields: object, line: string): void {
    this.lines.push({ level: 'info', fields, line });
  }
  warn(fields: object, line: string): void {
    this.lines.push({ level: 'warn', fields, line });
  }
  error(fields: object, line: string): void {
    this.lines.push({ level: 'error', fields, line });
  }
}

export interface StandOptions {
  /** Environment beside the defaults of local mode. */
  env?: Record<string, string>;
  simulator?: Partial<SimulatorOptions>;
  replace?: Replacements;
  /** Leaves the desk without a connection. */
  unconnected?: boolean;
}

/** The product and the simulator, each with a server of its own, talking over real HTTP. */
export interface Stand {
  running: Running;
  simulator: Simulator;
  store: Store;
  log: KeptLog;
  /** Ends the product and starts it anew on the same store. */
  restart(): Promise<void>;
  /** Kills the product where it stands (nothing it does is stored any more) and starts it anew on the same store. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export const YAMADA = '山田 花子';
export const SATO = '佐藤 健';
export const GUEST = '李 美';
export const OUTSIDER = '外部 太郎';

export async function stand(options: StandOptions = {}): Promise<Stand> {
  const log = new KeptLog();
  const store = options.replace?.store ?? (await openSqlite({ path: ':memory:' }));
  const door = createServer();
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const simulatorUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  // The product's address stays the same across a restart: a small gate in front of it knows where it is now.
  let productUrl = '';
  const gate = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    try {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
      ) as Record<string, string>;
      const answer = await fetch(`${productUrl}${request.url}`, {
        method: request.method,
        headers,
        body: request.method === 'POST' ? Buffer.concat(chunks) : undefined,
      });
      const body = Buffer.from(await answer.arrayBuffer());
      // restify's writeHead gives nothing back to chain on.
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      response.end(body);
    } catch {
      response.destroy();
    }
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const botUrl = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  const simulator = createSimulator({
    botUrl,
    baseUrl: simulatorUrl,
    hookRetryMs: 100,
    lineRetryMs: 100,
    // What breaks or is refused comes again soon; what takes long on a busy machine is waited for.
    activityRetryMs: 1_500,
    redeliverAfterMs: 15_000,
    lineTimeoutMs: 10_000,
    ...options.simulator,
  });
  door.on('request', (request, response) => {
    const handled = simulator.handle(request, response);
    if (handled === false) response.destroy();
    else handled.catch((error: unknown) => response.destroy(error as Error));
  });
  const config = readConfig({
    PORT: '0',
    PUBLIC_URL: 'https://desk.example.test',
    KARTE_API_URL: simulator.karteUrl,
    LINE_API_URL: simulator.lineUrl,
    LINE_DATA_API_URL: simulator.lineDataUrl,
    SQLITE_PATH: ':memory:',
    SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    SEND_TIMEOUT_MS: '5000',
    // Where Teams counts nothing, there is nothing to be spared.
    ...(options.simulator?.enforceLimits === false ? { TEAMS_BUDGET: 'off', TEAMS_TENANT_BUDGET: 'off' } : {}),
    ...options.env,
  });
  // The store outlives a restart of the product here.
  const kept: Store = { ...store, close: async () => undefined };
  const later = options.replace?.later ?? realLater;
  let life = mortal(kept, later);
  const start = async () => {
    life = mortal(kept, later);
    const running = await startServer(config, log, { ...options.replace, store: life.store, later: life.later });
    productUrl = running.url;
    return running;
  };
  const self: Stand = {
    running: await start(),
    simulator,
    store,
    log,
    async restart() {
      await self.running.stop();
      self.running = await start();
    },
    async crash() {
      life.die();
      const { server } = self.running.server;
      server.closeAllConnections();
      server.close();
      self.running = await start();
    },
    async close() {
      await simulator.close();
      await self.running.stop();
      await store.close();
      for (const server of [door, gate]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
  await Promise.all(simulator.teams.install().map(({ settled }) => settled));
  if (!options.unconnected) await connect(self);
  return self;
}

/** How often a process that stood still looks round before it calls anything late. */
const TURNS = 10;

/** The timers of this machine. What has come while the process stood still is heard before anything is called late. */
export function realLater(ms: number, work: () => void): () => void {
  let isOff = false;
  const timer = setTimeout(async () => {
    for (let count = 0; count < TURNS; count++) await turn();
    if (!isOff) work();
  }, ms);
  return () => {
    isOff = true;
    clearTimeout(timer);
  };
}

/** The same, but where the desk would wait so long (ms) it waits as long as a busy machine needs, while `isPatient` says so. */
export function patientLater(wait: number, isPatient: () => boolean): typeof realLater {
  return (ms, work) => realLater(ms === wait && isPatient() ? 15_000 : ms, work);
}

/** Sets the desk up through the form, as a person would. */
export async function connect({ simulator }: Stand, who = YAMADA): Promise<void> {
  const { team, project } = simulator.state();
  const { thread } = simulator.teams.say(who, { channel: team.id, text: 'setup', mentions: ['bot'] });
  const offer = await simulator.waitFor(() =>
    simulator.teams
      .threads()
      .find(({ id }) => id === thread.id)
      ?.posts.find((post) => post.fromBot),
  );
  const { apiKey, accessToken, botId, clientSecret } = project;
  const form = { madoguchi: 'setup', apiKey, accessToken, botId, clientSecret };
  // Where the product has little patience with KARTE, a machine with much else to do may use it up.
  for (let time = 1; time <= 3; time++) {
    const { body } = await simulator.teams.submitTask(who, offer.id, form);
    if ((body as { task?: { type?: string } } | undefined)?.task?.type === 'message') return;
  }
}

/** Connects LINE through its form, as a person would; gives what the form said at its end. */
export async function connectLine(
  { simulator }: Stand,
  more: Record<string, string> = {},
  who = YAMADA,
): Promise<string> {
  const { team } = simulator.state();
  const { thread } = simulator.teams.say(who, { channel: team.id, text: 'connect line', mentions: ['bot'] });
  const offer = await simulator.waitFor(() =>
    simulator.teams
      .threads()
      .find(({ id }) => id === thread.id)
      ?.posts.find((post) => post.fromBot),
  );
  const { channelId, channelSecret, basicId } = simulator.line.account().state;
  const typed = { madoguchi: 'connect', channel: 'line', channelId, channelSecret, basicId, ...more };
  const { body } = await simulator.teams.submitTask(who, offer.id, typed);
  // The answer asks for both.
  Object.assign(simulator.line.account().state.webhook, { active: true, redelivery: true });
  return JSON.stringify((body as { task?: { value?: unknown } } | undefined)?.task?.value);
}

/** Every string that stands somewhere in a post: text, cards, mentions. */
export function wordsOf(post: Post): string {
  const words: string[] = [post.text ?? ''];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') words.push(value);
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(post.attachments);
  return words.join('\n');
}

/** The verbatim words in a post's card. */
export function runsOf(post: Post): string[] {
  const body = (
    (post.attachments?.[0]?.content as { body?: { type: string; inlines?: { text: string }[] }[] })?.body ?? []
  ).filter(({ type }) => type === 'RichTextBlock');
  return body.map(({ inlines = [] }) => inlines.map(({ text }) => text).join(''));
}

/** The thread whose root card names this end user. */
export function threadOf(simulator: Simulator, key: string): Thread | undefined {
  return simulator.teams.threads().find(({ posts }) => posts[0] && wordsOf(posts[0]).includes(key));
}

/** Waits until a thread shows a post of the bot with these words, below its root: a customer's card repeats what was said last. */
export function shown(simulator: Simulator, threadId: string, words: string): Promise<Post> {
  return simulator.waitFor(() =>
    simulator.teams
      .threads()
      .find(({ id }) => id === threadId)
      ?.posts.slice(1)
      .find((post) => post.fromBot && wordsOf(post).includes(words)),
  );
}

/** A customer who has written, and their thread once it shows the message. */
export async function conversation(simulator: Simulator, key: string, text = 'こんにちは') {
  const customer = simulator.karte.customer({ user_id: key });
  customer.write(text);
  const thread = await simulator.waitFor(() => {
    const found = threadOf(simulator, key);
    return found?.posts.slice(1).some((post) => runsOf(post).includes(text)) ? found : undefined;
  });
  return { customer, thread };
}
