import type { Store } from '../../src/store/store.ts';

/** Notes each step that a process reaches, and kills the process at a chosen one: nothing of it runs any more, nothing is tidied up. */
export class CrashPoint {
  #seen: string[] = [];
  #armed?: { step: string; left: number };

  /** From now on the process dies when it reaches `step` for this time, counted from 1. */
  arm(step: string, occurrence: number): void {
    this.#armed = { step, left: occurrence };
  }

  reached(step: string): void {
    this.#seen.push(step);
    if (this.#armed?.step !== step) return;
    this.#armed.left -= 1;
    if (this.#armed.left === 0) process.kill(process.pid, 'SIGKILL');
  }

  /** The steps since it was asked last, in their order. */
  trace(): string[] {
    return this.#seen.splice(0);
  }

  /** The same store; that a delivery was written for the first time counts as the step `stored toward teams` or `stored toward endUser`. */
  watched(store: Store): Store {
    const { deliveries } = store;
    const insert: typeof deliveries.insert = async (delivery) => {
      const written = await deliveries.insert(delivery);
      if (written) this.reached(`stored toward ${delivery.toward}`);
      return written;
    };
    return {
      ...store,
      deliveries: {
        insert,
        read: deliveries.read.bind(deliveries),
        replace: deliveries.replace.bind(deliveries),
        remove: deliveries.remove.bind(deliveries),
        find: deliveries.find.bind(deliveries),
      },
    };
  }
}
