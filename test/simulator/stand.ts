import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatorOptions } from '../../simulator/simulator.ts';
import { startSimulator } from '../../simulator/simulator.ts';

export interface Heard {
  path: string;
  headers: IncomingHttpHeaders;
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into activities and hooks of any kind
  body: any;
}

/** What the bot answers to a request; a number is a status, `hang` = no answer at all. */
type Answering = (heard: Heard, count: number) => number | { status: number; body: unknown } | 'hang';

/** A simulator with a stand-in for the product that only listens. */
export async function stand(options: Partial<SimulatorOptions> = {}, answering: Answering = () => 200) {
  const heard: Heard[] = [];
  const bot = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const { url: path = '', headers } = request;
      const one = { path, headers, raw, body: isJson(raw) ? JSON.parse(raw) : raw };
      heard.push(one);
      const answer = answering(one, heard.length);
      if (answer === 'hang') return;
      const { status, body = {} } = typeof answer === 'number' ? { status: answer } : answer;
      // restify, where a test beside this one has loaded it, makes writeHead give nothing back to chain on.
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  bot.listen(0, '127.0.0.1');
  await once(bot, 'listening');
  const botUrl = `http://127.0.0.1:${(bot.address() as AddressInfo).port}`;
  const { simulator, url, close } = await startSimulator({ botUrl, ...options });

  const call = async (path: string, method: string, body?: unknown, headers: Record<string, string> = {}) => {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all = { ...(payload === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers };
    const answer = await fetch(url + path, { method, body: payload, headers: all });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: isJson(text) ? JSON.parse(text) : undefined };
  };
  return {
    simulator,
    url,
    heard,
    call,
    /** A call to the connector, below `/v3`. */
    teams: (method: string, path: string, body?: unknown) => call(`/teams/v3${path}`, method, body),
    /** A call to KARTE with the good token. */
    karte: (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      call(`/karte${path}`, 'POST', body, { Authorization: 'Bearer test-karte-access-token', ...headers }),
    /** A call to the control API. */
    api: (method: string, path: string, body?: unknown) => call(`/api${path}`, method, body),
    async close() {
      await close();
      bot.close();
      bot.closeAllConnections();
      await once(bot, 'close');
    },
  };
}

export type Stand = Awaited<ReturnType<typeof stand>>;

/** Path of a conversation at the connector. */
export const conversation = (id: string, rest = 'activities') => `/conversations/${encodeURIComponent(id)}/${rest}`;

/** A request that starts a thread in a Teams channel. */
export const newThread = (channelId: string, activity: unknown = { type: 'message', text: 'root' }) => ({
  isGroup: true,
  channelData: { channel: { id: channelId } },
  activity,
});

/** The smallest Adaptive Card attachment around some blocks. */
export const card = (body: unknown[] = [], more: object = {}) => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: { type: 'AdaptiveCard', version: '1.5', body, ...more },
});

function isJson(text: string): boolean {
  return /^[[{"]/.test(text);
}
