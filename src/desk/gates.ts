import { Budget, type Limit } from './budget.ts';
import { Gate, type Kind } from './gate.ts';
import type { Environment } from './ports.ts';
import { Signs } from './signs.ts';

/** What Teams lets one bot do: in one Teams channel (for each kind of call), and in all of a tenant. None = no limit. */
export interface TeamsLimits {
  room: readonly Limit[];
  tenant: readonly Limit[];
  /** Of reactions, in all places together. */
  reactions: readonly Limit[];
}

/** The gates of the lanes that this process drives, and the budgets of tenants that they share. */
export class Gates {
  readonly #env: Environment;
  readonly #limits: TeamsLimits;
  readonly #gates = new Map<string, Gate>();
  readonly #tenants = new Map<string, Budget>();
  /** Signs of success, which have a limit of their own. */
  readonly signs: Signs;

  constructor(env: Environment, limits: TeamsLimits) {
    this.#env = env;
    this.#limits = limits;
    this.signs = new Signs(env, limits.reactions);
  }

  of(lane: string): Gate | undefined {
    return this.#gates.get(lane);
  }

  /** A new gate for a lane that this process drives from now on. */
  open(lane: string): Gate {
    const gate = new Gate(this.#env, this.#limits.room);
    this.#gates.set(lane, gate);
    return gate;
  }

  close(lane: string): void {
    this.#gates.get(lane)?.close();
    this.#gates.delete(lane);
  }

  /** See {@link Gate.turn}. Rejects with `lane.left` when this process does not drive the lane. */
  turn(lane: string, kind: Kind, priority: number, order: number, tenantId: string): Promise<() => void> {
    const gate = this.#gates.get(lane) ?? Gate.closed(this.#env);
    return gate.turn({ kind, priority, order, tenant: this.tenant(tenantId) });
  }

  /** Notes a call that waits for nobody, an answer to somebody's command; what it gives is to be called at its end. */
  spend(lane: string, tenantId: string): () => void {
    return this.of(lane)?.spend(this.tenant(tenantId)) ?? (() => undefined);
  }

  /** How many calls each gate has left now, by lane. */
  left(): [lane: string, calls: number][] {
    return [...this.#gates].map(([lane, gate]) => [lane, gate.left('send')]);
  }

  /** The budget that all Teams channels of a tenant share in this process. */
  tenant(id: string): Budget {
    let budget = this.#tenants.get(id);
    if (!budget) {
      budget = new Budget(this.#limits.tenant);
      this.#tenants.set(id, budget);
    }
    return budget;
  }
}
