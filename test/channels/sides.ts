import { createHmac, randomUUID } from 'node:crypto';
import { connectLine } from '../integration/lineMoves.ts';
import type { Stand } from '../integration/stand.ts';

/** A hook as it goes over the wire. */
export interface RawHook {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A customer of a channel, whatever the channel calls them. */
export interface Customer {
  /** What the card at the root of their thread shows. */
  name: string;
  write(text: string): Promise<unknown>;
  /** The texts that came from the desk; a picture as `[image]`. */
  texts(): string[];
}

/** One channel as the conformance suite drives it: one of these a channel. */
export interface Side {
  name: string;
  /** Where the simulator's faults meet what the desk sends. */
  sending: { side: 'karte' | 'line'; path: string };
  connect(stand: Stand): Promise<unknown>;
  customer(stand: Stand, name: string): Customer;
  /** A genuine hook with this text of a customer, or with any other body; under another secret where one is given. */
  hook(stand: Stand, what: { text: string; eventId?: string } | { body: string }, secret?: string): Promise<RawHook>;
  /** The header that carries the signature. */
  signature: string;
  /** How often the desk has tried to send. */
  sends(stand: Stand): number;
}

const karte: Side = {
  name: 'karte',
  sending: { side: 'karte', path: 'sendFromOperator$' },
  // Every stand begins with it.
  connect: async () => undefined,
  customer({ simulator }, name) {
    const customer = simulator.karte.customer({ user_id: name });
    return {
      name,
      write: (text) => customer.write(text).settled,
      texts: () => customer.received.map(({ text }) => text),
    };
  },
  async hook({ simulator }, what, secret) {
    const { apiKey, clientSecret } = simulator.karte.project;
    const event = (text: string, id: string) => ({
      id,
      event_type: 'talk/message/sendFromUser',
      api_key: apiKey,
      data: { user_id: 'conformance', date: new Date().toISOString(), content: { text } },
      extra: {},
    });
    const body = 'body' in what ? what.body : JSON.stringify(event(what.text, what.eventId ?? randomUUID()));
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', secret ?? clientSecret)
      .update(`${timestamp}:${body}`)
      .digest('hex');
    return {
      path: '/api/teams/messages',
      headers: { 'x-karte-signature': signature, 'x-karte-request-timestamp': timestamp },
      body,
    };
  },
  signature: 'x-karte-signature',
  sends: ({ simulator }) => simulator.karte.calls.filter(({ path }) => path.endsWith('sendFromOperator')).length,
};

const line: Side = {
  name: 'line',
  sending: { side: 'line', path: 'message/push$' },
  connect: connectLine,
  customer({ simulator }, name) {
    const customer = simulator.line.customer({ name });
    return { name, write: (text) => customer.write(text).settled, texts: () => customer.texts };
  },
  async hook({ simulator, running }, what, secret) {
    const account = simulator.line.account().state;
    const event = (text: string, webhookEventId: string) => ({
      type: 'message',
      mode: 'active',
      timestamp: Date.now(),
      webhookEventId,
      deliveryContext: { isRedelivery: false },
      source: { type: 'user', userId: `U${'c'.repeat(32)}` },
      replyToken: 'test-reply-token',
      message: { id: webhookEventId, type: 'text', text, quoteToken: 'test-quote-token' },
    });
    const events = 'body' in what ? [] : [event(what.text, what.eventId ?? randomUUID())];
    const body = 'body' in what ? what.body : JSON.stringify({ destination: account.userId, events });
    const signature = createHmac('sha256', secret ?? account.channelSecret)
      .update(body)
      .digest('base64');
    const id = running.desk.connections.idOf('line', account.channelId);
    return { path: `/api/channels/line/${id}`, headers: { 'x-line-signature': signature }, body };
  },
  signature: 'x-line-signature',
  sends: ({ simulator }) => simulator.line.calls.filter(({ path }) => path.endsWith('/message/push')).length,
};

/** Every channel of the registry; a test fails on one that is missing. */
export const sides: Record<string, Side> = { karte, line };
