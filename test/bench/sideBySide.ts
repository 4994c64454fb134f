import { type Child, launch } from './children.ts';
import { type Figures, median, perSecond } from './figures.ts';
import type { Sent } from './hookTraffic.ts';
import { type Product, startProduct } from './product.ts';
import { type Speed, saturated } from './saturated.ts';

/** How often the two are measured in turn: the machine may be busy with something else for a while. */
const ROUNDS = 3;

/** One kind of request: where it goes, how one is made, and the least that answering it can cost. */
interface Contest {
  path: string;
  make(product: Product): Sent;
  bare: { file: string; what: string };
  /** What is told beside the product's speed while all that it stores is also carried out, and while the other side asks it to wait. */
  delivering: string;
  waiting: string;
  /** The share of the bare speed that is wanted then. */
  wanted: number;
}

/** Measures the product beside a process that does the least that is possible. */
export async function contest(figures: Figures, { path, make, bare, delivering, waiting, wanted }: Contest) {
  const least = await launch(bare.file);
  const product = await startProduct();
  const measure = () => sideBySide(least, product.child, path, () => make(product));
  const told = ({ rate, cpu }: Speed, ratio: number) => `${perSecond(rate, cpu)}  ratio ${ratio.toFixed(2)}`;
  try {
    const all = await measure();
    figures.line(bare.what, perSecond(all.bare.rate, all.bare.cpu));
    figures.line(delivering, told(all.product, all.ratio));
    product.connector.busy = true;
    const stored = await measure();
    figures.wanted(waiting, told(stored.product, stored.ratio), `at least ${wanted}`, stored.ratio >= wanted);
  } finally {
    await Promise.all([least.stop(), product.stop()]);
  }
}

/** Both speeds, measured in turn after a warm-up of each; each figure is the middle one of the rounds', the ratio too. */
async function sideBySide(bare: Child, product: Child, path: string, make: () => Sent) {
  // The first seconds are the compiler's; what is measured is the everyday.
  await saturated(bare, path, make, 2);
  await saturated(product, path, make, 4);
  const rounds: { bare: Speed; product: Speed }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({ bare: await saturated(bare, path, make), product: await saturated(product, path, make) });
  return {
    bare: middle(rounds.map((round) => round.bare)),
    product: middle(rounds.map((round) => round.product)),
    ratio: median(rounds.map((round) => round.product.rate / round.bare.rate)),
  };
}

function middle(speeds: Speed[]): Speed {
  return { rate: median(speeds.map(({ rate }) => rate)), cpu: median(speeds.map(({ cpu }) => cpu)) };
}
