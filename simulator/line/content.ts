import type { Answer } from '../http.ts';
import { ApiError, says } from './apiError.ts';
import type { Book } from './book.ts';
import type { LineAccount } from './world.ts';

/** What customers sent beside words, for the account they sent it to. https://developers.line.biz/en/reference/messaging-api/#get-content */
export class Content {
  readonly #book: Book;

  constructor(book: Book) {
    this.#book = book;
  }

  /** 202 while a video or audio file is being prepared. */
  bytes(account: LineAccount, messageId: string): Answer {
    const { message, content } = this.#find(account, messageId);
    if (!content) throw new ApiError(404, says.noContent);
    if (message.preparation) return { status: 202 };
    return fileAnswer(content.file.type, content.file.bytes);
  }

  preview(account: LineAccount, messageId: string): Answer {
    const { message, content } = this.#find(account, messageId);
    if (!['image', 'video'].includes(message.content.type)) throw new ApiError(400, 'The content can not be previewed');
    if (message.preparation) return { status: 202 };
    if (!content?.preview) throw new ApiError(404, says.noContent);
    return fileAnswer(content.preview.type, content.preview.bytes);
  }

  transcoding(account: LineAccount, messageId: string): Answer {
    const { message } = this.#find(account, messageId);
    if (!['video', 'audio'].includes(message.content.type))
      throw new ApiError(400, "Transcoding status doesn't support this type of content");
    return { status: 200, body: { status: message.preparation ?? 'succeeded' } };
  }

  #find(account: LineAccount, messageId: string) {
    const found = this.#book.findWritten(account, messageId);
    if (!found) throw new ApiError(404, says.noContent);
    if (found.message.unsentAt !== undefined) throw new ApiError(410, says.gone);
    return found;
  }
}

const fileAnswer = (type: string, body: Buffer): Answer => ({ status: 200, headers: { 'Content-Type': type }, body });
