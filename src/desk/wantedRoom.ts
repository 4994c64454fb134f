import type { Directory } from './directory.ts';
import { inPatience } from './patience.ts';
import type { Environment, TeamsPort } from './ports.ts';
import type { Connection, DeskSettings } from './settings.ts';

/** How long Teams may take to tell a team's Teams channels (ms): a hook waits for it, and is refused when it waits too long. */
const ASKING = 800;

interface Parts {
  directory: Directory;
  teams: TeamsPort;
  env: Environment;
}

/** The Teams channel that a new customer's widget asks for if it is one of this team's, else the connection's own. */
export async function wantedRoom(
  { connection, room }: { connection: Connection; room?: string },
  parts: Parts,
): Promise<string> {
  if (!room || room === connection.room) return connection.room;
  const { directory, env } = parts;
  const desk = await directory.desk(connection.deskId);
  if (!desk) return connection.room;
  if (desk.rooms.includes(room)) return room;
  const rooms = await inPatience(env, ASKING, roomsNow(desk, parts));
  if (rooms?.includes(room)) return room;
  const why = rooms ? 'is not one of this team' : 'could not be looked up in time';
  env.log.warn(
    { deskId: desk.id, known: rooms?.length },
    `the Teams channel named by the widget ${why}; the default is used`,
  );
  return connection.room;
}

/** The team's Teams channels as Teams tells them now, kept for who asks next, also when they come too late; `undefined`: it does not tell. */
export async function roomsNow(
  desk: DeskSettings,
  { directory, teams }: Pick<Parts, 'directory' | 'teams'>,
): Promise<string[] | undefined> {
  const rooms = (await teams.listRooms(desk))?.map(({ id }) => id);
  if (rooms) await directory.changeDesk(desk.id, (settings) => ({ ...settings, rooms }));
  return rooms;
}
