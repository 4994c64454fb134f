import { createHmac } from 'node:crypto';
import { deliver, noAnswerInTime, type Outgoing, post, type UnderWay } from '../delivery.ts';
import type { Delivery } from '../state.ts';
import type { Book } from './book.ts';
import { ulid } from './ids.ts';
import type { ReplyTokens } from './replyTokens.ts';
import type { Hooked, HookOptions } from './surface.ts';
import type { LineAccount, LineHook, LineWebhookTest } from './world.ts';

export interface LineHooksOptions {
  /** Where the product listens. */
  botUrl: string;
  /** What the outside calls the product: a webhook URL there leads to `botUrl`. Default `https://desk.example.test`. */
  publicUrl?: string;
  /** A webhook without an answer by then failed, default 2,000. */
  lineTimeoutMs?: number;
  /** Pause before a redelivery, default 5,000; LINE does not tell its own. */
  lineRetryMs?: number;
  /** How often a webhook is sent in all where redelivery is on, default 3; LINE does not tell. */
  lineTries?: number;
}

export type LineEvent = Record<string, unknown> & { type: string; webhookEventId: string };

interface Batch {
  account: LineAccount;
  events: LineEvent[];
  delivery?: Delivery;
  answered: PromiseWithResolvers<Delivery | undefined>;
  settled: PromiseWithResolvers<Delivery | undefined>;
}

const keptHooks = 5_000;

/** `x-line-signature`: HMAC-SHA256 of the very bytes, in base64. */
export function signLine(secret: string, rawBody: string | Uint8Array): string {
  return createHmac('sha256', secret).update(rawBody).digest('base64');
}

/** Sends webhooks to the URL of an account, signed, and once more (or more often) when they are not accepted and redelivery is on. */
export class LineHooks {
  readonly #book: Book;
  readonly #tokens: ReplyTokens;
  readonly #options: LineHooksOptions;
  /** Requests to webhook URLs, oldest first. */
  readonly sent: LineHook[] = [];
  #batches: Batch[] | undefined;

  constructor(book: Book, tokens: ReplyTokens, options: LineHooksOptions) {
    this.#book = book;
    this.#tokens = tokens;
    this.#options = options;
    book.stage.onReset(() => {
      this.sent.length = 0;
    });
  }

  /** An event of an account, with what all events have in common. It goes out at once, alone, unless events are being gathered. */
  event(account: LineAccount, event: Record<string, unknown>, options: HookOptions = {}): Hooked {
    const now = this.#book.stage.now();
    const { mode = 'active', skewMs = 0 } = options;
    const { replyToken, ...rest } = event;
    const whole = {
      type: 'unknown',
      mode,
      timestamp: now + skewMs,
      webhookEventId: ulid(now),
      deliveryContext: { isRedelivery: false },
      ...rest,
      ...(replyToken === undefined || mode === 'standby' ? {} : { replyToken }),
    } as LineEvent;
    if (!this.#batches) return this.#send(account, [whole], options);
    let batch = this.#batches.find((each) => each.account === account);
    if (!batch) {
      batch = { account, events: [], answered: Promise.withResolvers(), settled: Promise.withResolvers() };
      this.#batches.push(batch);
    }
    batch.events.push(whole);
    return hookedOf(batch, [whole.webhookEventId]);
  }

  /** What happens during `work` goes out in one body for each account. */
  together(work: () => void): Hooked {
    if (this.#batches) throw new Error('Events are being gathered already.');
    const batches: Batch[] = [];
    this.#batches = batches;
    try {
      work();
    } finally {
      this.#batches = undefined;
    }
    for (const batch of batches) {
      const { delivery, answered, settled } = this.#send(batch.account, batch.events, {});
      batch.delivery = delivery;
      batch.answered.resolve(answered);
      batch.settled.resolve(settled);
    }
    const [first] = batches;
    if (!first) return unsent([]);
    return hookedOf(
      first,
      first.events.map(({ webhookEventId }) => webhookEventId),
    );
  }

  /** Any text as the body, signed as a webhook is. */
  raw(account: LineAccount, body: string, options: HookOptions = {}): Hooked {
    return this.#deliver(account, { id: ulid(this.#book.stage.now()), kind: 'raw', eventIds: [] }, () => body, options);
  }

  /** What Verify and the test endpoint send: no events, signed. */
  async verify(account: LineAccount, url = account.webhook.url ?? ''): Promise<LineWebhookTest> {
    const { stage } = this.#book;
    const { lineTimeoutMs = 2_000 } = this.#options;
    const timestamp = stage.timestamp();
    const body = JSON.stringify({ destination: account.userId, events: [] });
    const request = async () => this.#request(url, body, account.channelSecret);
    const { status, error } = await post(stage, request, lineTimeoutMs);
    const result = (reason: LineWebhookTest['reason'], detail: string) => ({
      success: reason === 'OK',
      timestamp,
      statusCode: status,
      reason,
      detail,
    });
    if (error === noAnswerInTime) return result('REQUEST_TIMEOUT', 'Request timeout');
    if (error !== undefined) return result('COULD_NOT_CONNECT', `Failure to connect: ${error}`);
    return result(status === 200 ? 'OK' : 'ERROR_STATUS_CODE', String(status));
  }

  #send(account: LineAccount, events: LineEvent[], options: HookOptions): Hooked {
    const eventIds = events.map(({ webhookEventId }) => webhookEventId);
    const [first] = events;
    if (!first) return unsent(eventIds);
    const message = first.message as { type?: string } | undefined;
    const kind = events.length > 1 ? `${events.length} events` : [first.type, message?.type].filter(Boolean).join(' ');
    const body = (again: boolean) => {
      const told = events.map((event) => ({ ...event, deliveryContext: { isRedelivery: again } }));
      return JSON.stringify({ destination: account.userId, events: told });
    };
    const tokens = events.flatMap(({ replyToken }) => (typeof replyToken === 'string' ? [replyToken] : []));
    return this.#deliver(account, { id: first.webhookEventId, kind, eventIds, tokens }, body, options);
  }

  #deliver(
    account: LineAccount,
    { id, kind, eventIds, tokens = [] }: { id: string; kind: string; eventIds: string[]; tokens?: string[] },
    body: (again: boolean) => string,
    { copies = 1, secret }: HookOptions,
  ): Hooked {
    const { url, active, redelivery } = account.webhook;
    if (!active || url === undefined) return unsent(eventIds);
    const { lineTimeoutMs = 2_000, lineRetryMs = 5_000, lineTries = 3 } = this.#options;
    const send = (): UnderWay => {
      let tries = 0;
      return deliver(this.#book.stage, {
        id,
        side: 'line',
        kind,
        request: async () => {
          this.#tokens.sent(tokens);
          return this.#request(url, body(tries++ > 0), secret ?? account.channelSecret);
        },
        timeoutMs: lineTimeoutMs,
        tries: redelivery ? lineTries : 1,
        repeatAfterMs: lineRetryMs,
      });
    };
    const all = Array.from({ length: copies }, send);
    const [first] = all;
    if (!first) return unsent(eventIds);
    const whenAll = (promises: Promise<Delivery>[]) => Promise.all(promises).then(() => first.delivery);
    return {
      eventIds,
      delivery: first.delivery,
      answered: whenAll(all.map(({ answered }) => answered)),
      settled: whenAll(all.map(({ settled }) => settled)),
    };
  }

  #request(url: string, body: string, secret: string): Outgoing {
    const { botUrl, publicUrl = 'https://desk.example.test' } = this.#options;
    const signature = signLine(secret, body);
    this.sent.push({ url, body, signature, at: this.#book.stage.now() });
    if (this.sent.length > keptHooks) this.sent.shift();
    const here = url === publicUrl || url.startsWith(`${publicUrl}/`);
    return {
      url: here ? botUrl + url.slice(publicUrl.length) : url,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'LineBotWebhook/2.0',
        'x-line-signature': signature,
      },
      body,
    };
  }
}

function hookedOf(batch: Batch, eventIds: string[]): Hooked {
  return {
    eventIds,
    get delivery() {
      return batch.delivery;
    },
    answered: batch.answered.promise,
    settled: batch.settled.promise,
  };
}

/** Nothing goes out: no URL, or "Use webhook" is off. */
function unsent(eventIds: string[]): Hooked {
  return { eventIds, answered: Promise.resolve(undefined), settled: Promise.resolve(undefined) };
}
