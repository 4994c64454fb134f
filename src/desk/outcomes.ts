import type { Failure } from './outcome.ts';

/** What was seen of a call that did not succeed: an HTTP answer, or how the socket ended. */
export type Seen =
  | { status: number; errorCode?: string; retryAfter?: string | null; detail?: string }
  | { socket: string };

/** What one answer of the other side means. */
export interface Row {
  /** A status (`4xx`, `5xx`: any other of that hundred), a Teams error code, or the code of a socket error (`*`: any other). */
  seen: number | '4xx' | '5xx' | '3xx' | { errorCode: string } | { socket: string };
  /** Certain: nothing was sent. */
  certain: boolean;
  /** The same call may succeed later. */
  transient?: boolean;
  /** A state of the Teams channel or the whole desk: its messages wait until an admin has mended it. */
  holds?: boolean;
  /** The code's last part; the first is the side. */
  code: string;
}

/** What every answer of one outside system means; the first row that fits counts. `side` is the first part of its codes. */
export interface Outcomes {
  side: string;
  rows: readonly Row[];
}

/** What means the same wherever it is seen. */
const everywhere: readonly Row[] = [
  { seen: 401, certain: true, code: 'unauthorized' },
  { seen: 403, certain: true, code: 'forbidden' },
  { seen: 408, certain: false, code: 'timeout' },
  { seen: 412, certain: true, transient: true, code: 'busy' },
  { seen: 413, certain: true, code: 'tooLarge' },
  { seen: 429, certain: true, transient: true, code: 'throttled' },
  { seen: '3xx', certain: true, code: 'unexpected' },
  { seen: '4xx', certain: true, code: 'badRequest' },
  { seen: '5xx', certain: false, code: 'unavailable' },
  { seen: { socket: 'ECONNREFUSED' }, certain: true, transient: true, code: 'unreachable' },
  { seen: { socket: 'ENOTFOUND' }, certain: true, transient: true, code: 'unreachable' },
  { seen: { socket: 'EAI_AGAIN' }, certain: true, transient: true, code: 'unreachable' },
  { seen: { socket: 'UND_ERR_CONNECT_TIMEOUT' }, certain: true, transient: true, code: 'unreachable' },
  { seen: { socket: 'TimeoutError' }, certain: false, code: 'timeout' },
  { seen: { socket: '*' }, certain: false, code: 'interrupted' },
];

/** The table of one outside system: what only it says, and below that what means the same everywhere. */
export function outcomesOf(side: string, own: readonly Row[] = []): Outcomes {
  return { side, rows: [...own, ...everywhere] };
}

/** What Teams answers. Source: its rate-limit and status pages. */
export const teamsOutcomes = outcomesOf('teams', [
  { seen: { errorCode: 'BotNotInConversationRoster' }, certain: true, holds: true, code: 'notInRoster' },
  { seen: { errorCode: 'BotDisabledByAdmin' }, certain: true, holds: true, code: 'disabled' },
  { seen: { errorCode: 'MessageWritesBlocked' }, certain: true, holds: true, code: 'blocked' },
  { seen: { errorCode: 'ConversationBlockedByUser' }, certain: true, holds: true, code: 'blocked' },
  { seen: { errorCode: 'ConversationNotFound' }, certain: true, code: 'threadGone' },
  { seen: { errorCode: 'ActivityNotFoundInConversation' }, certain: true, code: 'threadGone' },
  { seen: 404, certain: true, code: 'threadGone' },
  { seen: 401, certain: true, holds: true, code: 'unauthorized' },
  { seen: 403, certain: true, holds: true, code: 'forbidden' },
  { seen: { socket: 'TokenUnavailable' }, certain: true, transient: true, code: 'noToken' },
]);

/** The code of a socket's error; a call that was given up has none, and is known by its name. */
export function socketCodeOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: unknown };
  return typeof code === 'string' ? code : (name ?? '');
}

/** Reads the table. `now` (Unix ms) is for a `Retry-After` that is a date. */
export function failureOf({ side, rows }: Outcomes, seen: Seen, now: number): Failure {
  const row = rows.find((candidate) => fits(candidate.seen, seen));
  const code = `${side}.${row?.code ?? 'interrupted'}`;
  const detail = 'status' in seen ? seen.detail : undefined;
  if (!row?.certain) return { kind: 'unknown', code, detail };
  const retryAfter = 'status' in seen && row.transient ? msOf(seen.retryAfter, now) : undefined;
  return { kind: 'refused', code, transient: row.transient ?? false, retryAfter, holds: row.holds, detail };
}

function fits(wanted: Row['seen'], seen: Seen): boolean {
  if ('socket' in seen)
    return typeof wanted === 'object' && 'socket' in wanted && (wanted.socket === '*' || wanted.socket === seen.socket);
  if (typeof wanted === 'number') return wanted === seen.status;
  if (typeof wanted === 'string') return wanted.startsWith(String(Math.floor(seen.status / 100)));
  return 'errorCode' in wanted && wanted.errorCode === seen.errorCode && seen.status >= 400 && seen.status < 500;
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3). */
function msOf(header: string | null | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
