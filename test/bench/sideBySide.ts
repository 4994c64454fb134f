import { median } from './figures.ts';
import type { Speed } from './saturated.ts';

/** How often the two are measured in turn: the machine may be busy with something else for a while. */
const ROUNDS = 3;

/** Both speeds, measured in turn after a warm-up of each; each figure is the middle one of the rounds', the ratio too. */
export async function sideBySide(
  bare: (seconds?: number) => Promise<Speed>,
  product: (seconds?: number) => Promise<Speed>,
): Promise<{ bare: Speed; product: Speed; ratio: number }> {
  // The first seconds are the compiler's; what is measured is the everyday.
  await bare(2);
  await product(4);
  const rounds: { bare: Speed; product: Speed }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ bare: await bare(), product: await product() });
  return {
    bare: middle(rounds.map((round) => round.bare)),
    product: middle(rounds.map((round) => round.product)),
    ratio: median(rounds.map((round) => round.product.rate / round.bare.rate)),
  };
}

function middle(speeds: Speed[]): Speed {
  return { rate: median(speeds.map(({ rate }) => rate)), cpu: median(speeds.map(({ cpu }) => cpu)) };
}
