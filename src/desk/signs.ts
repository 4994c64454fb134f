import type { Budget, Limit } from './budget.ts';
import { Gate } from './gate.ts';
import type { Environment } from './ports.ts';

/** How many signs may wait: with two a second, one that comes later than this tells nobody anything. */
const MOST = 30;

/** Quiet signs of success at operators' messages. Teams takes few of them a second from one bot; what would come too late is left out. */
export class Signs {
  readonly #env: Environment;
  readonly #gate: Gate;
  #waiting = 0;
  #count = 0;

  /** `limits`: what Teams takes of one bot in all places together. */
  constructor(env: Environment, limits: readonly Limit[]) {
    this.#env = env;
    this.#gate = new Gate(env, limits);
  }

  /** Shows a sign when its turn has come. Never rejects. */
  show(tenant: Budget, sign: () => Promise<void>): void {
    if (this.#waiting >= MOST) return;
    this.#waiting += 1;
    // The newest first: its operator is still looking.
    this.#count += 1;
    const turn = this.#gate.turn({ kind: 'send', priority: 0, order: -this.#count, tenant });
    turn
      .then((done) => {
        this.#waiting -= 1;
        return sign().finally(done);
      })
      // At the end of the process the rest is left out.
      .catch((error: unknown) => this.#env.log.warn({ err: error }, 'a sign of success was not shown'));
  }

  close(): void {
    this.#gate.close();
  }
}
