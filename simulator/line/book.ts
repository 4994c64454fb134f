import type { ChosenFile } from '../files.ts';
import type { Stage } from '../stage.ts';
import { BadInput } from '../stage.ts';
import { messageIdOf, opaque, userIdOf } from './ids.ts';
import { makeAccount } from './makeAccount.ts';
import type { LineSettings } from './surface.ts';
import type { LineAccount, LineCustomer, LineMessage, NewLineAccount, NewLineCustomer } from './world.ts';

/** A friend hears from the account at any time, others for so long after they wrote. */
const openMs = 7 * 24 * 3_600_000;

export const defaultLineSettings = (plainHttpHere: boolean): LineSettings => ({
  imageSetOrder: 'asSent',
  plainHttpHere,
});

/** The accounts, their customers, and what was said with each. */
export class Book {
  settings: LineSettings;
  readonly stage: Stage;
  /** Bytes behind message ids; gone when the customer takes the message back. */
  readonly #contents = new Map<string, { file: ChosenFile; preview?: ChosenFile }>();

  constructor(stage: Stage, plainHttpHere: boolean) {
    this.stage = stage;
    this.settings = defaultLineSettings(plainHttpHere);
    stage.onReset(() => {
      this.settings = defaultLineSettings(plainHttpHere);
      this.#contents.clear();
    });
  }

  get accounts(): LineAccount[] {
    return this.stage.world.line.accounts;
  }

  get customers(): LineCustomer[] {
    return this.stage.world.line.customers;
  }

  /** By channel id or basic id; the first one when nothing is named. Throws {@link BadInput} when there is none. */
  account(which?: string): LineAccount {
    const found =
      which === undefined
        ? this.accounts[0]
        : this.accounts.find(({ channelId, basicId }) => channelId === which || basicId === which);
    if (!found) throw new BadInput(`There is no LINE account ${which ?? 'yet'}.`);
    return found;
  }

  addAccount({ channelId, displayName, basicId, provider, quota = 200 }: NewLineAccount): LineAccount {
    const number = this.accounts.length + 1;
    const account = makeAccount(displayName ?? `Account ${number}`, {
      channelId: channelId ?? String(2_000_000_000 + number),
      basicId: basicId ?? `@test-desk${number}`,
      quota,
      ...(provider === undefined ? {} : { provider }),
    });
    if (this.accounts.some((other) => other.channelId === account.channelId || other.basicId === account.basicId))
      throw new BadInput(`The LINE account ${account.channelId} ${account.basicId} exists.`);
    this.accounts.push(account);
    this.stage.changed();
    return account;
  }

  accountOf(customer: LineCustomer): LineAccount {
    return this.account(customer.channelId);
  }

  customersOf({ channelId }: LineAccount): LineCustomer[] {
    return this.customers.filter((customer) => customer.channelId === channelId);
  }

  /** By id, or by user id or name at one account. */
  find(who: string, account?: LineAccount): LineCustomer | undefined {
    const among = account ? this.customersOf(account) : this.customers;
    return among.find(({ id, userId }) => id === who || userId === who) ?? among.find(({ name }) => name === who);
  }

  /** Throws {@link BadInput} when there is none. */
  customer(who: string, account?: LineAccount): LineCustomer {
    const customer = this.find(who, account);
    if (!customer) throw new BadInput(`There is no customer ${who}.`);
    return customer;
  }

  addCustomer(account: LineAccount, { userId, name, friendship = 'friend', ...more }: NewLineCustomer): LineCustomer {
    const { channelId, provider } = account;
    const id = userId ?? userIdOf(`${provider} ${name ?? this.stage.nextId()}`);
    if (!/^U[0-9a-f]{32}$/.test(id)) throw new BadInput(`userId: ${id} is not a U and 32 hex digits.`);
    if (this.find(id, account)) throw new BadInput(`The customer ${id} exists.`);
    const customer: LineCustomer = {
      id: `${channelId}.${id}`,
      channelId,
      userId: id,
      name: name ?? `LINE ${id.slice(1, 5)}`,
      language: 'ja',
      consents: true,
      friendship,
      messages: [],
      ...more,
    };
    this.customers.push(customer);
    this.stage.changed();
    return customer;
  }

  /** A customer's message. With "Chat" off it counts as read at once; with it on there is a token to mark it. */
  addWritten(
    customer: LineCustomer,
    content: LineMessage['content'],
    more: { file?: ChosenFile; preview?: ChosenFile; preparation?: LineMessage['preparation'] } = {},
  ): LineMessage {
    const { file, preview, preparation } = more;
    const chat = this.accountOf(customer).chatMode === 'chat';
    const { type } = content;
    const at = this.stage.timestamp();
    const message: LineMessage = {
      id: this.nextMessageId(),
      at,
      from: 'customer',
      via: 'phone',
      content,
      ...(['text', 'sticker', 'image', 'video'].includes(type) ? { quoteToken: opaque(48) } : {}),
      ...(chat && type !== 'postback' ? { markAsReadToken: opaque(48) } : {}),
      ...(chat ? {} : { readAt: at }),
      ...(preparation ? { preparation } : {}),
      ...(file ? { file: this.#keep(file, preview) } : {}),
    };
    customer.messages.push(message);
    if (file) this.#contents.set(message.id, { file, preview });
    this.stage.changed();
    return message;
  }

  /** What came from the account; the loading indicator is over. */
  addReceived(
    customer: LineCustomer,
    via: 'push' | 'reply',
    content: LineMessage['content'],
    { id, quoteToken }: { id: string; quoteToken?: string },
  ): void {
    customer.messages.push({ id, at: this.stage.timestamp(), from: 'account', via, content, quoteToken });
    customer.loadingUntil = undefined;
    this.stage.changed();
  }

  nextMessageId(): string {
    return messageIdOf(this.stage.nextId());
  }

  /** A message that a customer of the account sent, with what lies behind it. */
  findWritten(account: LineAccount, messageId: string) {
    for (const customer of this.customersOf(account)) {
      const message = customer.messages.find(({ id, from }) => id === messageId && from === 'customer');
      if (message) return { customer, message, content: this.#contents.get(messageId) };
    }
    return undefined;
  }

  unsend(message: LineMessage): void {
    message.unsentAt = this.stage.timestamp();
    message.content = { type: message.content.type };
    message.file = undefined;
    this.#contents.delete(message.id);
    this.stage.changed();
  }

  /** May the account speak to the customer? Friends always, others within seven days after they wrote, nobody who blocks it. */
  isReachable({ friendship, messages }: LineCustomer): boolean {
    if (friendship !== 'none') return friendship === 'friend';
    const wrote = messages.findLast(({ from }) => from === 'customer');
    return wrote !== undefined && this.stage.now() - Date.parse(wrote.at) < openMs;
  }

  /** Is there one more in this month's quota? `month` begins anew at midnight in Japan. */
  hasQuota(account: LineAccount): boolean {
    return account.quota === null || this.usedBy(account) < account.quota;
  }

  usedBy(account: LineAccount): number {
    const month = new Date(this.stage.now() + 9 * 3_600_000).toISOString().slice(0, 7);
    if (account.month !== month) {
      account.month = month;
      account.used = 0;
    }
    return account.used;
  }

  #keep(file: ChosenFile, preview?: ChosenFile): LineMessage['file'] {
    const { files } = this.stage;
    return {
      url: `api/files/${files.add(file)}`,
      ...(preview ? { previewUrl: `api/files/${files.add(preview)}` } : {}),
      name: file.name,
      type: file.type,
      size: file.bytes.length,
    };
  }
}
