import { DeskError } from '../../src/desk/deskError.ts';
import type { Environment } from '../../src/desk/ports.ts';
import type { Store } from '../../src/store/store.ts';

type Call = (...args: never[]) => Promise<unknown>;
type Around = (name: string, method: string, args: unknown[], call: () => Promise<unknown>) => Promise<unknown>;

/** The same store, with something done around every call of its collections. */
export function around(store: Store, wrap: Around): Store {
  const entries = Object.entries(store).map(([name, part]) => {
    if (typeof part !== 'object') return [name, part];
    const methods = ['insert', 'read', 'replace', 'remove', 'find'].map((method) => {
      const call = (part as unknown as Record<string, Call>)[method] as Call;
      return [method, (...args: never[]) => wrap(name, method, args, () => call.apply(part, args))];
    });
    return [name, Object.fromEntries(methods)];
  });
  return Object.fromEntries(entries) as Store;
}

/** Store and timers as one process holds them: after `die`, nothing that process asks is ever answered, and nothing it planned happens. */
export function mortal(store: Store, later: Environment['later']) {
  let dead = false;
  const planned = new Set<() => void>();
  const never = () => new Promise<never>(() => undefined);
  return {
    store: around(store, async (_name, _method, _args, call) => {
      if (dead) return never();
      const value = await call();
      return dead ? never() : value;
    }),
    later: (ms: number, work: () => void): (() => void) => {
      if (dead) return () => undefined;
      const cancel = later(ms, () => {
        planned.delete(cancel);
        work();
      });
      planned.add(cancel);
      return cancel;
    },
    die: () => {
      dead = true;
      for (const cancel of planned) cancel();
      planned.clear();
    },
  };
}

/** Which calls fail. `made`: the call has its effect, and only its answer gets lost. */
export interface StoreFault {
  name?: keyof Store;
  method?: string;
  when?: (value: Record<string, unknown>) => boolean;
  times?: number;
  made?: boolean;
  /** What happens first, while the call is on its way; it then succeeds or not by itself. */
  first?: () => Promise<unknown>;
}

/** A store that can be taken away, wholly or for chosen calls, in the way every store says so: `store.unavailable`. */
export class FaultyStore {
  readonly store: Store;
  down = false;
  #faults: (StoreFault & { left: number })[] = [];

  constructor(store: Store) {
    this.store = {
      ...around(store, async (name, method, args, call) => {
        const fault = this.#take(name, method, args[0]);
        if (fault?.made) await call();
        await fault?.first?.();
        if (this.down || (fault && !fault.first))
          throw new DeskError('store.unavailable', {}, new Error('the test took the store away'));
        return call();
      }),
      ready: async () => {
        if (this.down) throw new DeskError('store.unavailable');
        return store.ready();
      },
    };
  }

  fail(fault: StoreFault): void {
    this.#faults.push({ ...fault, left: fault.times ?? 1 });
  }

  /** How many planned failures have not happened yet. */
  get left(): number {
    return this.#faults.reduce((sum, { left }) => sum + left, 0);
  }

  heal(): void {
    this.#faults = [];
    this.down = false;
  }

  #take(name: string, method: string, value: unknown): StoreFault | undefined {
    const fault = this.#faults.find(
      (each) =>
        each.left > 0 &&
        (each.name === undefined || each.name === name) &&
        (each.method === undefined || each.method === method) &&
        (each.when === undefined || each.when(value as Record<string, unknown>)),
    );
    if (fault) fault.left -= 1;
    return fault;
  }
}
