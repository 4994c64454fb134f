import type { Administration } from './administration.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import type { Forgetting } from './forgetting.ts';
import { ChannelRefusal } from './operatorActions.ts';
import type { Environment, Given, Records, TeamsPort, Versioned } from './ports.ts';
import type { Connection, Person } from './settings.ts';
import { roomsNow } from './wantedRoom.ts';

/** Credentials as a person gave them, and of which channel. */
export interface Credentials extends Given {
  channel: string;
  /** Kept secrets that are taken away: what is not required may have been kept by mistake. */
  without?: readonly string[];
}

/** Why nothing goes through a connection; `undefined`: everything does. */
export function barOf({ pausedAt, disconnectedAt }: Connection): string | undefined {
  if (disconnectedAt !== undefined) return 'connection.disconnected';
  return pausedAt === undefined ? undefined : 'connection.paused';
}

interface Parts {
  records: Records;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  administration: Administration;
  forgetting: Forgetting;
  /** Opens a connection's secrets; none where it has none any more. */
  open(connection: Connection): Record<string, string>;
  seal(secrets: Record<string, string>, connectionId: string): string;
}

/** The accounts of channels that a desk works with: connecting them, letting them rest, taking them away. */
export class Connections {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A connection's id: what a hook's public key leads to. */
  idOf(channel: string, account: string): string {
    return this.#parts.env.digest(`${channel}\n${account}`);
  }

  /** Every connection of a desk, the oldest first; those that were taken away too, as their conversations are still there. */
  async list(deskId: string): Promise<Connection[]> {
    const found = await this.#parts.records.connections.find({ where: { deskId } });
    return found.map(({ value }) => value).toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /**
   * Connects the desk after the channel has accepted the credentials. The person becomes its admin when it has none. Of an account that is connected here
   * already, secrets that are not given stay as they are. Rejects with `desk.notAdmin`, `desk.accountElsewhere`, or what the channel said.
   */
  async connect(deskId: string, person: Person, room: string, credentials: Credentials): Promise<Connection> {
    const { directory, env, administration } = this.#parts;
    const desk = await administration.forAdmin(deskId, person);
    const { channel, account, settings, without = [] } = credentials;
    const id = this.idOf(channel, account);
    // Before anybody becomes an admin: who is refused has set nothing up.
    const found = await this.#free(id, deskId);
    const isOurs = found?.value.deskId === deskId;
    const kept = isOurs
      ? Object.entries(this.#parts.open(found.value)).filter(([name]) => !without.includes(name))
      : [];
    const secrets = { ...Object.fromEntries(kept), ...given(credentials.secrets) };
    const checked = await directory.channel(channel).checkCredentials({ account, settings, secrets });
    if (checked.kind !== 'delivered') throw new ChannelRefusal(checked);
    await administration.claim(deskId, person);
    const now = env.now();
    const written = await this.#keep({
      id,
      deskId,
      channel,
      account,
      settings: { ...settings, ...checked.settings },
      sealed: this.#parts.seal(secrets, id),
      room,
      createdAt: now,
      updatedAt: now,
    });
    await roomsNow(desk, this.#parts);
    return written;
  }

  /** What came in meanwhile was not taken: a pause is over at once, both ways. Rejects with `desk.notAdmin` and `connection.unknown`. */
  pause(deskId: string, by: Person, id: string, paused: boolean): Promise<Connection> {
    const { env } = this.#parts;
    return this.#change(deskId, by, id, (connection) =>
      connection.disconnectedAt !== undefined || (connection.pausedAt !== undefined) === paused
        ? connection
        : { ...connection, pausedAt: paused ? env.now() : undefined },
    );
  }

  /** Forgets the credentials: nothing comes in or goes out any more. Its conversations stay. */
  disconnect(deskId: string, by: Person, id: string): Promise<Connection> {
    const { env } = this.#parts;
    return this.#change(deskId, by, id, (connection) =>
      connection.disconnectedAt !== undefined
        ? connection
        : { ...connection, sealed: '', pausedAt: undefined, disconnectedAt: env.now() },
    );
  }

  /**
   * Disconnects it, and begins to delete what is stored of its conversations; what stands in Teams and on the channel's side stays. Resolves with the number
   * of conversations when all are gone; with `undefined` when `patience` (ms) is over: it goes on then, also after a restart.
   */
  async forget(deskId: string, by: Person, id: string, patience: number): Promise<number | undefined> {
    await this.disconnect(deskId, by, id);
    const { env, forgetting } = this.#parts;
    const marked = await this.#change(deskId, by, id, (connection) =>
      connection.forgettingSince === undefined ? { ...connection, forgettingSince: env.now() } : connection,
    );
    return forgetting.begin(marked, patience);
  }

  async #change(
    deskId: string,
    by: Person,
    id: string,
    change: (connection: Connection) => Connection,
  ): Promise<Connection> {
    const { records, directory, administration } = this.#parts;
    await administration.forAdmin(deskId, by);
    for (;;) {
      const found = await records.connections.read(id, id);
      if (found?.value.deskId !== deskId) throw new DeskError('connection.unknown');
      const changed = change(found.value);
      const written =
        changed === found.value
          ? found
          : await records.connections.replace({ ...changed, updatedAt: this.#parts.env.now() }, found.version);
      if (!written) continue;
      directory.forgetConnection(id);
      return written.value;
    }
  }

  /**
   * The stored connection of this id, if any; it may be left over from another team. Rejects with `desk.accountElsewhere` while another team works with it, or has its conversations: what its
   * customers say would go on there. Rejects with `connection.forgetting` while those are being deleted: what begins meanwhile would go with them.
   */
  async #free(id: string, deskId: string): Promise<Versioned<Connection> | undefined> {
    const { records, directory } = this.#parts;
    const found = await records.connections.read(id, id);
    if (found?.value.forgettingSince !== undefined) throw new DeskError('connection.forgetting');
    if (!found || found.value.deskId === deskId) return found;
    const free = found.value.forgottenAt !== undefined || (await directory.desk(found.value.deskId))?.removedAt;
    if (!free) throw new DeskError('desk.accountElsewhere');
    return found;
  }

  async #keep(connection: Connection): Promise<Connection> {
    const { records, directory } = this.#parts;
    const { id, deskId } = connection;
    for (;;) {
      const found = await this.#free(id, deskId);
      const written = found
        ? await records.connections.replace({ ...connection, ...takenUp(found.value, connection) }, found.version)
        : await records.connections.insert(connection);
      if (!written) continue;
      directory.forgetConnection(id);
      return written.value;
    }
  }
}

/** What stays when an account is connected anew: since when it is known, and that it rests, unless it was taken away or was another team's. */
function takenUp(found: Connection, { deskId, updatedAt }: Connection): Partial<Connection> {
  if (found.deskId !== deskId) return { takenOverAt: updatedAt };
  const { createdAt, takenOverAt, pausedAt, disconnectedAt } = found;
  const rests = pausedAt !== undefined && disconnectedAt === undefined;
  return { createdAt, ...(takenOverAt === undefined ? {} : { takenOverAt }), ...(rests ? { pausedAt } : {}) };
}

/** Those that were typed in. */
function given(secrets: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).filter(([, secret]) => secret !== ''));
}
