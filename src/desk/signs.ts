import type { Budget, Limit } from './budget.ts';
import { Gate } from './gate.ts';
import type { Environment } from './ports.ts';

/** How many signs may wait: with two a second, one that comes later than this tells nobody anything. */
const MOST = 30;

interface Sign {
  tenant: Budget;
  show: () => Promise<void>;
}

/** Quiet signs of success at operators' messages. Teams takes few of them a second from one bot; what would come too late is left out. */
export class Signs {
  readonly #env: Environment;
  readonly #gate: Gate;
  /** The newest goes first: its operator is still looking. */
  readonly #waiting: Sign[] = [];
  #running = false;

  /** `limits`: what Teams takes of one bot in all places together. */
  constructor(env: Environment, limits: readonly Limit[]) {
    this.#env = env;
    this.#gate = new Gate(env, limits);
  }

  /** Shows a sign when its turn has come. Never rejects. */
  show(tenant: Budget, show: Sign['show']): void {
    this.#waiting.push({ tenant, show });
    if (this.#waiting.length > MOST) this.#waiting.shift();
    if (!this.#running) void this.#run();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#gate.close();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.at(-1); next; next = this.#waiting.at(-1)) {
      const done = await this.#gate
        .turn({ kind: 'send', priority: 0, order: 0, tenant: next.tenant })
        .catch(() => undefined);
      const sign = this.#waiting.pop();
      if (!done) break;
      if (!sign) {
        done();
        break;
      }
      void sign
        .show()
        .catch((error: unknown) => this.#env.log.warn({ err: error }, 'a sign of success could not be shown'))
        .finally(done);
    }
    this.#running = false;
  }
}
