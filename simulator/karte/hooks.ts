import { createHmac, randomUUID } from 'node:crypto';
import type { UnderWay } from '../delivery.ts';
import { deliver } from '../delivery.ts';
import type { Stage } from '../stage.ts';
import type { Customer, CustomerMessage, Delivery } from '../state.ts';
import type { Project } from './project.ts';

export type Encoding = 'hex' | 'base64';

/** Where a metadata object stands in the hook: KARTE does not say, so a test tries them all. */
export type MetadataPlace =
  | 'data.metadata'
  | 'data.custom_metadata'
  | 'data.content.metadata'
  | 'data.content.custom_metadata'
  | 'extra.metadata'
  | 'extra.custom_metadata';

/** How a hook differs from an honest, single one. */
export interface HookOptions {
  encoding?: Encoding;
  /** Send it this many times at once, default 1. */
  copies?: number;
  /** Leave the top-level id out (the doc's sample of the Webhook channel does). */
  omitId?: boolean;
  /** Sign with this in place of the project's client secret. */
  secret?: string;
  /** Seconds added to the timestamp header. */
  skewSeconds?: number;
}

export interface HooksOptions {
  botUrl: string;
  /** Where KARTE keeps pictures. */
  fileUrl: string;
  /** Pause before a hook is sent again, default 5,000; KARTE's real schedule is unknown. */
  hookRetryMs?: number;
  /** A hook without an answer by then failed, default 10,000. */
  hookTimeoutMs?: number;
  /** How often a hook is sent in all, default 3. */
  hookTries?: number;
}

/** What became of a hook. With copies, the promises wait for all of them and answer with the first. */
export interface Hooked {
  /** The event id. */
  hookId: string;
  delivery: Delivery;
  answered: Promise<Delivery>;
  settled: Promise<Delivery>;
}

/** The signature of a hook: HMAC-SHA256 of `timestamp:body` (webhook-v2-hmac); `timestamp` in Unix seconds. */
export function sign(
  secret: string,
  timestamp: string,
  rawBody: string | Uint8Array,
  encoding: Encoding = 'hex',
): string {
  return createHmac('sha256', secret).update(`${timestamp}:`).update(rawBody).digest(encoding);
}

/** Sends Hook v2 events to `POST /api/teams/messages`, signed, and again when they are not accepted. */
export class Hooks {
  readonly #stage: Stage;
  readonly #project: Project;
  readonly #options: HooksOptions;

  constructor(stage: Stage, project: Project, options: HooksOptions) {
    this.#stage = stage;
    this.#project = project;
    this.#options = options;
  }

  /** `talk/message/sendFromUser` and `talk/message/sendFromOperator`. */
  message(
    customer: Customer,
    message: CustomerMessage,
    page?: string,
    metadata?: Metadata,
    options?: HookOptions,
  ): Hooked {
    const byOperator = message.from !== 'customer';
    const data: Fields = {
      ...this.#userIds(customer),
      account_id: byOperator ? message.senderId : null,
      sender_id: byOperator ? message.senderId : null,
      profile_name: byOperator ? message.senderName : null,
      date: message.at,
      content: { text: message.text, image: this.#image(message) },
    };
    const body: Fields = {
      data,
      extra: byOperator ? {} : { access_uri: accessUri(page ?? 'https://shop.example.test/') },
    };
    if (metadata) placeMetadata(body, metadata);
    return this.event(`talk/message/sendFrom${byOperator ? 'Operator' : 'User'}`, body, options);
  }

  /** `talk/assignee/assign`; 未担当 = empty strings. */
  assign(customer: Customer, options?: HookOptions): Hooked {
    const { assignee } = customer;
    const name = assignee ? (this.#project.senderName(assignee.id) ?? '') : '';
    const operator = { id: assignee?.id ?? '', profile_name: name, is_bot: assignee?.is_bot ?? false };
    const userId = customer.user_id ?? customer.visitor_id;
    return this.event('talk/assignee/assign', { data: { operator }, extra: { user_id: userId } }, options);
  }

  /** Any event with the project's envelope. */
  event(eventType: string, body: Fields, options: HookOptions = {}): Hooked {
    const hookId = randomUUID();
    const { clientId: client_id, apiKey: api_key } = this.#project.data;
    const id = options.omitId ? {} : { id: hookId };
    return this.raw(JSON.stringify({ ...id, event_type: eventType, client_id, api_key, ...body }), {
      ...options,
      hookId,
      eventType,
    });
  }

  /** Any text as the body, signed as a hook is. */
  raw(rawBody: string, options: HookOptions & { hookId?: string; eventType?: string } = {}): Hooked {
    const { copies = 1, hookId = randomUUID(), eventType = 'raw' } = options;
    const { hookRetryMs = 5_000, hookTimeoutMs = 10_000, hookTries: tries = 3 } = this.#options;
    const send = (): UnderWay =>
      deliver(this.#stage, {
        id: hookId,
        side: 'karte',
        kind: eventType,
        request: async () => ({ url: this.#url, headers: this.#headers(rawBody, options), body: rawBody }),
        timeoutMs: hookTimeoutMs,
        tries,
        repeatAfterMs: hookRetryMs,
      });
    const first = send();
    const all = [first, ...Array.from({ length: copies - 1 }, send)];
    const whenAll = (promises: Promise<Delivery>[]) => Promise.all(promises).then(() => first.delivery);
    return {
      hookId,
      delivery: first.delivery,
      answered: whenAll(all.map(({ answered }) => answered)),
      settled: whenAll(all.map(({ settled }) => settled)),
    };
  }

  get #url(): string {
    return `${this.#options.botUrl}/api/teams/messages`;
  }

  #headers(rawBody: string, { encoding, secret, skewSeconds = 0 }: HookOptions): Record<string, string> {
    const { settings, data } = this.#project;
    const timestamp = String(Math.floor(this.#stage.now() / 1000) + skewSeconds);
    return {
      'Content-Type': 'application/json',
      'X-Karte-Request-Timestamp': timestamp,
      'X-Karte-Signature': sign(secret ?? data.clientSecret, timestamp, rawBody, encoding ?? settings.signature),
    };
  }

  /** The address ends in the name that the customer's file had. */
  #image({ picture }: CustomerMessage): unknown {
    if (!picture) return null;
    const url = `${this.#options.fileUrl}/${picture.url.split('/').at(-1)}/${encodeURIComponent(picture.name)}`;
    return this.#project.settings.imageShape === 'object' ? { url, name: picture.name } : url;
  }

  #userIds({ user_id, visitor_id }: Customer) {
    const tellVisitor = !user_id || this.#project.settings.memberVisitorId;
    return { user_id: user_id ?? '', ...(tellVisitor ? { visitor_id } : {}) };
  }
}

export interface Metadata {
  value: Record<string, unknown>;
  place: MetadataPlace;
}

type Fields = Record<string, unknown>;

function placeMetadata(body: Fields, { value, place }: Metadata): void {
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  const target = steps.reduce((fields, step) => fields[step] as Fields, body);
  target[last] = value;
}

function accessUri(page: string) {
  const { protocol, href, host, pathname, hash, searchParams } = new URL(page);
  const queryKey = Object.fromEntries(searchParams);
  return {
    protocol: protocol.slice(0, -1),
    url: href,
    host,
    query: searchParams.toString(),
    queryKey,
    anchor: hash.slice(1),
    path: pathname,
  };
}
