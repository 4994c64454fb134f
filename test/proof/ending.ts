import type { Store } from '../../src/store/store.ts';
import type { Fleet } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import { until } from './until.ts';

/** Resolves when the talk is over and all that was said is seen, or when nothing has moved for `patience` ms: the verdict then says what is missing. */
export async function arrived(ledger: Ledger, talking: Promise<unknown>, patience: number): Promise<void> {
  let over = false;
  let failure: unknown;
  void talking.then(
    () => {
      over = true;
    },
    (error: unknown) => {
      failure = error;
    },
  );
  let progress = -1;
  let moved = Date.now();
  await until(
    'everything has arrived, or nothing moves any more',
    () => {
      if (failure) throw failure;
      if (ledger.progress !== progress) {
        progress = ledger.progress;
        moved = Date.now();
      }
      return (over && ledger.missing === 0) || Date.now() - moved > patience;
    },
    2 ** 31,
  );
}

/** Resolves when no process has anything left to do; false when that does not come. */
export function idle(fleet: Fleet, patience: number): Promise<boolean> {
  return until(
    'nothing waits in any process',
    async () => {
      const waiting = await Promise.all(fleet.serving.map(({ url }) => waitingAt(url)));
      return waiting.every((count) => count === 0);
    },
    patience,
  ).catch(() => false);
}

/** The same for processes that share a store: nothing open is left in it. */
export function allEnded(store: Store, patience: number): Promise<boolean> {
  return until(
    'nothing is open in the store',
    async () => (await store.deliveries.find({ where: { state: 'open' } })).length === 0,
    patience,
    250,
  ).catch(() => false);
}

async function waitingAt(url: string): Promise<number> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(20_000) });
  const { waiting } = (await response.json()) as { waiting?: unknown };
  if (typeof waiting !== 'number') throw new Error('the process does not say how much waits in it');
  return waiting;
}

/** How many deliveries the store holds in each state. */
export async function statesIn(store: Store): Promise<Record<string, number>> {
  const states: Record<string, number> = { open: 0, parked: 0, discarded: 0 };
  for (const { value } of await store.deliveries.find({})) states[value.state] = (states[value.state] ?? 0) + 1;
  return states;
}
