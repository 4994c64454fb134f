import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { ChannelRefusal } from './operatorActions.ts';
import type { Environment, Given, Records, TeamsPort, Versioned } from './ports.ts';
import { type Chosen, rulesOf } from './rules.ts';
import type { Connection, DeskSettings, Person } from './settings.ts';

/** Credentials as a person gave them, and of which channel. */
export interface Credentials extends Given {
  channel: string;
}

/** A team as Teams names it when the app is installed there, or when somebody writes there. */
export type Installation = Pick<DeskSettings, 'id' | 'tenantId' | 'serviceUrl' | 'botId' | 'botName'> &
  Partial<Pick<DeskSettings, 'teamName' | 'aadGroupId'>>;

interface Parts {
  records: Records;
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  seal(secrets: Record<string, string>, connectionId: string): string;
}

/** Setting desks up: installation, connections and who may change them. */
export class Administration {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Notes that the app is in this team, and where Teams wants to be answered. Cheap when nothing is new. */
  async installed(team: Installation): Promise<DeskSettings> {
    const { records, directory, env } = this.#parts;
    const known = await directory.desk(team.id);
    if (known && !known.removedAt && isSame(known, team)) return known;
    const fresh: DeskSettings = { ...team, admins: [], rooms: [team.id], createdAt: env.now() };
    const inserted = await records.desks.insert(fresh);
    directory.forgetDesk(team.id);
    if (inserted) return inserted.value;
    return directory.changeDesk(team.id, (desk) => ({ ...desk, ...withoutUndefined(team), removedAt: undefined }));
  }

  /** The app was taken out of the team: nothing can be posted there until it comes back. Data is kept. */
  async removed(deskId: string): Promise<void> {
    const { directory, env } = this.#parts;
    if (await directory.desk(deskId)) await directory.changeDesk(deskId, (desk) => ({ ...desk, removedAt: env.now() }));
  }

  /** Notes a Teams channel that came or went. */
  async roomChanged(deskId: string, room: string, exists: boolean): Promise<void> {
    if (!(await this.#parts.directory.desk(deskId))) return;
    await this.#parts.directory.changeDesk(deskId, (desk) => {
      const rooms = desk.rooms.filter((known) => known !== room);
      return { ...desk, rooms: exists ? [...rooms, room] : rooms };
    });
  }

  /** Whether this person may change the desk: an admin, or anybody while it has none. */
  mayAdminister(desk: DeskSettings, person: Person): boolean {
    return desk.admins.length === 0 || desk.admins.some((admin) => admin.id === person.id);
  }

  /**
   * Connects the desk after the channel has accepted the credentials. The person becomes its admin when it has none.
   * Rejects with `desk.notAdmin`, `desk.accountElsewhere`, or what the channel said.
   */
  async connect(deskId: string, person: Person, room: string, credentials: Credentials): Promise<Connection> {
    const { directory, env } = this.#parts;
    const desk = await this.forAdmin(deskId, person);
    const id = this.connectionId(credentials.channel, credentials.account);
    const checked = await directory.channel(credentials.channel).checkCredentials(credentials);
    if (checked.kind !== 'delivered') throw new ChannelRefusal(checked);
    // Before anybody becomes an admin: who is refused has set nothing up.
    await this.#checkFree(id, deskId);
    const claimed = await directory.changeDesk(deskId, (current) =>
      current.admins.length ? current : { ...current, admins: [person] },
    );
    if (!this.mayAdminister(claimed, person)) throw notAdmin(claimed);
    const now = env.now();
    const written = await this.#keep({
      id,
      deskId,
      channel: credentials.channel,
      account: credentials.account,
      settings: { ...credentials.settings, ...checked.settings },
      sealed: this.#parts.seal(credentials.secrets, id),
      room,
      createdAt: now,
      updatedAt: now,
    });
    await this.#refreshRooms(desk);
    return written;
  }

  async addAdmin(deskId: string, by: Person, person: Person): Promise<void> {
    const desk = await this.forAdmin(deskId, by);
    if (desk.admins.length === 0) throw new DeskError('desk.notConnected');
    await this.#parts.directory.changeDesk(deskId, (current) =>
      current.admins.some((admin) => admin.id === person.id)
        ? current
        : { ...current, admins: [...current.admins, person] },
    );
  }

  /** What the desk has chosen, or began with. */
  chosen(desk: DeskSettings): Chosen {
    return { locale: desk.locale, rules: rulesOf(desk) };
  }

  /** Changes what the desk has chosen. Rejects with `desk.notAdmin`. */
  async choose(deskId: string, by: Person, change: (chosen: Chosen) => Chosen): Promise<DeskSettings> {
    await this.forAdmin(deskId, by);
    return this.#parts.directory.changeDesk(deskId, (desk) => {
      if (!this.mayAdminister(desk, by)) throw notAdmin(desk);
      return { ...desk, ...change(this.chosen(desk)) };
    });
  }

  /** The desk as it is stored now. Rejects with `desk.unknown`. */
  async read(deskId: string): Promise<DeskSettings> {
    this.#parts.directory.forgetDesk(deskId);
    const desk = await this.#parts.directory.desk(deskId);
    if (!desk) throw new DeskError('desk.unknown');
    return desk;
  }

  /** A connection's id: what a hook's public key leads to. */
  connectionId(channel: string, account: string): string {
    return this.#parts.env.digest(`${channel}\n${account}`);
  }

  /** The desk, for a person who may change it. Rejects with `desk.notAdmin`. */
  async forAdmin(deskId: string, person: Person): Promise<DeskSettings> {
    const desk = await this.read(deskId);
    if (!this.mayAdminister(desk, person)) throw notAdmin(desk);
    return desk;
  }

  /** The stored connection of this id, if any. Rejects with `desk.accountElsewhere` while another team works with it. */
  async #checkFree(id: string, deskId: string): Promise<Versioned<Connection> | undefined> {
    const { records, directory } = this.#parts;
    const found = await records.connections.read(id, id);
    const elsewhere = found && found.value.deskId !== deskId;
    if (elsewhere && !(await directory.desk(found.value.deskId))?.removedAt)
      throw new DeskError('desk.accountElsewhere');
    return found;
  }

  async #keep(connection: Connection): Promise<Connection> {
    const { records, directory } = this.#parts;
    for (;;) {
      const found = await this.#checkFree(connection.id, connection.deskId);
      const written = found
        ? await records.connections.replace({ ...connection, createdAt: found.value.createdAt }, found.version)
        : await records.connections.insert(connection);
      if (!written) continue;
      directory.forgetConnection(connection.id);
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

function notAdmin(desk: DeskSettings): DeskError {
  return new DeskError('desk.notAdmin', { names: desk.admins.map((admin) => admin.name).join(', ') });
}

function isSame(desk: DeskSettings, team: Installation): boolean {
  return (Object.keys(team) as (keyof Installation)[]).every(
    (key) => team[key] === undefined || team[key] === desk[key],
  );
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<T>;
}
