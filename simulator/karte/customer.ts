import type { ChosenFile } from '../files.ts';
import type { ChatStatus, Customer, CustomerMessage } from '../state.ts';
import type { Hooked, HookOptions, Hooks, MetadataPlace } from './hooks.ts';
import type { Project } from './project.ts';

export interface WriteOptions extends HookOptions {
  /** URL of the page the customer is on. */
  page?: string;
  /** As the widget's `chat.setMetadata`: `{ ms_teams: { channel } }`. */
  metadata?: Record<string, unknown>;
  /** Default `extra.metadata`. */
  metadataPlace?: MetadataPlace;
  picture?: ChosenFile;
}

export interface Written extends Hooked {
  message: CustomerMessage;
}

/** One customer of the site, as tests drive it. */
export class CustomerHandle {
  readonly state: Customer;
  readonly #project: Project;
  readonly #hooks: Hooks;

  constructor(project: Project, hooks: Hooks, state: Customer) {
    this.#project = project;
    this.#hooks = hooks;
    this.state = state;
  }

  /** What the API calls `user_id`. */
  get key(): string {
    return this.state.user_id ?? this.state.visitor_id;
  }

  get messages(): CustomerMessage[] {
    return this.state.messages;
  }

  /** What the customer sees of the other side, oldest first. */
  get received(): CustomerMessage[] {
    return this.messages.filter(({ from }) => from === 'operator' || from === 'bot');
  }

  /** The customer writes in the chat widget; the hook is on its way when this returns. */
  write(text: string, write: WriteOptions = {}): Written {
    const { page, metadata, metadataPlace = 'extra.metadata', picture, ...options } = write;
    const message = this.#project.addMessage(this.state, { from: 'customer', text, via: 'widget' }, picture);
    const placed = metadata && { value: metadata, place: metadataPlace };
    return { message, ...this.#hooks.message(this.state, message, page, placed, options) };
  }

  /** An operator answers in KARTE's own screen, which fires the operator hook. */
  answer(operatorId: string, text: string, options?: HookOptions): Written {
    const { id, name } = this.#project.operator(operatorId);
    const sender = { from: 'operator' as const, senderId: id, senderName: name };
    const message = this.#project.addMessage(this.state, { ...sender, text, via: 'console' });
    return { message, ...this.#hooks.message(this.state, message, undefined, undefined, options) };
  }

  /** Something said about an hour ago, while no hook was registered yet: only KARTE knows it. Without an operator's id the customer said it. */
  saidBefore(text: string, operatorId?: string): void {
    const operator = operatorId === undefined ? undefined : this.#project.operator(operatorId);
    const sender = operator
      ? { from: 'operator' as const, senderId: operator.id, senderName: operator.name, via: 'console' as const }
      : { from: 'customer' as const, via: 'widget' as const };
    const message = this.#project.addMessage(this.state, { ...sender, text });
    message.at = new Date(Date.parse(message.at) - 60 * 60_000 + this.messages.length * 1_000).toISOString();
  }

  /** Somebody assigns an operator or the bot in KARTE's own screen; null = 未担当. */
  assign(id: string | null, options?: HookOptions): Hooked {
    const is_bot = id === this.#project.data.botId;
    if (id !== null && !is_bot) this.#project.operator(id);
    this.#project.assign(this.state, id === null ? null : { id, is_bot });
    return this.#hooks.assign(this.state, options);
  }

  setStatus(status: ChatStatus): void {
    this.#project.setStatus(this.state, status);
  }

  /** The visitor logs in and is the member `userId` from now on. */
  identify(userId: string): void {
    this.#project.identify(this.state, userId);
  }
}
