import { SEED } from './chance.ts';
import type { Fleet } from './fleet.ts';
import type { Verdict } from './verdict.ts';

/** Prints one line of figures, as they go into the documentation. `begun` is of `performance.now()`. */
export function print(proof: string, told: Record<string, number | string>, begun: number): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const figures = Object.entries({ ...told, seconds, seed: SEED }).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${proof}: ${figures.join(' · ')}\n`);
}

/** The same for what a verdict says, with `more` in front; where something was wrong, also what the processes said last. */
export function report(
  proof: string,
  verdict: Verdict,
  more: Record<string, number | string>,
  begun: number,
  fleet: Fleet,
): void {
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
  if (verdict.examples.length === 0) return;
  for (const { name, lines } of fleet.all.filter((instance) => instance.lines.length > 0))
    process.stdout.write(`${[`${name}:`, ...lines.slice(-3).map((line) => line.slice(0, 400))].join('\n  ')}\n`);
}
