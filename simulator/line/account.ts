import { randomUUID } from 'node:crypto';
import { BadInput } from '../stage.ts';
import type { Book } from './book.ts';
import { isWebhookUrl } from './check.ts';
import type { LineHooks } from './hooks.ts';
import type { Hooked, HookOptions, LineAccountHandle } from './surface.ts';
import type { LineAccount, LineCustomer, LineWebhookSettings, LineWebhookTest } from './world.ts';

/** One LINE Official Account, as its owner has it in LINE's consoles. */
export class AccountHandle implements LineAccountHandle {
  readonly state: LineAccount;
  readonly #book: Book;
  readonly #hooks: LineHooks;

  constructor(book: Book, hooks: LineHooks, state: LineAccount) {
    this.#book = book;
    this.#hooks = hooks;
    this.state = state;
  }

  get customers(): LineCustomer[] {
    return this.#book.customersOf(this.state);
  }

  connectWebhook(url: string, { active = true, redelivery = this.state.webhook.redelivery } = {}): void {
    this.setWebhook({ url, active, redelivery });
  }

  setWebhook(webhook: LineWebhookSettings): void {
    const { url } = webhook;
    if (url !== undefined && !isWebhookUrl(url)) throw new BadInput('webhook.url: https, at most 500 characters.');
    this.state.webhook = webhook;
    this.#book.stage.changed();
  }

  verify(): Promise<LineWebhookTest> {
    return this.#hooks.verify(this.state);
  }

  reissueToken(keepOldHours = 0): string {
    const { accessToken: token, tokens, channelId } = this.state;
    const { stage } = this.#book;
    if (keepOldHours > 0)
      tokens.push({ kind: 'replaced', token, expiresAt: stage.now() + Math.min(keepOldHours, 24) * 3_600_000 });
    this.state.accessToken = `test-line-access-token-${channelId}-${randomUUID().slice(0, 8)}`;
    stage.changed();
    return this.state.accessToken;
  }

  reissueSecret(): string {
    this.state.channelSecret = `test-line-channel-secret-${this.state.channelId}-${randomUUID().slice(0, 8)}`;
    this.#book.stage.changed();
    return this.state.channelSecret;
  }

  event(event: Record<string, unknown>, options?: HookOptions): Hooked {
    return this.#hooks.event(this.state, event, options);
  }

  raw(body: string, options?: HookOptions): Hooked {
    return this.#hooks.raw(this.state, body, options);
  }
}
