import type { Store } from '../../../src/store/store.ts';

type Call = (...args: unknown[]) => Promise<unknown>;

/** The same store, whose every call waits first, as long as `ms` says at the time. */
export function slowed(store: Store, ms: () => number): Store {
  const wait = () => new Promise<void>((resolve) => (ms() > 0 ? setTimeout(resolve, ms()) : resolve()));
  const entries = Object.entries(store).map(([name, part]) => {
    if (typeof part !== 'object') return [name, part];
    const calls = Object.entries({
      insert: part.insert,
      read: part.read,
      replace: part.replace,
      remove: part.remove,
      find: part.find,
    });
    const slow = calls.map(([method, call]) => [
      method,
      async (...args: unknown[]) => {
        await wait();
        return (call as Call).apply(part, args);
      },
    ]);
    return [name, Object.fromEntries(slow)];
  });
  return Object.fromEntries(entries) as Store;
}
