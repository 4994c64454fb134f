import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chanceFrom } from '../../../simulator/chance.ts';

/**
 * Teams' connector and KARTE's API for long runs: checks the shape of what comes, answers, fails by chance, and keeps nothing but
 * how often each numbered text arrived since it was last asked about, and each end user's last texts.
 */
export interface Sink {
  url: string;
  /** Arrivals by numbered text (`t12.` toward Teams, `k12.` toward KARTE); whoever reads takes out. */
  arrivals: Map<string, number>;
  /** Numbered texts that came in marked repeats; whoever reads takes out. */
  repeats: Set<string>;
  /** Posts that said they may be repeats; no doubles, then. */
  marked: number;
  /** The thread of each end user (`user-12`), by the key on its root card. */
  threads: Map<string, string>;
  /** Which part of the calls fails, from now on. */
  share: number;
  calls: number;
  failed: number;
  /** Requests that neither Teams nor KARTE would have understood. */
  strange: string[];
  close(): void;
}

const TEXT = /\b([tk]\d+)\./g;

/** How many of an end user's texts `message/get` tells. */
const REMEMBERED = 50;

export async function openSink(seed: number, repeatMark: string): Promise<Sink> {
  const draw = chanceFrom(seed);
  const said = new Map<string, { date: string; account_id: string; content: { text: string } }[]>();
  let ids = 0;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const path = decodeURIComponent(request.url ?? '');
    sink.calls += 1;
    const taken =
      path.startsWith('/v2/') || path.startsWith('/v2beta/') ? karte(path, body) : teams(request, path, body);
    if (!taken) {
      sink.strange.push(`${request.method} ${path}`);
      return answer(response, 400, { error: { code: 'Bad Argument', message: 'not understood' } });
    }
    const trouble = !taken.spared && draw() < sink.share ? Math.floor(draw() * 4) : undefined;
    if (trouble !== undefined) sink.failed += 1;
    // 412 and 429 refuse before anything happens; 503 comes with or without an effect, at KARTE with it.
    if (trouble === 0) return answer(response, 412, { error: { code: 'PreconditionFailed' } });
    if (trouble === 1) return answer(response, 429, { error: { code: 'Throttled' } }, { 'retry-after': '1' });
    if (trouble === 2 && taken.side === 'teams') return answer(response, 503, { error: { code: 'ServiceError' } });
    taken.effect();
    if (trouble !== undefined) return answer(response, 503, { error: { code: 'ServiceError' } });
    answer(response, taken.status, taken.body);
  });

  /** A marked repeat counts where the first one did not arrive. */
  const arrive = (text: string, repeat = false) => {
    for (const [, number = ''] of text.matchAll(TEXT)) {
      if (repeat) sink.repeats.add(number);
      else sink.arrivals.set(number, (sink.arrivals.get(number) ?? 0) + 1);
    }
  };

  function teams({ method }: IncomingMessage, path: string, body: unknown): Taken | undefined {
    ids += 1;
    const id = String(ids);
    const [, team] = /^\/v3\/teams\/([^/]+)\/conversations$/.exec(path) ?? [];
    if (method === 'GET' && team)
      return { side: 'teams', status: 200, body: { conversations: [{ id: team, name: '' }] }, effect: () => undefined };
    const text = JSON.stringify(cardsIn(body));
    if (method === 'PUT' && /^\/v3\/conversations\/.+\/activities\/.+\/reactions\/\w+$/.test(path))
      return { side: 'teams', status: 204, effect: () => undefined };
    if (text === '[]') return undefined;
    if (method === 'PUT') return { side: 'teams', status: 200, body: { id }, effect: () => undefined };
    if (method !== 'POST') return undefined;
    // What may have arrived twice is left in peace: a second unknown outcome would park it, and rightly.
    const repeat = text.includes(repeatMark);
    const effect = () => {
      // Failure cards quote: what has a button is no message.
      if (text.includes('Action.Submit')) return;
      if (repeat) sink.marked += 1;
      arrive(runsIn(body).join('\n'), repeat);
    };
    if (path === '/v3/conversations') {
      const { channelData } = body as { channelData?: { channel?: { id?: string } } };
      const channel = channelData?.channel?.id;
      if (!channel) return undefined;
      const [user] = /user-\d+/.exec(text) ?? [];
      if (user) sink.threads.set(user, `${channel};messageid=${id}`);
      const made = { id: `${channel};messageid=${id}`, activityId: id };
      return { side: 'teams', status: 201, body: made, effect, spared: true };
    }
    if (!/^\/v3\/conversations\/.+;messageid=\d+\/activities$/.test(path)) return undefined;
    return { side: 'teams', status: 201, body: { id }, effect, spared: repeat };
  }

  function karte(path: string, body: unknown): Taken | undefined {
    const { user_id, content, sender_id, options } = (body ?? {}) as {
      user_id?: string;
      options?: { limit?: number };
      content?: { text?: string };
      sender_id?: string;
    };
    if (typeof user_id !== 'string') return undefined;
    const mine = said.get(user_id) ?? [];
    if (path === '/v2/talk/message/get')
      return {
        side: 'karte',
        status: 200,
        body: { messages: mine.slice(-(options?.limit ?? REMEMBERED)).toReversed() },
        effect: () => undefined,
        spared: true,
      };
    if (path === '/v2beta/talk/assignee/get')
      return { side: 'karte', status: 200, body: { assignee: null }, effect: () => undefined };
    const text = content?.text;
    if (path !== '/v2/talk/message/sendFromOperator' || typeof text !== 'string' || !sender_id) return undefined;
    const effect = () => {
      arrive(text);
      mine.push({ date: new Date().toISOString(), account_id: sender_id, content: { text } });
      said.set(user_id, mine.slice(-REMEMBERED));
    };
    return { side: 'karte', status: 200, body: {}, effect };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals: new Map(),
    repeats: new Set(),
    marked: 0,
    threads: new Map(),
    share: 0,
    calls: 0,
    failed: 0,
    strange: [],
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return sink;
}

interface Taken {
  side: 'teams' | 'karte';
  status: number;
  body?: unknown;
  /** It never fails by chance. */
  spared?: boolean;
  effect(): void;
}

/** The Adaptive Cards of an activity, or of the one in it. */
function cardsIn(body: unknown): unknown[] {
  const activity = (body as { activity?: unknown })?.activity ?? body;
  const { attachments } = (activity ?? {}) as { attachments?: { contentType?: string; content?: unknown }[] };
  return (attachments ?? []).filter(({ contentType }) => contentType === 'application/vnd.microsoft.card.adaptive');
}

/** The verbatim words in an activity's cards. */
function runsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = type === 'TextRun' ? [String(text)] : [];
  return [...own, ...Object.values(value).flatMap(runsIn)];
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 204 || body === undefined ? undefined : JSON.stringify(body));
}
