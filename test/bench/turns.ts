import { launch } from './children.ts';
import { type Figures, perSecond } from './figures.ts';
import { nextNumber } from './hookTraffic.ts';
import { startProduct, WITHOUT_BUDGET } from './product.ts';
import { saturated } from './saturated.ts';
import { sideBySide } from './sideBySide.ts';
import { turn } from './turnTraffic.ts';

const PATH = '/api/messages';

/** Operators' replies: read, stored on disk and answered, while they are being sent to the customers. */
export async function turns(figures: Figures): Promise<void> {
  figures.title(`Bot turns a second on 20 connections, nobody authenticated. ${WITHOUT_BUDGET}`);
  const bare = await launch('bareTurns.ts');
  const product = await startProduct();
  const { url: serviceUrl, threads } = product.connector;
  try {
    const make = () => {
      const number = nextNumber();
      return turn(number, { serviceUrl, threadId: threads[number % threads.length] ?? '' });
    };
    const speeds = await sideBySide(
      (seconds) => saturated(bare, PATH, make, seconds),
      (seconds) => saturated(product.child, PATH, make, seconds),
    );
    figures.line('bare restify + CloudAdapter, text read, no store', perSecond(speeds.bare.rate, speeds.bare.cpu));
    const ratio = `${perSecond(speeds.product.rate, speeds.product.cpu)}  ratio ${speeds.ratio.toFixed(2)}`;
    figures.wanted('reply read and stored on disk', ratio, 'at least 0.6', speeds.ratio >= 0.6);
  } finally {
    await Promise.all([bare.stop(), product.stop()]);
  }
}
