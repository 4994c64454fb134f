/** The LINE side of the simulated world as plain JSON: part of the state file and of what the page draws. */
export interface LineWorld {
  accounts: LineAccount[];
  customers: LineCustomer[];
}

/** A LINE Official Account with its Messaging API channel, as LINE's consoles show it. */
export interface LineAccount {
  channelId: string;
  channelSecret: string;
  /** The long-lived channel access token. */
  accessToken: string;
  /** Short-lived, stateless and replaced long-lived tokens. */
  tokens: LineToken[];
  /** User ids are the same at all accounts of one provider, and differ between providers. */
  provider: string;
  /** The bot's own user id: `destination` of its webhooks. */
  userId: string;
  /** `@…` */
  basicId: string;
  premiumId?: string;
  displayName: string;
  pictureUrl?: string;
  /** "Chat" in the response settings: off (`bot`) marks everything as read by itself, and events carry no read tokens. */
  chatMode: 'chat' | 'bot';
  webhook: LineWebhookSettings;
  /** Messages a month; null = no limit. */
  quota: number | null;
  /** Messages that count, sent in `month`. */
  used: number;
  /** `2026-07`, in Japan's time. */
  month: string;
}

export interface LineWebhookSettings {
  /** Absent until somebody enters one. */
  url?: string;
  /** "Use webhook": off = no event is sent, Verify works all the same. */
  active: boolean;
  /** "Webhook redelivery", off at first. */
  redelivery: boolean;
}

export interface LineToken {
  kind: 'stateless' | 'short' | 'replaced';
  token: string;
  /** Milliseconds. */
  expiresAt: number;
}

/** One person at one account. */
export interface LineCustomer {
  /** `<channelId>.<userId>` */
  id: string;
  channelId: string;
  /** `U` and 32 hex digits. */
  userId: string;
  name: string;
  pictureUrl?: string;
  statusMessage?: string;
  /** BCP 47. */
  language?: string;
  /** False: events carry no user id, and there is no profile. */
  consents: boolean;
  friendship: 'none' | 'friend' | 'blocked';
  messages: LineMessage[];
  /** ISO 8601; the loading indicator is shown until then. */
  loadingUntil?: string;
}

/** What one side said, as the phone shows it. */
export interface LineMessage {
  id: string;
  /** ISO 8601. */
  at: string;
  from: 'customer' | 'account';
  via: 'phone' | 'push' | 'reply';
  /** The message object as LINE has it: of the webhook, or as the account sent it. A postback has `data`, `params?` and `displayText?`. */
  content: { type: string; [property: string]: unknown };
  /** What the customer sent beside words, and where the page finds it: `api/files/<id>`. */
  file?: { url: string; previewUrl?: string; name: string; type: string; size: number };
  /** A video or audio file that LINE is still preparing: its content is 202. `failed`: it never will be there. */
  preparation?: 'processing' | 'failed';
  quoteToken?: string;
  markAsReadToken?: string;
  /** ISO 8601: when the account read it. */
  readAt?: string;
  /** ISO 8601: when the customer took it back. */
  unsentAt?: string;
}

/** What becomes of a request to the webhook URL made by Verify or by the test endpoint. */
export interface LineWebhookTest {
  success: boolean;
  /** ISO 8601. */
  timestamp: string;
  /** 0 when there was no response. */
  statusCode: number;
  reason: 'OK' | 'COULD_NOT_CONNECT' | 'REQUEST_TIMEOUT' | 'ERROR_STATUS_CODE' | 'UNCLASSIFIED';
  detail: string;
}

/** A request to a webhook URL, as it went out. */
export interface LineHook {
  url: string;
  /** The very bytes that were signed. */
  body: string;
  signature: string;
  at: number;
}

export interface NewLineAccount {
  channelId?: string;
  displayName?: string;
  basicId?: string;
  provider?: string;
  quota?: number | null;
}

export interface NewLineCustomer {
  userId?: string;
  name?: string;
  language?: string;
  pictureUrl?: string;
  statusMessage?: string;
  /** Default `friend`: somebody who has added the account before anything else happens. */
  friendship?: LineCustomer['friendship'];
}
