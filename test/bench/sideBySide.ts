import { median } from './figures.ts';

/** How often the two are measured in turn: the machine may be busy with something else for a while. */
const ROUNDS = 3;

/** Both speeds, measured in turn after a warm-up of each; the ratio is the middle one of the rounds'. */
export async function sideBySide(
  bare: (seconds?: number) => Promise<number>,
  product: (seconds?: number) => Promise<number>,
): Promise<{ bare: number; product: number; ratio: number }> {
  // The first seconds are the compiler's; what is measured is the everyday.
  await bare(2);
  await product(4);
  const rounds: { bare: number; product: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ bare: await bare(), product: await product() });
  return {
    bare: median(rounds.map((round) => round.bare)),
    product: median(rounds.map((round) => round.product)),
    ratio: median(rounds.map((round) => round.product / round.bare)),
  };
}
