import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import restify, { type Server } from 'restify';
import type { Replacements } from './assembly.ts';
import { FolderStorage } from './attachments/folder.ts';
import type { Storage } from './attachments/storage.ts';
import type { Config } from './config.ts';
import type { Desk } from './desk/desk.ts';
import type { Log } from './desk/ports.ts';
import { addRoutes, refusal, type State, sendJson } from './routes.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { en } from './text/en.ts';

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
    // The store's thread opens the database while the SDKs are loaded, which takes most of a start.
    const [store, attachments, { assemble }] = await Promise.all([
      replace.store ?? openStore(config, log),
      replace.attachments ?? openAttachments(config, log),
      import('./assembly.ts'),
    ]);
    const { desk, routes } = assemble(
      {
        ...config,
        karteApiUrl: config.karteApiUrl ?? mounted?.karteApiUrl,
        lineApiUrl: config.lineApiUrl ?? mounted?.lineApiUrl,
        lineDataApiUrl: config.lineDataApiUrl ?? mounted?.lineDataApiUrl,
        publicUrl: mounted?.publicUrl ?? config.publicUrl,
      },
      store,
      attachments,
      log,
      replace,
    );
    addRoutes(server, { ...routes, state: () => state });
    routed = true;
    await desk.start();
    const sweeping = setInterval(() => sweep(store, attachments, log), SWEEP_EVERY).unref();
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
        await attachments.close?.();
      },
    };
  } catch (error) {
    server.server.closeAllConnections();
    server.close();
    throw error;
  }
}

async function openStore({ store }: Config, log: Log): Promise<Store> {
  if (store.kind === 'sqlite') {
    const waiting = setTimeout(
      () =>
        log.info(
          { path: store.path },
          'waiting for the database: it is slow to open, or another process is still using it',
        ),
      1_000,
    );
    return openSqlite(store).finally(() => clearTimeout(waiting));
  }
  // Its SDK takes a fifth of a second to load: only who uses it waits for it.
  const { openCosmos } = await import('./store/cosmos.ts');
  return openCosmos(store);
}

function openAttachments({ attachments, store }: Config, log: Log): Storage | Promise<Storage> {
  if (attachments.kind === 'folder') {
    if (store.kind === 'cosmos')
      log.warn(
        { path: attachments.path },
        'pictures are kept in a folder that other processes don’t have; set BLOB_ENDPOINT',
      );
    return new FolderStorage(attachments.path);
  }
  return import('./attachments/azureBlobs.ts').then(({ openAzureBlobs }) => openAzureBlobs(attachments));
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

function sweep(store: Store, attachments: Storage, log: Log): void {
  attachments.sweep(Date.now()).then(
    (days) => days > 0 && log.info({ days }, 'expired attachments removed'),
    (error: unknown) => log.error({ err: error }, 'expired attachments could not be removed'),
  );
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
