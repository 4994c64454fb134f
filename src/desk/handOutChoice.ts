import type { HandOutRule } from './rules.ts';

/** Somebody who takes new conversations: how many they have open, when one was last handed out to them, since when they take them (Unix ms). */
export interface Candidate {
  id: string;
  open: number;
  lastAt: number;
  since: number;
}

/** Who is next; `undefined` when nobody has room. `capacity` 0 = no limit. The same for whoever asks with the same facts. */
export function chosen<C extends Candidate>(
  candidates: readonly C[],
  rule: Exclude<HandOutRule, 'off'>,
  capacity: number,
): C | undefined {
  const free = candidates.filter(({ open }) => capacity === 0 || open < capacity);
  const turn = (a: Candidate, b: Candidate) => a.lastAt - b.lastAt || a.since - b.since || (a.id < b.id ? -1 : 1);
  return free.toSorted((a, b) => (rule === 'leastOpen' ? a.open - b.open : 0) || turn(a, b))[0];
}
