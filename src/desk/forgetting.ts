import { conversationIdOf, memberIdOf } from './belonging.ts';
import type { Conversation } from './conversation.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import type { Pictures } from './pictures.ts';
import type { Environment, Records } from './ports.ts';
import type { Connection } from './settings.ts';

interface Parts {
  records: Records;
  env: Environment;
  directory: Directory;
  pictures: Pick<Pictures, 'purge'>;
  /** How long another process may still take something in for a connection that is gone (ms). */
  settle: number;
}

/** How many conversations, and how many deliveries of one, are looked at together. */
const AT_ONCE = 200;
const DELIVERIES = 200;

/** How long after a store that is away it is tried again (ms). */
const AGAIN = 60_000;

const STATUSES: readonly Conversation['status'][] = ['open', 'waiting', 'closed'];

/**
 * Deletes what is stored of a disconnected connection's conversations: what was said, where it stands in Teams, who waits. A conversation's own record goes
 * last, so that whatever breaks off is found again; done twice it leaves the same.
 */
export class Forgetting {
  readonly #parts: Parts;
  readonly #going = new Map<string, Promise<number>>();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Goes on with what an earlier process began. */
  async start(): Promise<void> {
    const { records, env } = this.#parts;
    try {
      const found = await records.connections.find({});
      for (const { value } of found) if (value.forgettingSince !== undefined) void this.#run(value);
    } catch (error) {
      env.log.warn({ err: error }, 'connections whose conversations are to be deleted could not be looked for');
      this.#later();
    }
  }

  /** How many conversations were deleted, `undefined` when it still goes on after `patience` (ms). */
  begin(connection: Connection, patience: number): Promise<number | undefined> {
    const { env } = this.#parts;
    const run = this.#run(connection);
    return new Promise((resolve, reject) => {
      const cancel = env.later(patience, () => resolve(undefined));
      run.then(resolve, reject).finally(cancel);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** One run for each connection. */
  #run(connection: Connection): Promise<number> {
    const { env } = this.#parts;
    const { id: connectionId } = connection;
    const going = this.#going.get(connectionId);
    if (going !== undefined) return going;
    const run = this.#forget(connection).finally(() => this.#going.delete(connectionId));
    this.#going.set(connectionId, run);
    // Whoever waits for it hears it too; what is not done is looked for again.
    run.catch((error: unknown) => {
      env.log.error({ err: error, connectionId }, 'conversations could not be deleted');
      this.#later();
    });
    return run;
  }

  #later(): void {
    if (this.#stopped) return;
    this.#cancel?.();
    this.#cancel = this.#parts.env.later(AGAIN, () => void this.start());
  }

  async #forget(connection: Connection): Promise<number> {
    const { env } = this.#parts;
    const { id, deskId } = connection;
    await this.#settled();
    const gone: string[] = [];
    // A conversation may have changed its status while they were gone through.
    for (let before = -1; before < gone.length && !this.#stopped; ) {
      before = gone.length;
      for (const status of STATUSES) await this.#each(connection, status, gone);
    }
    // What was under way while its conversation went may have been stored after that.
    for (const conversationId of gone) if (!this.#stopped) await this.#deliveries(conversationId);
    if (this.#stopped) return gone.length;
    await this.#done(id);
    const line = 'the conversations of a connection are deleted';
    env.log.info({ connectionId: id, deskId, conversations: gone.length }, line);
    return gone.length;
  }

  /** By then every process knows that the connection is gone: a hook that one of them still took would begin a conversation anew. */
  #settled(): Promise<void> {
    const { env, settle } = this.#parts;
    return settle === 0 ? Promise.resolve() : new Promise((resolve) => env.later(settle, resolve));
  }

  async #done(id: string): Promise<void> {
    const { records, env, directory } = this.#parts;
    for (;;) {
      const found = await records.connections.read(id, id);
      if (!found) return;
      const { forgettingSince, ...done } = found.value;
      if (await records.connections.replace({ ...done, forgottenAt: env.now() }, found.version)) break;
    }
    directory.forgetConnection(id);
  }

  async #each(connection: Connection, status: Conversation['status'], gone: string[]): Promise<void> {
    const { conversations } = this.#parts.records;
    const { id: connectionId, deskId } = connection;
    const query = { where: { deskId, status }, order: 'ascending', limit: AT_ONCE } as const;
    for (let from: number | undefined; !this.#stopped; ) {
      const found = await conversations.find({ ...query, ...(from === undefined ? {} : { from }) });
      for (const { value } of found) {
        if (value.connectionId !== connectionId || this.#stopped) continue;
        await this.#conversation(value, connection);
        gone.push(value.id);
      }
      if (found.length < AT_ONCE) return;
      const last = found.at(-1)?.value.createdAt ?? 0;
      // Many that began in the same moment are passed only once those of this connection are gone.
      from = last === from ? last + 1 : last;
    }
  }

  async #conversation(conversation: Conversation, connection: Connection): Promise<void> {
    const { conversations, threads, waits } = this.#parts.records;
    const { env } = this.#parts;
    const { id, unansweredSince, thread, movedFrom } = conversation;
    await this.#deliveries(id);
    if (unansweredSince !== undefined) {
      const wait = env.digest(`${id}\n${unansweredSince}`);
      await waits.remove(wait, wait);
    }
    for (const key of memberKeys(conversation, connection, env)) await threads.remove(key, key);
    for (const threadId of [thread?.id, movedFrom?.threadId])
      if (threadId) await this.#parts.directory.forgetThread(threadId);
    await conversations.remove(id, id);
  }

  async #deliveries(conversationId: string): Promise<void> {
    const { deliveries } = this.#parts.records;
    for (;;) {
      const found = await deliveries.find({ where: { conversationId }, limit: DELIVERIES });
      for (const { value } of found) {
        if ((await this.#parts.pictures.purge(value)).kind !== 'delivered') throw new DeskError('store.unavailable');
        await deliveries.remove(value.lane, value.id);
      }
      if (found.length < DELIVERIES) return;
    }
  }
}

/** Under what a member's conversation, or the one they began as a visitor, was settled (belonging.ts). */
function memberKeys({ endUser }: Conversation, connection: Connection, env: Environment): string[] {
  const known = new Set([endUser.key, endUser.userId, endUser.visitorId].flatMap((key) => key ?? []));
  return [...known].map((key) => memberIdOf(conversationIdOf(connection, key, env), env));
}
