import { opaque } from './ids.ts';

const minute = 60_000;
const afterEvent = 20 * minute;

interface Held {
  customerId: string | undefined;
  channelId: string;
  /** When the event happened. */
  eventAt: number;
  /** When the webhook that carries it went out last; absent before it did. */
  sentAt?: number;
}

/**
 * Reply tokens: good once, within a minute after the webhook that carries them (also a redelivered one), never
 * later than 20 minutes after the event. https://developers.line.biz/en/reference/messaging-api/#send-reply-message-reply-token
 */
export class ReplyTokens {
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(channelId: string, customerId: string | undefined, eventAt: number): string {
    const token = opaque();
    this.#held.set(token, { channelId, customerId, eventAt });
    return token;
  }

  /** The webhook that carries these goes out (again). */
  sent(tokens: readonly string[]): void {
    for (const token of tokens) {
      const held = this.#held.get(token);
      if (held) held.sentAt = this.#now();
    }
  }

  /** Whom the token speaks to, if it is still good at this account. */
  look(token: string, channelId: string): Held | undefined {
    const held = this.#held.get(token);
    if (!held || held.channelId !== channelId || held.sentAt === undefined) return undefined;
    const now = this.#now();
    return now - held.sentAt <= minute && now - held.eventAt <= afterEvent ? held : undefined;
  }

  use(token: string): void {
    this.#held.delete(token);
  }

  clear(): void {
    this.#held.clear();
  }
}
