import { SEED } from './seed.ts';

/** Prints a proof's figures in one line; they go into docs/reliability.md. */
export function figures(proof: string, values: Record<string, string | number>): void {
  const told = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`proof ${proof} (seed ${SEED}): ${told.join(', ')}\n`);
}

/** The value below which this share of the values lies. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
