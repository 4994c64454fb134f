import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import type { Environment, Records } from './ports.ts';
import { type Chosen, rulesOf } from './rules.ts';
import type { DeskSettings, Person } from './settings.ts';

/** A team as Teams names it when the app is installed there, or when somebody writes there. */
export type Installation = Pick<DeskSettings, 'id' | 'tenantId' | 'serviceUrl' | 'botId' | 'botName'> &
  Partial<Pick<DeskSettings, 'teamName' | 'aadGroupId'>>;

interface Parts {
  records: Records;
  env: Environment;
  directory: Directory;
}

/** Setting desks up: installation, what they choose, and who may change them. */
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

  /** Makes the person the desk's admin when it has none. Rejects with `desk.notAdmin`. */
  async claim(deskId: string, person: Person): Promise<void> {
    const claimed = await this.#parts.directory.changeDesk(deskId, (current) =>
      current.admins.length ? current : { ...current, admins: [person] },
    );
    if (!this.mayAdminister(claimed, person)) throw notAdmin(claimed);
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

  /** The desk, for a person who may change it. Rejects with `desk.notAdmin`. */
  async forAdmin(deskId: string, person: Person): Promise<DeskSettings> {
    const desk = await this.read(deskId);
    if (!this.mayAdminister(desk, person)) throw notAdmin(desk);
    return desk;
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
