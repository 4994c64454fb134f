import type { ChosenFile } from '../files.ts';
import { BadInput } from '../stage.ts';
import type { Book } from './book.ts';
import type { LineHooks } from './hooks.ts';
import { opaque } from './ids.ts';
import type { Loader } from './loader.ts';
import type { ReplyTokens } from './replyTokens.ts';
import type {
  Hooked,
  HookOptions,
  LineCustomerHandle,
  MediaOptions,
  Opened,
  SendOptions,
  Sticker,
  WriteOptions,
  Written,
} from './surface.ts';
import type { LineCustomer, LineMessage } from './world.ts';

/** What a handle needs to act. */
export interface Room {
  book: Book;
  hooks: LineHooks;
  tokens: ReplyTokens;
  loader: Loader;
}

/** A sticker of LINE's own free set. */
const bear: Sticker = {
  packageId: '11537',
  stickerId: '52002734',
  stickerResourceType: 'ANIMATION',
  keywords: ['cony', 'thanks'],
};

type Content = LineMessage['content'];
type Kept = Parameters<Book['addWritten']>[2];

/** One person's phone, with one account's chat open. */
export class CustomerHandle implements LineCustomerHandle {
  readonly state: LineCustomer;
  readonly #room: Room;

  constructor(room: Room, state: LineCustomer) {
    this.#room = room;
    this.state = state;
  }

  get userId(): string {
    return this.state.userId;
  }

  get messages(): LineMessage[] {
    return this.state.messages;
  }

  get received(): LineMessage[] {
    return this.messages.filter(({ from }) => from === 'account');
  }

  get texts(): string[] {
    return this.received.map(({ content }) => (typeof content.text === 'string' ? content.text : `[${content.type}]`));
  }

  get loading(): boolean {
    const { loadingUntil } = this.state;
    return loadingUntil !== undefined && Date.parse(loadingUntil) > this.#room.book.stage.now();
  }

  write(text: string, { emojis, ...options }: WriteOptions = {}): Written {
    if (text === '') throw new BadInput('text: empty.');
    if (text.length > 10_000) throw new BadInput('text: LINE takes 10,000 characters at most.');
    return this.#say({ type: 'text', text, ...(emojis ? { emojis } : {}), ...quoting(options) }, {}, options);
  }

  sticker(sticker: Partial<Sticker> = {}, options: SendOptions = {}): Written {
    return this.#say({ type: 'sticker', ...bear, ...sticker, ...quoting(options) }, {}, options);
  }

  picture(file: ChosenFile, options: SendOptions = {}): Written {
    return this.#say({ type: 'image', contentProvider: { type: 'line' } }, { file, preview: file }, options);
  }

  pictures(files: ChosenFile[], options: SendOptions = {}): Written[] {
    const { book } = this.#room;
    const id = opaque().slice(0, 20);
    const all = files.map((file, at) => {
      const imageSet = { id, index: at + 1, total: files.length };
      const content = { type: 'image', contentProvider: { type: 'line' }, imageSet };
      return this.#written(content, { file, preview: file });
    });
    const order = book.settings.imageSetOrder === 'reversed' ? all.toReversed() : all;
    const hooked = new Map(order.map((message) => [message, this.#tell(message, options)]));
    return all.map((message) => ({ message, ...(hooked.get(message) as Hooked) }));
  }

  video(file: ChosenFile, { durationMs, preparation, preview, ...options }: MediaOptions = {}): Written {
    const content = { type: 'video', contentProvider: { type: 'line' }, ...lasting(durationMs) };
    return this.#say(content, { file, preview, ...preparing(preparation) }, options);
  }

  audio(file: ChosenFile, { durationMs, preparation, ...options }: MediaOptions = {}): Written {
    const content = { type: 'audio', contentProvider: { type: 'line' }, ...lasting(durationMs) };
    return this.#say(content, { file, ...preparing(preparation) }, options);
  }

  file(file: ChosenFile, options: SendOptions = {}): Written {
    return this.#say({ type: 'file', fileName: file.name, fileSize: file.bytes.length }, { file }, options);
  }

  location(
    place: { latitude: number; longitude: number; title?: string; address?: string },
    options: SendOptions = {},
  ): Written {
    return this.#say({ type: 'location', ...place }, {}, options);
  }

  postback(
    data: string,
    { params, displayText, ...options }: Parameters<LineCustomerHandle['postback']>[1] = {},
  ): Written {
    if (data === '' || data.length > 300) throw new BadInput('data: 1 to 300 characters.');
    const postback = { data, ...(params ? { params } : {}) };
    const message = this.#written({ type: 'postback', ...postback, ...(displayText ? { displayText } : {}) }, {});
    return { message, ...this.#event({ type: 'postback', postback }, true, options) };
  }

  unsend(message: LineMessage | string, options?: HookOptions): Hooked {
    const found = this.#own(message);
    if (found.unsentAt !== undefined || found.content.type === 'postback')
      throw new BadInput('This message can not be taken back.');
    this.#room.book.unsend(found);
    return this.#event({ type: 'unsend', unsend: { messageId: found.id } }, false, options);
  }

  follow(options?: HookOptions): Hooked {
    const { friendship } = this.state;
    if (friendship === 'friend') throw new BadInput(`${this.state.name} is a friend of the account already.`);
    this.#befriend('friend');
    return this.#event({ type: 'follow', follow: { isUnblocked: friendship === 'blocked' } }, true, options);
  }

  block(options?: HookOptions): Hooked {
    if (this.state.friendship === 'blocked') throw new BadInput(`${this.state.name} blocks the account already.`);
    this.#befriend('blocked');
    return this.#event({ type: 'unfollow' }, false, options);
  }

  unblock(options?: HookOptions): Hooked {
    if (this.state.friendship !== 'blocked') throw new BadInput(`${this.state.name} does not block the account.`);
    return this.follow(options);
  }

  prepared(message: LineMessage | string, how: 'succeeded' | 'failed' = 'succeeded'): void {
    this.#own(message).preparation = how === 'failed' ? 'failed' : undefined;
    this.#room.book.stage.changed();
  }

  open(message: LineMessage): Promise<Opened> {
    return this.#room.loader.open(message);
  }

  #say(content: Content, kept: Kept, options: HookOptions): Written {
    const message = this.#written(content, kept);
    return { message, ...this.#tell(message, options) };
  }

  #written(content: Content, kept: Kept): LineMessage {
    if (this.state.friendship === 'blocked') throw new BadInput(`${this.state.name} blocks the account.`);
    return this.#room.book.addWritten(this.state, content, kept);
  }

  #tell({ id, content, quoteToken, markAsReadToken }: LineMessage, options: HookOptions): Hooked {
    const tokens = { ...(quoteToken ? { quoteToken } : {}), ...(markAsReadToken ? { markAsReadToken } : {}) };
    return this.#event({ type: 'message', message: { id, ...content, ...tokens } }, true, options);
  }

  #event(event: Record<string, unknown>, repliable: boolean, options?: HookOptions): Hooked {
    const { book, hooks, tokens } = this.#room;
    const account = book.accountOf(this.state);
    const source = { type: 'user', ...(this.state.consents ? { userId: this.userId } : {}) };
    const at = book.stage.now() + (options?.skewMs ?? 0);
    const replyToken = repliable ? tokens.issue(account.channelId, this.state.id, at) : undefined;
    return hooks.event(account, { ...event, source, replyToken }, options);
  }

  #befriend(friendship: LineCustomer['friendship']): void {
    this.state.friendship = friendship;
    this.#room.book.stage.changed();
  }

  #own(message: LineMessage | string): LineMessage {
    const id = typeof message === 'string' ? message : message.id;
    const found = this.messages.find((each) => each.id === id && each.from === 'customer');
    if (!found) throw new BadInput(`${this.state.name} sent no message ${id}.`);
    return found;
  }
}

const quoting = ({ quotes }: SendOptions) => (quotes === undefined ? {} : { quotedMessageId: quotes });
const lasting = (duration: number | undefined) => (duration === undefined ? {} : { duration });
const preparing = (how: MediaOptions['preparation']) =>
  how === undefined || how === 'ready' ? {} : { preparation: how };
