import { z } from 'zod';
import { textOf } from '../../desk/message.ts';
import type { LookedUp, Sought } from '../../desk/ports.ts';

/** KARTE's clock and ours may differ by this much (ms). */
const CLOCK_SKEW = 60_000;

/** How much KARTE may return at most is undocumented; it is surely not fewer messages than this. */
const FEW = 10;

/** A time without its zone could be any of a day. */
const ZONED = /(Z|[+-]\d\d:?\d\d)$/i;

/** What samples show of `talk/message/get`; order, paging and ids are undocumented. */
const answer = z.object({
  messages: z.array(
    z.looseObject({
      date: z.string().regex(ZONED),
      account_id: z.union([z.string(), z.number()]).nullish(),
      content: z.looseObject({ text: z.string().nullish() }).nullish(),
    }),
  ),
});

/** How many to ask for to see which end of a longer list was cut off. */
export const SHORTER = FEW / 2;

/**
 * Whether a message is among a user's last ones. Absent only when nothing stands in the way of being sure: the clocks agree, the list
 * reaches back to the time of the send, and everything of that sender since then is known to be something else. `most` is how many were
 * asked for. A list that may have been cut has to hold the newest, too: see `holdsNewest`.
 */
export function readLookUp(body: unknown, sought: Sought & { senderId: string }, most: number): LookedUp {
  const read = answer.safeParse(body);
  if (!read.success) return 'cannotTell';
  const wanted = plain(textOf(sought.message));
  const known = new Set(sought.others.map(plain));
  // Nothing to go by, or it can't be told from another message.
  if (wanted === '' || known.has(wanted)) return 'cannotTell';
  if (Math.abs(sought.ahead ?? 0) > CLOCK_SKEW) return 'cannotTell';
  const since = sought.since - CLOCK_SKEW;
  const all = read.data.messages.map((message) => ({
    at: Date.parse(message.date),
    sender: message.account_id === null || message.account_id === undefined ? undefined : String(message.account_id),
    text: plain(message.content?.text ?? ''),
    // Where the words of a message stand may change.
    holdsIt: stringsIn(message).some((text) => plain(text) === wanted),
  }));
  if (all.some(({ at }) => Number.isNaN(at))) return 'cannotTell';
  const recent = all.filter(({ at }) => at >= since);
  if (recent.some(({ sender, text }) => sender === sought.senderId && text === wanted)) return 'found';
  // The same words under another name, or none: KARTE may name the sender differently than we do.
  if (recent.some(({ holdsIt }) => holdsIt)) return 'cannotTell';
  const unexplained = recent.some(({ sender, text }) => sender === sought.senderId && !known.has(text));
  const whole = all.length < Math.min(most, FEW);
  return !unexplained && (whole || (reachesBack(all, since, sought) && reachesUp(all, since, sought)))
    ? 'absent'
    : 'cannotTell';
}

/** Whether an answer is so short that nothing of the talk was left out. */
export function isWhole(body: unknown): boolean {
  const read = answer.safeParse(body);
  return read.success && read.data.messages.length < FEW;
}

/**
 * Whether a list holds the newest messages of a talk. It may hold the oldest, and end just before the one that is looked for: a shorter list, asked
 * for later, shows which end is cut off.
 */
export function holdsNewest(list: unknown, shorter: unknown): boolean {
  const [long, short] = [datesIn(list), datesIn(shorter)];
  return short.length > 0 && Math.max(...short) >= Math.max(...long) && Math.min(...short) > Math.min(...long);
}

function datesIn(body: unknown): number[] {
  const read = answer.safeParse(body);
  return read.success ? read.data.messages.map(({ date }) => Date.parse(date)) : [];
}

interface Said {
  at: number;
  sender?: string;
}

/** Whether everything since the send is in the list: something older is, or what the user is known to have said before it. */
function reachesBack(all: Said[], since: number, { heardBefore }: Sought): boolean {
  return all.some(({ at, sender }) => at < since || (sender === undefined && heardBefore.includes(at)));
}

/** Whether the list reaches up to the send: something of late is in it, or the last known words of the user. */
function reachesUp(all: Said[], since: number, { lastHeard = since }: Sought): boolean {
  return all.some(({ at }) => at >= Math.min(since, lastHeard));
}

/** Text without what a system may change about it on the way: white space, invisible signs, the form of accents. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(/[\s\p{Cf}]+/gu, '');
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
