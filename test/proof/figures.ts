import { SEED } from './chance.ts';
import type { Verdict } from './verdict.ts';

/** Prints one line of figures, as they go into the documentation. `begun` is of `performance.now()`. */
export function report(
  proof: string,
  verdict: Verdict,
  { begun, ...more }: { begun: number } & Record<string, number>,
) {
  const { messages, lostInTeams, lostAtCustomers, outOfOrderInTeams, outOfOrderAtCustomers } = verdict;
  const told: Record<string, number | string> = {
    ...more,
    messages,
    lost: lostInTeams + lostAtCustomers,
    'out of order': outOfOrderInTeams + outOfOrderAtCustomers,
    'repeats in Teams, marked': verdict.markedRepeats + verdict.markedRoots,
    'repeats in Teams, unmarked': verdict.unmarkedRepeats + verdict.unmarkedRoots,
    'repeats to customers': verdict.repeatsAtCustomers,
    'left to a person': verdict.failureCards,
    seconds: ((performance.now() - begun) / 1000).toFixed(1),
    seed: SEED,
  };
  const figures = Object.entries(told).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${proof}: ${figures.join(' · ')}\n`);
}
