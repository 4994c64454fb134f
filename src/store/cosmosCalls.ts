import { DeskError } from '../desk/deskError.ts';

/** What the SDK throws, as far as we look: an HTTP status, or the code of a network error. */
interface CosmosError {
  code?: number | string;
  substatus?: number;
  activityId?: string;
  name?: string;
  message?: string;
}

/** Calls to Cosmos DB under one deadline (ms). Whatever goes wrong rejects with `store.unavailable`. */
export class CosmosCalls {
  readonly #deadline: number;
  #closed = false;

  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  /** `run` hands the signal to every SDK call it makes. The SDK waits between its retries without looking at the signal; this does not. */
  async ask<T>(run: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const controller = new AbortController();
    const timer = setTimeout(() => {
      late.reject(new Error(`no answer within ${this.#deadline} ms`));
      controller.abort();
    }, this.#deadline);
    try {
      if (this.#closed) throw new Error('the store is closed');
      return await Promise.race([run(controller.signal), late.promise]);
    } catch (error) {
      throw new DeskError('store.unavailable', {}, told(error));
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#closed = true;
  }
}

/** Whether the store said no with one of these statuses, rather than failed to answer. */
export function refusedWith(error: unknown, statuses: readonly number[]): boolean {
  const { code, substatus } = error as CosmosError;
  return typeof code === 'number' && statuses.includes(code) && (code !== 404 || isAbsent(substatus));
}

/**
 * Whether a 404 is about the document. With a substatus it is not: the replica lags behind the session (1002), or the container is gone
 * (1003): https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-not-found
 */
export function isAbsent(substatus: number | undefined): boolean {
  return !substatus;
}

/** Whether the connection broke after the request may have been carried out. */
export function wasCut(error: unknown): boolean {
  const { code } = error as CosmosError;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'REQUEST_SEND_ERROR';
}

/** The SDK's errors carry whole requests, tokens included: only this much of them goes on. */
function told(error: unknown): Error {
  const { name, code, substatus, activityId, message = '' } = error as CosmosError;
  const where = [code ?? name, substatus, activityId].filter((part) => part !== undefined).join(' ');
  return new Error(`Cosmos DB (${where}): ${message.split('\n', 1)[0]?.slice(0, 200)}`);
}
