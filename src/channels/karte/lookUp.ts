import { z } from 'zod';
import { textOf } from '../../desk/message.ts';
import type { LookedUp, Sought } from '../../desk/ports.ts';
import { asTyped } from './harmless.ts';

/** KARTE's clock and ours may differ by this much (ms). */
const CLOCK_SKEW = 60_000;

/** What samples show of `talk/message/get`; order, paging and ids are undocumented. */
const answer = z.object({
  messages: z.array(
    z.looseObject({
      date: z.string(),
      account_id: z.union([z.string(), z.number()]).nullish(),
      content: z.looseObject({ text: z.string().nullish() }).nullish(),
    }),
  ),
});

/**
 * Whether a message is among a user's last ones. Absent only when nothing stands in the way of being sure: the list reaches back to the
 * time of the send, and everything of that sender since then is known to be something else. `most` is how many were asked for.
 */
export function readLookUp(body: unknown, sought: Sought & { senderId: string }, most: number): LookedUp {
  const read = answer.safeParse(body);
  if (!read.success) return 'cannotTell';
  const since = sought.since - CLOCK_SKEW;
  const all = read.data.messages.map(({ date, account_id, content }) => ({
    at: Date.parse(date),
    sender: account_id === null || account_id === undefined ? undefined : String(account_id),
    text: plain(content?.text ?? ''),
  }));
  if (all.some(({ at }) => Number.isNaN(at))) return 'cannotTell';
  const recent = all.filter(({ at }) => at >= since);
  const wanted = plain(textOf(sought.message));
  const alike = recent.filter(({ text }) => text === wanted);
  if (alike.some(({ sender }) => sender === sought.senderId)) return 'found';
  // The same words under another name, or none: KARTE may name the sender differently than we do.
  if (alike.length > 0) return 'cannotTell';
  const known = new Set(sought.others.map(plain));
  const unexplained = recent.some(({ sender, text }) => sender === sought.senderId && !known.has(text));
  const reachesBack = all.length < most || all.some(({ at }) => at < since);
  return unexplained || !reachesBack ? 'cannotTell' : 'absent';
}

/** Text without what a system may change about it on the way: white space, invisible signs, the form of accents. */
function plain(text: string): string {
  return asTyped(text)
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200d\ufeff]+/gu, ' ')
    .trim();
}
