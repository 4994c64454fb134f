import type { ChosenFile } from '../files.ts';
import type { Call, Delivery } from '../state.ts';
import type { Buckets } from './rates.ts';
import type {
  LineAccount,
  LineCustomer,
  LineHook,
  LineMessage,
  LineWebhookSettings,
  LineWebhookTest,
  NewLineAccount,
  NewLineCustomer,
} from './world.ts';

/** The LINE side of the simulator, as tests drive it. */
export interface LineSide {
  /** An account by channel id or basic id; the first one when nothing is named; a new one when described. */
  account(which?: string | NewLineAccount): LineAccountHandle;
  /** A customer by id or user id; one that is described is made when there is none by that user id (or name). */
  customer(who: string | NewLineCustomer, account?: string): LineCustomerHandle;
  /** Calls of the product to either host, oldest first, with what was answered. */
  readonly calls: Call[];
  /** Requests to webhook URLs, oldest first; the newest 5,000. */
  readonly hooks: LineHook[];
  readonly settings: LineSettings;
  /** The documented rate limits, or others in their place. */
  readonly limits: { enforce(buckets?: Partial<Buckets>): void };
  /** What the events of `work` tell goes out in one body (for each account) when it has returned. */
  together(work: () => void): Hooked;
}

/** What LINE leaves undocumented or open; a test turns each to see that the product does not lean on it. */
export interface LineSettings {
  /** Order in which the webhooks of pictures that were sent together leave. LINE: undefined. */
  imageSetOrder: 'asSent' | 'reversed';
  /** Are http addresses on this machine good as picture and preview addresses? Only for `npm start`, where there is no certificate. */
  plainHttpHere: boolean;
}

export interface LineAccountHandle {
  /** Keys, names and switches; change them freely. */
  readonly state: LineAccount;
  readonly customers: LineCustomer[];
  /** Somebody enters the webhook URL in the console and turns "Use webhook" on. */
  connectWebhook(url: string, options?: { active?: boolean; redelivery?: boolean }): void;
  /** The console's whole webhook section; a URL that is neither https nor on this machine is refused. */
  setWebhook(webhook: LineWebhookSettings): void;
  /** The console's Verify button: an empty `events`, signed. Never rejects. */
  verify(): Promise<LineWebhookTest>;
  /** The console's button for a new long-lived token; the old one lives on for so many hours, 0 at first. */
  reissueToken(keepOldHours?: number): string;
  /** The console's button for a new channel secret; the old one is dead at once. */
  reissueSecret(): string;
  /** Any event of the account's webhook; what all events have in common is filled in. For groups and types to come. */
  event(event: Record<string, unknown>, options?: HookOptions): Hooked;
  /** Any text as the body, signed as a webhook is. */
  raw(body: string, options?: HookOptions): Hooked;
}

export interface LineCustomerHandle {
  readonly state: LineCustomer;
  readonly userId: string;
  readonly messages: LineMessage[];
  /** What came from the account, oldest first. */
  readonly received: LineMessage[];
  /** Texts of `received`, for short tests; other types as `[image]`. */
  readonly texts: string[];
  /** Is the loading indicator shown now? */
  readonly loading: boolean;

  write(text: string, options?: WriteOptions): Written;
  sticker(sticker?: Partial<Sticker>, options?: SendOptions): Written;
  picture(file: ChosenFile, options?: SendOptions): Written;
  /** Several at once: one webhook for each, in an order of LINE's own. */
  pictures(files: ChosenFile[], options?: SendOptions): Written[];
  video(file: ChosenFile, options?: MediaOptions): Written;
  audio(file: ChosenFile, options?: MediaOptions): Written;
  file(file: ChosenFile, options?: SendOptions): Written;
  location(
    place: { latitude: number; longitude: number; title?: string; address?: string },
    options?: SendOptions,
  ): Written;
  /** A press on a button with a postback action; `displayText` shows in the chat. */
  postback(data: string, options?: HookOptions & { params?: Record<string, string>; displayText?: string }): Written;
  /** Takes back what the customer sent: its content is gone. */
  unsend(message: LineMessage | string, options?: HookOptions): Hooked;

  /** Adds the account as a friend (or unblocks it when blocked). */
  follow(options?: HookOptions): Hooked;
  block(options?: HookOptions): Hooked;
  unblock(options?: HookOptions): Hooked;

  /** LINE has finished (or failed) preparing a video or audio file. */
  prepared(message: LineMessage | string, how?: 'succeeded' | 'failed'): void;
  /** Loads the picture, video or audio of a received message as LINE does. Rejects where the phone would show nothing. */
  open(message: LineMessage): Promise<Opened>;
}

export interface Opened {
  original: { type: string; bytes: Buffer };
  preview?: { type: string; bytes: Buffer };
}

export interface Sticker {
  packageId: string;
  stickerId: string;
  stickerResourceType: string;
  keywords: string[];
  /** Of message stickers. */
  text?: string;
}

/** How a webhook differs from an honest, single one. */
export interface HookOptions {
  /** Send it this many times at once, default 1: duplicates by the network, identical to the last byte. */
  copies?: number;
  /** Sign with this in place of the channel secret. */
  secret?: string;
  /** `standby`: another module has the talk; the event has no reply token. */
  mode?: 'active' | 'standby';
  /** Milliseconds added to the event's timestamp. */
  skewMs?: number;
}

export interface SendOptions extends HookOptions {
  /** The id of a message that this one quotes (text and stickers). */
  quotes?: string;
}

export interface WriteOptions extends SendOptions {
  /** LINE emoji, which stand in the text by a name in brackets: `(hello)`. */
  emojis?: { index: number; length: number; productId: string; emojiId: string }[];
}

export interface MediaOptions extends SendOptions {
  durationMs?: number;
  /** Default `ready`; `processing` until {@link LineCustomerHandle.prepared}. */
  preparation?: 'ready' | 'processing' | 'failed';
  /** The picture that stands for a video. */
  preview?: ChosenFile;
}

/** What became of a webhook. None when "Use webhook" is off: then the delivery is absent and the promises resolve at once. */
export interface Hooked {
  /** `webhookEventId` of each event in the body. */
  eventIds: string[];
  delivery?: Delivery;
  /** The first attempt has ended. */
  answered: Promise<Delivery | undefined>;
  /** No attempt will follow. */
  settled: Promise<Delivery | undefined>;
}

export interface Written extends Hooked {
  message: LineMessage;
}
