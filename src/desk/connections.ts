import type { Administration } from './administration.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { ChannelRefusal } from './operatorActions.ts';
import type { Environment, Given, Records, TeamsPort, Versioned } from './ports.ts';
import type { Connection, DeskSettings, Person } from './settings.ts';

/** Credentials as a person gave them, and of which channel. */
export interface Credentials extends Given {
  channel: string;
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
    const { channel, account, settings } = credentials;
    const id = this.idOf(channel, account);
    // Before anybody becomes an admin: who is refused has set nothing up.
    const known = await this.#checkFree(id, deskId);
    const secrets = { ...(known && this.#parts.open(known.value)), ...given(credentials.secrets) };
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
    await this.#refreshRooms(desk);
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

  /** The stored connection of this id, if any. Rejects with `desk.accountElsewhere` while another team works with it. */
  async #checkFree(id: string, deskId: string): Promise<Versioned<Connection> | undefined> {
    const { records, directory } = this.#parts;
    const found = await records.connections.read(id, id);
    if (!found || found.value.deskId === deskId) return found;
    const free = found.value.disconnectedAt !== undefined || (await directory.desk(found.value.deskId))?.removedAt;
    if (!free) throw new DeskError('desk.accountElsewhere');
    return undefined;
  }

  async #keep(connection: Connection): Promise<Connection> {
    const { records, directory } = this.#parts;
    const { id, deskId } = connection;
    for (;;) {
      await this.#checkFree(id, deskId);
      const found = await records.connections.read(id, id);
      const written = found
        ? await records.connections.replace({ ...connection, createdAt: found.value.createdAt }, found.version)
        : await records.connections.insert(connection);
      if (!written) continue;
      directory.forgetConnection(id);
      return written.value;
    }
  }

  async #refreshRooms(desk: DeskSettings): Promise<void> {
    const rooms = await this.#parts.teams.listRooms(desk);
    if (!rooms) return;
    const ids = rooms.map(({ id }) => id);
    await this.#parts.directory.changeDesk(desk.id, (current) => ({ ...current, rooms: ids }));
  }
}

/** Those that were typed in. */
function given(secrets: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).filter(([, secret]) => secret !== ''));
}
