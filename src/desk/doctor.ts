import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import type { Finding } from './finding.ts';
import type { Environment, Records } from './ports.ts';
import type { Connection, DeskSettings } from './settings.ts';

/** How many Teams channels are looked at, and how many of those that can't be posted to are named. */
const ROOMS = 50;
const NAMED = 5;

/** A connection, and what was found about it. */
export interface Examined {
  connection: Connection;
  findings: Finding[];
}

interface Parts {
  records: Pick<Records, 'lanes'>;
  env: Environment;
  directory: Directory;
  publicUrl: string;
}

/** Finds out whether everything is there that a desk needs, without any effect on customers. */
export class Doctor {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The end users' channels, one for each connection: whether they take what the desk would ask of them. */
  async channels(deskId: string): Promise<Examined[]> {
    const connections = await this.#parts.directory.connectionsOf(deskId);
    return Promise.all(
      connections.map(async (connection) => ({ connection, findings: await this.#examine(connection) })),
    );
  }

  async #examine(connection: Connection): Promise<Finding[]> {
    const { directory, env, publicUrl } = this.#parts;
    const { id: connectionId, deskId, pausedAt } = connection;
    const resting: Finding[] =
      pausedAt === undefined ? [] : [{ about: 'doctor.connection', state: 'missing', reason: 'connection.paused' }];
    try {
      const channel = directory.channel(connection.channel);
      const found = await channel.examine?.(connection, `${publicUrl}${channel.hookPath(connectionId)}`);
      return [
        ...resting,
        ...(found ?? [{ about: 'doctor.connection', state: 'untested' as const, reason: 'doctor.notExamined' }]),
      ];
    } catch (error) {
      env.log.error({ err: error, deskId, connectionId }, 'a connection could not be examined');
      const known = error instanceof DeskError && error.code === 'secrets.cannotOpen';
      return [{ about: 'doctor.connection', state: 'missing', reason: known ? error.code : 'internal' }];
    }
  }

  /** The desk itself: its admins, and Teams channels that can't be posted to at the moment. */
  async desk({ admins, rooms }: DeskSettings): Promise<Finding[]> {
    const { lanes } = this.#parts.records;
    const all = await Promise.all(rooms.slice(0, ROOMS).map((room) => lanes.read(room, room)));
    const held = all.flatMap((found) => found?.value.held ?? []).slice(0, NAMED);
    const posts = held.map(({ code }): Finding => ({ about: 'doctor.held', state: 'missing', reason: code }));
    return [
      admins.length > 0
        ? { about: 'doctor.admins', state: 'ok' }
        : { about: 'doctor.admins', state: 'missing', reason: 'answer.noAdmins' },
      ...(posts.length > 0 ? posts : [{ about: 'doctor.held', state: 'ok' } as const]),
    ];
  }
}
