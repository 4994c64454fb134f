import type { SimulatorOptions } from '../../simulator/simulator.ts';
import { brokenLineCall, brokenLineHook } from '../contract/lineSchemas.ts';
import type { Heard } from './stand.ts';
import { stand } from './stand.ts';

export const TOKEN = 'test-line-access-token-2000000001';
export const PATH = '/api/channels/line/one';

/** A simulator whose LINE account sends its webhooks to a stand-in for the product; a test may set its clock forward. */
export async function lineStand(options: Partial<SimulatorOptions> = {}, answering?: Parameters<typeof stand>[1]) {
  let ahead = 0;
  const quick = { lineRetryMs: 20, now: () => Date.now() + ahead };
  const site = await stand({ ...quick, ...options }, answering);
  const { line } = site.simulator;
  const account = line.account();
  account.connectWebhook(`https://desk.example.test${PATH}`);
  const headers = (more: Record<string, string>) => ({ Authorization: `Bearer ${TOKEN}`, ...more });
  return {
    ...site,
    line,
    account,
    /** Webhooks that the product got, as parsed bodies. */
    get hooks(): Heard[] {
      return site.heard.filter(({ path }) => path === PATH);
    },
    /** Every event that the product got, in the order of arrival. */
    // biome-ignore lint/suspicious/noExplicitAny: tests look into events of any kind
    get events(): any[] {
      return this.hooks.flatMap(({ body }) => body.events);
    },
    /** A call to api.line.me. */
    ask: (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
      site.call(`/line${path}`, method, body, headers(more)),
    push: (to: string, messages: unknown, more: Record<string, string> = {}) =>
      site.call('/line/v2/bot/message/push', 'POST', { to, messages }, headers(more)),
    reply: (replyToken: string, messages: unknown, more: Record<string, string> = {}) =>
      site.call('/line/v2/bot/message/reply', 'POST', { replyToken, messages }, headers(more)),
    form: (path: string, fields: Record<string, string>) =>
      site.call(`/line${path}`, 'POST', new URLSearchParams(fields).toString(), {
        'Content-Type': 'application/x-www-form-urlencoded',
      }),
    /** A call to api-data.line.me. */
    async fetchContent(path: string, authorization: string | undefined = `Bearer ${TOKEN}`) {
      const url = `${site.simulator.lineDataUrl}/v2/bot/message/${path}`;
      const answer = await fetch(url, authorization ? { headers: { authorization } } : {});
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, type: answer.headers.get('content-type'), bytes };
    },
    setClockForward(ms: number) {
      ahead += ms;
    },
    /** Ends everything; whatever was said must fit LINE's own files, apart from what a test names. */
    async close({ except = /^$/ } = {}) {
      await site.close();
      const known = (words: string) => !except.test(words);
      expect(line.calls.flatMap(brokenLineCall).filter(known)).toEqual([]);
      expect(
        line.hooks
          .filter(({ body }) => body.startsWith('{'))
          .flatMap(brokenLineHook)
          .filter(known),
      ).toEqual([]);
    },
  };
}

export type LineStand = Awaited<ReturnType<typeof lineStand>>;

export const text = (words: string) => ({ type: 'text', text: words });
