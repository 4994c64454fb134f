import type { Collection } from '../desk/ports.ts';
import { collections, type Store } from './store.ts';

/** One call to the store, for metrics: how long it took (ms), and whether the store answered. */
export interface StoreCall {
  collection: string;
  call: keyof Collection<unknown>;
  outcome: 'answered' | 'failed';
  ms: number;
}

const CALLS = ['insert', 'read', 'replace', 'remove', 'find'] as const;

/** The same store, every call of which is timed. */
export function measured(store: Store, observe: (call: StoreCall) => void): Store {
  const timed = Object.keys(collections).map((collection) => {
    const kept = store[collection as keyof typeof collections] as unknown as Record<string, AnyCall>;
    const calls = CALLS.map((call) => {
      const ask = (kept[call] as AnyCall).bind(kept);
      const time: AnyCall = (...given) => {
        const begun = performance.now();
        const told = (outcome: StoreCall['outcome']) => () =>
          observe({ collection, call, outcome, ms: performance.now() - begun });
        const answer = ask(...given);
        answer.then(told('answered'), told('failed'));
        return answer;
      };
      return [call, time];
    });
    return [collection, Object.fromEntries(calls)];
  });
  return { ...store, ...(Object.fromEntries(timed) as Partial<Store>) };
}

type AnyCall = (...given: unknown[]) => Promise<unknown>;
