import { launch } from './children.ts';
import { type Figures, perSecond } from './figures.ts';
import { hook, nextNumber } from './hookTraffic.ts';
import { startProduct, WITHOUT_BUDGET } from './product.ts';
import { type Speed, saturated } from './saturated.ts';
import { sideBySide } from './sideBySide.ts';

const PATH = '/api/teams/messages';

/**
 * Hooks that are verified, stored on disk and answered. First while everything that is stored is also being delivered, which
 * takes its share of the same processor; then while Teams asks us to wait (429), as it does at rates a hundred times above what it takes.
 */
export async function hooks(figures: Figures): Promise<void> {
  figures.title(`Hooks a second on 100 connections. ${WITHOUT_BUDGET}`);
  const bare = await launch('bareHooks.ts');
  const product = await startProduct();
  const { connector } = product;
  const make = () => hook(nextNumber());
  const measured = () =>
    sideBySide(
      (seconds) => saturated(bare, PATH, make, seconds),
      (seconds) => saturated(product.child, PATH, make, seconds),
    );
  const told = ({ rate, cpu }: Speed, ratio: number) => `${perSecond(rate, cpu)}  ratio ${ratio.toFixed(2)}`;
  try {
    const all = await measured();
    figures.line('bare restify + HMAC, no store', perSecond(all.bare.rate, all.bare.cpu));
    figures.line('stored on disk, and delivered meanwhile', told(all.product, all.ratio));
    connector.busy = true;
    const accepted = await measured();
    const good = accepted.ratio >= 0.33;
    const figure = told(accepted.product, accepted.ratio);
    figures.wanted('stored on disk, while Teams asks us to wait', figure, 'at least 0.33', good);
  } finally {
    await Promise.all([bare.stop(), product.stop()]);
  }
}
