import type { Incoming } from '../desk/intake.ts';
import type { ChannelPort } from '../desk/ports.ts';
import type { Connection } from '../desk/settings.ts';

/** A hook as it came in: the raw bytes, unparsed, and the headers in lower case. */
export interface Hook {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Finds the connection that a hook claims to belong to by the account it names. */
export type FindConnection = (account: string) => Promise<Connection | undefined>;

/**
 * An end-user channel: what the desk needs of it, and how its hooks are read. `receive` verifies the raw bytes before it
 * trusts anything in them. It rejects with a DeskError: `hook.notJson`, `hook.unknownAccount`, `hook.badSignature`,
 * `hook.stale`, `hook.badShape`. An empty list = genuine, and nothing for the desk.
 */
export interface Channel extends ChannelPort {
  receive(hook: Hook, find: FindConnection): Promise<Incoming[]>;
}
