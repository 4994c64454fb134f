import { DeskError } from '../desk/deskError.ts';
import type { Collection } from '../desk/ports.ts';
import { collections, type Store } from './store.ts';

/** One call to the store, for metrics: how long it took (ms), and whether the store answered. */
export interface StoreCall {
  collection: string;
  call: keyof Collection<unknown>;
  outcome: 'answered' | 'failed';
  ms: number;
}

/** A hook must be refused within two seconds when the store is away or slow, on a busy machine too; a list of everything open may take longer (ms). */
const PATIENCE = 1_600;

const CALLS = ['insert', 'read', 'replace', 'remove', 'find'] as const;

/** The same store, every call of which is timed and given up when it takes too long: it rejects with `store.unavailable`, and may be made all the same. */
export function measured(store: Store, observe: (call: StoreCall) => void): Store {
  const timed = Object.keys(collections).map((collection) => {
    const kept = store[collection as keyof typeof collections] as unknown as Record<string, AnyCall>;
    const calls = CALLS.map((call) => {
      const ask = (kept[call] as AnyCall).bind(kept);
      const time: AnyCall = (...given) => {
        const begun = performance.now();
        const told = (outcome: StoreCall['outcome']) => () =>
          observe({ collection, call, outcome, ms: performance.now() - begun });
        const asked = ask(...given);
        const answer = call === 'find' ? asked : inTime(asked);
        answer.then(told('answered'), told('failed'));
        return answer;
      };
      return [call, time];
    });
    return [collection, Object.fromEntries(calls)];
  });
  const records = Object.fromEntries(timed) as Partial<Store>;
  return { ...store, ...records, ready: () => inTime(store.ready()) };
}

/** What `answer` gives, or after PATIENCE a rejection with `store.unavailable`; what was asked goes on. */
export function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      const late = new Error(`no answer within ${PATIENCE} ms`);
      reject(new DeskError('store.unavailable', {}, late));
    };
    // What has come while the process itself stood still is heard first: timers have their turn before answers.
    const timer = setTimeout(() => setImmediate(giveUp), PATIENCE);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

type AnyCall = (...given: unknown[]) => Promise<unknown>;
