import { launch, until } from './children.ts';
import type { Connector } from './connector.ts';
import { at, type Figures, ms } from './figures.ts';
import { hook, nextNumber } from './hookTraffic.ts';
import { paced } from './paced.ts';
import { startProduct, WITHOUT_BUDGET } from './product.ts';
import { SECONDS } from './saturated.ts';

/** Messages a second: far more than one Teams channel takes, as much as a large shop has on a busy day. */
const RATE = 200;
/** The first seconds are the compiler's; what is measured is the everyday. */
const WARM_UP = 10;

/** How much later a customer's message stands in Teams because of us, and how fast its hook is answered. */
export async function delay(figures: Figures): Promise<void> {
  figures.title(`Delays at ${RATE} hooks a second. ${WITHOUT_BUDGET}`);
  const bare = await launch('bareHooks.ts');
  const product = await startProduct();
  try {
    for (const { url } of [bare, product.child]) await evenly(url, WARM_UP);
    const atBare = await evenly(bare.url, SECONDS * 2);
    const atProduct = await evenly(product.child.url, SECONDS * 2);
    const delays = await delaysOf(product.connector, atProduct.sent);
    const { size } = atProduct.sent;
    figures.line('answered, bare restify + HMAC', spread(atBare.took));
    const added = at(atProduct.took, 0.5) - at(atBare.took, 0.5);
    figures.line('answered, stored on disk', `${spread(atProduct.took)}  (p50 + ${ms(added)})`);
    const good = at(delays, 0.5) < 5 && at(delays, 0.99) < 25;
    figures.wanted('hook sent -> call at the connector', spread(delays), 'p50 < 5 ms, p99 < 25 ms', good);
    const lost = `${atProduct.refused} of ${size} refused, ${size - delays.length} not at the connector`;
    figures.wanted('refused or lost', lost, 'none', atProduct.refused === 0 && delays.length === size);
  } finally {
    await Promise.all([bare.stop(), product.stop()]);
  }
}

/** Sends numbered hooks; `sent` tells when each went off (`performance.now()`). */
async function evenly(url: string, seconds: number) {
  const sent = new Map<number, number>();
  const result = await paced(`${url}/api/teams/messages`, { perSecond: RATE, seconds }, () => {
    const number = nextNumber();
    sent.set(number, performance.now());
    return hook(number);
  });
  return { ...result, sent };
}

/** How long each sent message took to the connector (ms, ascending).  */
async function delaysOf({ arrivals }: Connector, sent: Map<number, number>): Promise<number[]> {
  await until(() => [...sent.keys()].every((number) => arrivals.has(number)), 5_000).catch(() => undefined);
  const delays = [...sent].flatMap(([number, begun]) =>
    arrivals.has(number) ? [(arrivals.get(number) ?? 0) - begun] : [],
  );
  return delays.sort((a, b) => a - b);
}

function spread(sorted: number[]): string {
  return `p50 ${ms(at(sorted, 0.5))}  p99 ${ms(at(sorted, 0.99))}`;
}
