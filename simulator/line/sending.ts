import type { Answer } from '../http.ts';
import { ApiError, invalidProperty, refuse, says } from './apiError.ts';
import type { Book } from './book.ts';
import { Check } from './check.ts';
import { opaque } from './ids.ts';
import { checkMessage, isQuotable, type Message } from './messages.ts';
import type { ReplyTokens } from './replyTokens.ts';
import type { LineAccount, LineCustomer } from './world.ts';

/** How long LINE remembers a retry key. */
const keyMs = 24 * 3_600_000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Sent {
  id: string;
  quoteToken?: string;
}

interface Accepted {
  at: number;
  requestId: string;
  sentMessages: Sent[];
}

/** Push and reply messages: what is checked, who gets them, what counts. */
export class Sending {
  readonly #book: Book;
  readonly #tokens: ReplyTokens;
  readonly #accepted = new Map<string, Accepted>();

  constructor(book: Book, tokens: ReplyTokens) {
    this.#book = book;
    this.#tokens = tokens;
    book.stage.onReset(() => this.#accepted.clear());
  }

  /** The same retry key is accepted once in 24 hours; to somebody who blocks the account it succeeds and does nothing. */
  push(account: LineAccount, body: unknown, requestId: string, retryKey?: string): Answer {
    if (retryKey !== undefined && !uuid.test(retryKey)) throw new ApiError(400, 'Invalid retry key');
    const check = this.#check(body);
    const to = check.text('to');
    check.boolean('notificationDisabled');
    const messages = this.#messages(check);
    const key = retryKey && `${account.channelId} ${retryKey.toLowerCase()}`;
    const before = key ? this.#accepted.get(key) : undefined;
    if (before && this.#book.stage.now() - before.at < keyMs) {
      const { sentMessages } = before;
      const headers = { 'x-line-accepted-request-id': before.requestId };
      throw new ApiError(409, says.retryKey, { sentMessages }, headers);
    }
    if (!/^[UCR][0-9a-f]{32}$/.test(to)) invalidProperty('to');
    const customer = this.#book.customersOf(account).find(({ userId }) => userId === to);
    if (!customer) throw new ApiError(400, says.notSent);
    this.#checkQuotes(customer, messages);
    if (!this.#book.hasQuota(account)) throw new ApiError(429, says.quota);
    const reached = this.#book.isReachable(customer);
    const sentMessages = this.#deliver(customer, 'push', messages, reached);
    if (reached) account.used = this.#book.usedBy(account) + 1;
    if (key) this.#accepted.set(key, { at: this.#book.stage.now(), requestId, sentMessages });
    return { status: 200, body: { sentMessages } };
  }

  reply(account: LineAccount, body: unknown): Answer {
    const check = this.#check(body);
    const token = check.text('replyToken');
    check.boolean('notificationDisabled');
    const messages = this.#messages(check);
    const held = this.#tokens.look(token, account.channelId);
    if (!held) throw new ApiError(400, says.replyToken);
    const customer = this.#book.customersOf(account).find(({ id }) => id === held.customerId);
    if (customer) this.#checkQuotes(customer, messages);
    this.#tokens.use(token);
    const reached = customer !== undefined && customer.friendship !== 'blocked';
    return { status: 200, body: { sentMessages: this.#deliver(customer, 'reply', messages, reached) } };
  }

  /** A dry run: the same checks, and nobody gets anything. */
  validate(body: unknown): Answer {
    this.#messages(this.#check(body));
    return { status: 200, body: {} };
  }

  #check(body: unknown): Check {
    return new Check(body, '', [], this.#book.settings.plainHttpHere);
  }

  #messages(check: Check): Message[] {
    const messages = check.list('messages', 1, 5).map(checkMessage);
    if (check.complaints.length > 0) refuse(check.complaints);
    return messages;
  }

  /** Only what was said in the same chat can be quoted. */
  #checkQuotes({ messages: said }: LineCustomer, messages: Message[]): void {
    for (const [at, { quoteToken }] of messages.entries())
      if (quoteToken !== undefined && !said.some((each) => each.quoteToken === quoteToken))
        refuse([{ message: 'Invalid quote token', property: `messages[${at}].quoteToken` }]);
  }

  #deliver(customer: LineCustomer | undefined, via: 'push' | 'reply', messages: Message[], reached: boolean): Sent[] {
    return messages.map((message) => {
      const sent = {
        id: this.#book.nextMessageId(),
        ...(isQuotable(message.type) ? { quoteToken: opaque(48) } : {}),
      };
      if (reached && customer) this.#book.addReceived(customer, via, message, sent);
      return sent;
    });
  }
}
