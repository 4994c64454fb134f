import { launch } from './children.ts';
import { type Figures, perSecond } from './figures.ts';
import { hook, nextNumber } from './hookTraffic.ts';
import { startProduct, WITHOUT_BUDGET } from './product.ts';
import { saturated } from './saturated.ts';
import { sideBySide } from './sideBySide.ts';

const PATH = '/api/teams/messages';

/** Hooks that are verified, stored on disk and answered, while everything that is stored is also being delivered. */
export async function hooks(figures: Figures): Promise<void> {
  figures.title(`Hooks a second on 20 connections. ${WITHOUT_BUDGET}`);
  const bare = await launch('bareHooks.ts');
  const product = await startProduct();
  const before = product.connector.arrivals.size;
  try {
    const make = () => hook(nextNumber());
    const speeds = await sideBySide(
      (seconds) => saturated(bare, PATH, make, seconds),
      (seconds) => saturated(product.child, PATH, make, seconds),
    );
    figures.line('bare restify + HMAC, no store', perSecond(speeds.bare.rate, speeds.bare.cpu));
    const ratio = `${perSecond(speeds.product.rate, speeds.product.cpu)}  ratio ${speeds.ratio.toFixed(2)}`;
    figures.wanted('accepted, verified and stored on disk', ratio, 'at least 0.33', speeds.ratio >= 0.33);
    figures.line('delivered meanwhile', `${product.connector.arrivals.size - before} messages`);
  } finally {
    await Promise.all([bare.stop(), product.stop()]);
  }
}
