import { launch } from './children.ts';
import { type Figures, perSecond } from './figures.ts';
import { nextNumber } from './hookTraffic.ts';
import { startProduct, WITHOUT_BUDGET } from './product.ts';
import { type Speed, saturated } from './saturated.ts';
import { sideBySide } from './sideBySide.ts';
import { turn } from './turnTraffic.ts';

const PATH = '/api/messages';

/**
 * Operators' replies: read, stored on disk and answered. First while they are being sent to the customers and confirmed by a reaction, which
 * takes its share of the same processor; then while KARTE asks us to wait (429).
 */
export async function turns(figures: Figures): Promise<void> {
  figures.title(`Bot turns a second on 100 connections, nobody authenticated. ${WITHOUT_BUDGET}`);
  const bare = await launch('bareTurns.ts');
  const product = await startProduct();
  const { connector } = product;
  const make = () => {
    const number = nextNumber();
    const threadId = connector.threads[number % connector.threads.length] ?? '';
    return turn(number, { serviceUrl: connector.url, threadId });
  };
  const measured = () =>
    sideBySide(
      (seconds) => saturated(bare, PATH, make, seconds),
      (seconds) => saturated(product.child, PATH, make, seconds),
    );
  const told = ({ rate, cpu }: Speed, ratio: number) => `${perSecond(rate, cpu)}  ratio ${ratio.toFixed(2)}`;
  try {
    const all = await measured();
    figures.line('bare restify + CloudAdapter, text read, no store', perSecond(all.bare.rate, all.bare.cpu));
    figures.line('stored on disk, and sent meanwhile', told(all.product, all.ratio));
    connector.busy = true;
    const stored = await measured();
    const good = stored.ratio >= 0.6;
    const figure = told(stored.product, stored.ratio);
    figures.wanted('stored on disk, while KARTE asks us to wait', figure, 'at least 0.6', good);
  } finally {
    await Promise.all([bare.stop(), product.stop()]);
  }
}
