import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response, Server } from 'restify';
import type { Channel, Hook } from './channels/channel.ts';
import type { Desk } from './desk/desk.ts';
import { DeskError } from './desk/deskError.ts';
import type { Receipt } from './desk/intake.ts';
import type { Log } from './desk/ports.ts';
import type { Metrics } from './metrics.ts';
import { isActivity } from './teams/activityShape.ts';
import type { Activity } from './teams/adapter.ts';
import { en } from './text/en.ts';
import { keyOf } from './text/text.ts';

/** The largest body that is read (bytes). */
const LARGEST = 1024 * 1024;

/** How metrics show a client that hung up before its request was whole; nginx's number for it. */
const HUNG_UP = 499;

/** What each refusal of a hook or an activity is on HTTP. */
export const STATUS: Record<string, number> = {
  'hook.notJson': 400,
  'hook.badShape': 400,
  'hook.badSignature': 401,
  'hook.stale': 401,
  'hook.unknownAccount': 404,
  'hook.tooLarge': 413,
  'store.unavailable': 503,
  'secrets.cannotOpen': 503,
  notFound: 404,
  starting: 503,
  stopping: 503,
  forbidden: 403,
};

/** What each refusal of an activity is called; 501 is the Bot Framework's answer to an invoke that nobody knows. */
export const REFUSED: Record<number, string> = {
  401: 'unauthorized',
  403: 'unauthorized',
  501: 'notImplemented',
  503: 'unavailable',
};

/** Where the process is in its life. */
export type State = 'starting' | 'serving' | 'stopping';

export interface RouteParts {
  state(): State;
  desk: Desk;
  channels: ReadonlyMap<string, Channel>;
  /** Authenticates an activity and works it through. */
  activity(authorization: string, activity: Activity): Promise<{ status: number; body?: unknown }>;
  /** Shows a kept file to whoever has its link; `undefined`, and nothing is sent, where there is no such link. */
  file(request: IncomingMessage, response: ServerResponse): Promise<number | undefined>;
  /** Resolves when the store answers. */
  ready(): Promise<void>;
  /** Waits for what is being stored only as long as who sent it may wait; rejects with `store.unavailable` then. */
  inTime<T>(storing: Promise<T>): Promise<T>;
  metrics: Metrics;
  log: Log;
}

/** Puts the product's HTTP surface onto a server. Bodies of refusals are `{error:{code,message}}`: no stack, no secret, no echo. */
export function addRoutes(server: Server, parts: RouteParts): void {
  server.post(
    '/api/teams/messages',
    answering(parts, (request) => hook(parts, 'karte', request)),
  );
  server.post(
    '/api/channels/:channel/:connection',
    answering(parts, (request) => hook(parts, request.params.channel, request, request.params.connection)),
  );
  server.post(
    '/api/messages',
    answering(parts, (request) => activity(parts, request)),
  );
  const shows = async (request: Request, response: Response) => file(parts, request, response);
  server.get('/files/*', shows);
  server.head('/files/*', shows);
  server.get(
    '/healthz',
    answering(parts, async () => ({ status: 200, body: { status: 'ok' } })),
  );
  server.get(
    '/readyz',
    answering(parts, () => readiness(parts)),
  );
  server.get('/metrics', async (_request: Request, response: Response) => {
    const text = await parts.metrics.text();
    response.sendRaw(200, text, { 'content-type': parts.metrics.contentType });
  });
}

interface Answer {
  status: number;
  body?: unknown;
}

async function hook(parts: RouteParts, name: string, request: Request, connectionId?: string): Promise<Answer> {
  const channel = parts.channels.get(name);
  if (!channel) throw new DeskError('hook.unknownAccount');
  const body = await readBody(request);
  const receipts = await parts.inTime(received(parts.desk, channel, { headers: request.headers, body }, connectionId));
  return { status: 200, body: { status: receipts[0] ?? 'ignored' } };
}

/** Verifies a hook and stores what it tells of; with an id in its address it must be that connection's. */
async function received(desk: Desk, channel: Channel, hook: Hook, connectionId?: string): Promise<Receipt[]> {
  const { directory, connections, intake } = desk;
  const found = await channel.receive(hook, async (account) => {
    const id = account === undefined ? connectionId : connections.idOf(channel.name, account);
    if (id === undefined || (connectionId ?? id) !== id) return undefined;
    const connection = await directory.connection(id);
    const isThere = connection?.channel === channel.name && connection.disconnectedAt === undefined;
    return isThere ? connection : undefined;
  });
  const receipts: Receipt[] = [];
  for (const incoming of found) receipts.push(await intake.receive(incoming));
  return receipts;
}

async function activity(parts: RouteParts, request: Request): Promise<Answer> {
  const body = parsed(await readBody(request));
  const authorization = request.headers.authorization ?? '';
  const { status, body: answer } = await parts.activity(authorization, body);
  if (status < 400 || answer !== undefined) return { status, body: answer };
  return { status, body: { error: { code: REFUSED[status] ?? 'internal', message: 'the activity was not accepted' } } };
}

async function file(parts: RouteParts, request: Request, response: Response): Promise<void> {
  const begun = performance.now();
  const refused = (error: unknown) => {
    const { status, body } = refusal(error, parts.log);
    sendJson(response, status, body);
    return status;
  };
  const status = await parts
    .file(request, response)
    .catch((error: unknown) => refused(new DeskError('store.unavailable', {}, error)));
  parts.metrics.answered('/files', status ?? refused(new DeskError('notFound')), performance.now() - begun);
}

function parsed(body: Buffer): Activity {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new DeskError('hook.notJson');
  }
  if (!isActivity(value)) throw new DeskError('hook.badShape');
  return value;
}

/** Whether a load balancer may send work here; if not, every reason why not. */
async function readiness({ state, ready, desk, log }: RouteParts): Promise<Answer> {
  const reasons: ('starting' | 'stopping' | 'store.unavailable')[] = [];
  const now = state();
  if (now !== 'serving') reasons.push(now);
  await ready().catch((error: unknown) => {
    log.error({ err: error }, 'the store does not answer');
    reasons.push('store.unavailable');
  });
  const [code] = reasons;
  if (!code) return { status: 200, body: { status: 'ready', ...desk.lanes.depth() } };
  return { status: 503, body: { status: 'not ready', reasons, error: { code, message: en[code] } } };
}

/** Reads the raw bytes, at most LARGEST of them. By events: going through the stream by `for await` costs more than all that is done with them. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let over = false;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LARGEST) chunks.push(chunk);
    });
    request.once('end', () => {
      over = true;
      if (length > LARGEST) reject(new DeskError('hook.tooLarge'));
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    });
    request.once('error', reject);
    // Every request closes in the end: an error for each, with its stack, costs more than reading the body.
    request.once('close', () => over || reject(new Error('the request broke off')));
  });
}

function answering(parts: RouteParts, handle: (request: Request) => Promise<Answer>) {
  return async (request: Request, response: Response): Promise<void> => {
    const begun = performance.now();
    const { status, body } = await handle(request).catch((error: unknown) =>
      // Who hung up before the end hears nothing, and it is no failure of ours.
      request.destroyed && !request.complete ? { status: HUNG_UP, body: undefined } : refusal(error, parts.log),
    );
    parts.metrics.answered(request.getRoute()?.path?.toString() ?? '', status, performance.now() - begun);
    sendJson(response, status, body);
  };
}

/** What a refusal says on HTTP; anything unforeseen is a 500 without a word about it, and in the log. */
export function refusal(error: unknown, log: Log): Answer {
  const code = error instanceof DeskError ? error.code : 'internal';
  const status = STATUS[code] ?? 500;
  if (status >= 500) log.error({ err: error, code }, 'a request failed');
  return { status, body: { error: { code, message: en[keyOf(code)] } } };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(text ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
