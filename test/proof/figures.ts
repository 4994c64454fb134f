import { SEED } from './chance.ts';
import type { Verdict } from './verdict.ts';

/** Prints one line of figures, as they go into the documentation. `begun` is of `performance.now()`. */
export function print(proof: string, told: Record<string, number | string>, begun: number): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const figures = Object.entries({ ...told, seconds, seed: SEED }).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${proof}: ${figures.join(' · ')}\n`);
}

/** The same for what a verdict says, with `more` in front. */
export function report(proof: string, verdict: Verdict, more: Record<string, number | string>, begun: number): void {
  const told = {
    ...more,
    messages: verdict.messages,
    lost: verdict.lostInTeams + verdict.lostAtCustomers + verdict.unaccepted,
    'out of order': verdict.outOfOrderInTeams + verdict.outOfOrderAtCustomers,
    'repeats in Teams, marked': verdict.markedRepeats + verdict.markedRoots,
    'repeats in Teams, unmarked': verdict.unmarkedRepeats + verdict.unmarkedRoots,
    'repeats to customers': verdict.repeatsAtCustomers,
    'left to a person': verdict.failureCards,
  };
  print(proof, told, begun);
}
