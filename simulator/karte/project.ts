import type { ChosenFile } from '../files.ts';
import type { Answer } from '../http.ts';
import { uuidOf } from '../ids.ts';
import type { Stage } from '../stage.ts';
import { BadInput } from '../stage.ts';
import type { Customer, CustomerMessage, KarteOperator, KarteProject, NewCustomer } from '../state.ts';

/** What KARTE does not document; a test turns each to see that the product does not lean on it. */
export interface KarteSettings {
  /** Body of the answer of a path in place of the default (`{}` for most). */
  responses: Record<string, unknown>;
  /** Order of `talk/message/get`. */
  messageOrder: 'newestFirst' | 'oldestFirst';
  /** Which messages `talk/message/get` gives when there are more than were asked for. */
  limitKeeps: 'newest' | 'oldest';
  /** How `assignee/get` says 未担当. */
  unassigned: 'null' | 'absent';
  /** Does an assignment through the API fire the assign hook? */
  hookOnApiAssign: boolean;
  /** Do hooks of members carry the visitor_id? */
  memberVisitorId: boolean;
  /** Does a message text past this many characters get a 400? No limit is documented. */
  maxTextLength: number;
  signature: 'hex' | 'base64';
  /** What `content.image` of a hook is: the picture's address, or an object with it. */
  imageShape: 'address' | 'object';
}

export const defaultSettings = (): KarteSettings => ({
  responses: {},
  messageOrder: 'newestFirst',
  limitKeeps: 'newest',
  unassigned: 'null',
  hookOnApiAssign: true,
  memberVisitorId: true,
  maxTextLength: Number.POSITIVE_INFINITY,
  signature: 'hex',
  imageShape: 'address',
});

/** A KARTE project: its operators, its customers and what was said with each. */
export class Project {
  settings: KarteSettings = defaultSettings();
  readonly #stage: Stage;
  readonly #customers = new Map<string, Customer>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#index();
    stage.onReset(() => {
      this.settings = defaultSettings();
      this.#index();
    });
  }

  /** Keys, scopes and operators; change them freely. */
  get data(): KarteProject {
    return this.#stage.world.project;
  }

  get customers(): Customer[] {
    return this.#stage.world.customers;
  }

  findOperator(id: string): KarteOperator | undefined {
    return this.data.operators.find((operator) => operator.id === id);
  }

  /** Throws {@link BadInput} when there is none. */
  operator(id: string): KarteOperator {
    const operator = this.findOperator(id);
    if (!operator) throw new BadInput(`There is no operator ${id}.`);
    return operator;
  }

  /** The customer that a `user_id` field of the API means: a member's user_id or a visitor's visitor_id. */
  find(userId: string): Customer | undefined {
    return this.#customers.get(userId);
  }

  /** Throws {@link BadInput} when there is none. */
  customer(id: string): Customer {
    const customer = this.find(id);
    if (!customer) throw new BadInput(`There is no customer ${id}.`);
    return customer;
  }

  /** A picture that a customer sent, as its bytes. */
  fileOf(id: string | undefined): Answer {
    return this.#stage.files.answer(id);
  }

  addCustomer({ kind, user_id, visitor_id, name }: NewCustomer): Customer {
    if ((kind === 'member') !== Boolean(user_id)) throw new BadInput('A member needs a user_id, a visitor has none.');
    for (const id of [user_id, visitor_id]) if (id && this.find(id)) throw new BadInput(`The customer ${id} exists.`);
    const visitorId = visitor_id ?? `vis-${uuidOf(`visitor ${user_id ?? this.#stage.nextId()}`)}`;
    const id = user_id ?? visitorId;
    const fresh = { messages: [], assignee: null, status: 'open' as const, events: [] };
    const customer: Customer = { id, kind, user_id, visitor_id: visitorId, name, ...fresh };
    this.customers.push(customer);
    this.#remember(customer);
    this.#stage.changed();
    return customer;
  }

  /** A visitor logs in: from now on hooks name the member. Both ids find the customer. */
  identify(customer: Customer, userId: string): void {
    if (userId === '') throw new BadInput('The user_id is empty.');
    const other = this.find(userId);
    if (other && other !== customer) throw new BadInput(`The customer ${userId} exists.`);
    customer.kind = 'member';
    customer.user_id = userId;
    this.#remember(customer);
    this.#stage.changed();
  }

  addMessage(customer: Customer, message: Omit<CustomerMessage, 'id' | 'at'>, file?: ChosenFile): CustomerMessage {
    const picture = file && { url: `api/files/${this.#stage.files.add(file)}`, name: file.name };
    const added = {
      ...message,
      ...(picture ? { picture } : {}),
      id: this.#stage.nextId(),
      at: this.#stage.timestamp(),
    };
    customer.messages.push(added);
    if (message.from === 'customer' && customer.status === 'closed') {
      customer.status = 'open'; // a closed talk starts again without anybody in charge
      customer.assignee = null;
    }
    this.#stage.changed();
    return added;
  }

  /** Puts an operator or the bot in charge; null = 未担当. */
  assign(customer: Customer, assignee: Customer['assignee']): void {
    customer.assignee = assignee;
    this.#stage.changed();
  }

  setStatus(customer: Customer, status: Customer['status']): void {
    customer.status = status;
    this.#stage.changed();
  }

  addEvent(customer: Customer, name: string, values: Record<string, unknown>): void {
    customer.events.push({ at: this.#stage.timestamp(), event_name: name, values });
    this.#stage.changed();
  }

  /** The name end users see of an operator or the bot; undefined for strangers. */
  senderName(id: string): string | undefined {
    return id === this.data.botId ? this.data.botName : this.findOperator(id)?.name;
  }

  #remember(customer: Customer): void {
    this.#customers.set(customer.visitor_id, customer);
    this.#customers.set(customer.id, customer);
    if (customer.user_id) this.#customers.set(customer.user_id, customer);
  }

  #index(): void {
    this.#customers.clear();
    for (const customer of this.customers) this.#remember(customer);
  }
}
