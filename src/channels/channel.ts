import { DeskError } from '../desk/deskError.ts';
import type { Incoming } from '../desk/intake.ts';
import type { Outcomes } from '../desk/outcomes.ts';
import type { ChannelPort } from '../desk/ports.ts';
import type { Connection } from '../desk/settings.ts';

/** A hook as it came in: the raw bytes, unparsed, and the headers in lower case. */
export interface Hook {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Finds the connection that a hook claims to belong to: by the account that it names, or without one by its address. */
export type FindConnection = (account?: string) => Promise<Connection | undefined>;

/**
 * An end-user channel: what the desk needs of it (see {@link ChannelPort}, where what it *may* offer is told by its presence), how its hooks are read,
 * and what its answers mean.
 */
export interface Channel extends ChannelPort {
  readonly outcomes: Outcomes;
  /**
   * Reads a hook: finds its connection, verifies the raw bytes, and only then trusts anything in them. Rejects with a DeskError: `hook.notJson`,
   * `hook.unknownAccount`, `hook.badSignature`, `hook.stale`, `hook.badShape`. An empty list = genuine, and nothing for the desk.
   */
  receive(hook: Hook, find: FindConnection): Promise<Incoming[]>;
}

/** What a hook's body says. Throws `hook.notJson`. */
export function jsonIn({ body }: Hook): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new DeskError('hook.notJson');
  }
}
