import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Fleet } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import { until } from './until.ts';

/** The longest wait between a mark in the work and the kill (ms): long enough for any step of a delivery to be the one that is hit. */
const SCATTER = 60;

export interface KillPlan {
  kills: number;
  /** How far the ledger's progress goes. */
  work: number;
  chance: Chance;
  pace: Pace;
  /** How long a mark may take to be reached (ms). */
  stuck: number;
}

/**
 * Kills the one process that serves, again and again, each time at a point of the work that chance has chosen beforehand, and starts the next on the
 * same store. People wait at the mark until that next one is at hand, so that the kill falls among their messages.
 */
export async function killAtRandom(fleet: Fleet, ledger: Ledger, plan: KillPlan): Promise<void> {
  const { kills, work, chance, pace, stuck } = plan;
  const marks = Array.from({ length: kills }, () => chance.whole(1, Math.floor(work * 0.97))).sort((a, b) => a - b);
  const waits = marks.map(() => chance.part() * SCATTER);
  for (const [number, mark] of marks.entries()) {
    pace.holdAt(mark);
    await fleet.spareLoaded();
    await until(`the work gets to ${mark} of ${work}`, () => ledger.progress >= mark, stuck);
    pace.goOn();
    await sleep(waits[number]);
    await fleet.kill();
    await fleet.start();
  }
}
