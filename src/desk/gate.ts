import { Budget, type BudgetState, type Limit } from './budget.ts';
import { DeskError } from './deskError.ts';
import type { Environment } from './ports.ts';

/** What a call spends: Teams counts threads made and messages sent (or changed) apart; the end user's side has no published limit. */
export type Kind = 'create' | 'send' | 'endUser';

const KINDS: readonly Kind[] = ['create', 'send', 'endUser'];

/** The kinds of calls that go to Teams. */
export const TEAMS: readonly Kind[] = ['create', 'send'];

/** Who goes first when there is not enough for all: end users' messages, then notices, then cards drawn anew. */
export const PRIORITY = { message: 0, notice: 1, card: 2 } as const;

/** What a lane stores of its budgets; `pausedUntil`: Teams asked to be left alone until then (Unix ms). */
export interface GateState {
  create?: BudgetState;
  send?: BudgetState;
  pausedUntil?: number;
}

/** A wish to call: who goes first, and the budget of the tenant, which other lanes spend too. */
export interface Wish {
  kind: Kind;
  priority: number;
  order: number;
  tenant: Budget;
}

/** How many sends of one lane toward end users may be under way at once: after an outage all come back together. */
const CROWD = 20;

/** The longest pause that is believed when a lane is taken over (ms). */
const LONGEST_PAUSE = 60 * 60_000;

/** How soon a tenant's budget that calls under way have used up is asked again (ms). */
const SOON = 20;

interface Waiting extends Wish {
  grant(done: () => void): void;
  refuse(error: Error): void;
}

/**
 * Where calls of one lane wait until the other side takes them. Nothing passes that the other side is known to refuse; what passes
 * first is decided when there is room, not when it was asked for.
 */
export class Gate {
  readonly #env: Environment;
  readonly #budgets: Record<Kind, Budget>;
  readonly #pausedUntil: Record<Kind, number> = { create: 0, send: 0, endUser: 0 };
  /** Who waits for each kind of call, the next one first. All belong to one desk, and so to one tenant. */
  readonly #waiting: Record<Kind, Waiting[]> = { create: [], send: [], endUser: [] };
  #cancelTimer?: () => void;
  #closed = false;

  readonly #limits: readonly Limit[];

  constructor(env: Environment, limits: readonly Limit[]) {
    this.#env = env;
    this.#limits = limits;
    this.#budgets = { create: new Budget(limits), send: new Budget(limits), endUser: new Budget([]) };
  }

  /** The gate of a lane that this process does not drive. */
  static closed(env: Environment): Gate {
    const gate = new Gate(env, []);
    gate.close();
    return gate;
  }

  /** Resolves when a call may start; what it resolves with is to be called when that call has ended. Rejects with `lane.left`. */
  turn(wish: Wish): Promise<() => void> {
    if (this.#closed) return Promise.reject(left());
    return new Promise((grant, refuse) => {
      const one: Waiting = { ...wish, grant, refuse };
      const line = this.#waiting[wish.kind];
      line.splice(line.findLastIndex((other) => before(other, one)) + 1, 0, one);
      this.#admit();
    });
  }

  /** Notes a call that is made at once, whatever is left; to be called at its end. */
  spend(tenant: Budget): () => void {
    return this.#begin({ kind: 'send', priority: PRIORITY.message, order: 0, tenant });
  }

  /** Whether a call that can be put off would take nothing from others: nobody waits, and half of the budget is there. */
  get hasSpare(): boolean {
    const paused = this.#pausedUntil.send > this.#env.elapsed();
    const half = Math.min(...this.#limits.map(({ calls }) => calls / 2));
    return !this.#closed && !paused && this.#waiting.send.length === 0 && this.left('send') >= half;
  }

  /** The other side asked to be left alone for so long (ms). */
  pause(kinds: readonly Kind[], ms: number): void {
    const until = this.#env.elapsed() + Math.max(0, ms);
    for (const kind of kinds) this.#pausedUntil[kind] = Math.max(this.#pausedUntil[kind], until);
  }

  /** What was asked for is void: the other side is known to work again. */
  resume(): void {
    this.#pausedUntil.create = 0;
    this.#pausedUntil.send = 0;
    this.#admit();
  }

  left(kind: Kind): number {
    return this.#budgets[kind].left(this.#env.elapsed());
  }

  state(): GateState {
    const [now, wall] = [this.#env.elapsed(), this.#env.now()];
    const pause = Math.max(this.#pausedUntil.create, this.#pausedUntil.send) - now;
    return {
      create: this.#budgets.create.state(now, wall),
      send: this.#budgets.send.state(now, wall),
      pausedUntil: pause > 0 ? wall + pause : undefined,
    };
  }

  /** Goes on where an earlier driver was; `gap` (ms): for so long it may have gone on without storing it. */
  continue(state: GateState, gap: number): void {
    const [now, wall] = [this.#env.elapsed(), this.#env.now()];
    for (const kind of ['create', 'send'] as const) {
      const spent = state[kind];
      if (spent) this.#budgets[kind].resume(spent, now, wall, gap);
    }
    // No wish of Teams is longer than this; more comes from a clock that was set.
    if (state.pausedUntil) this.pause(TEAMS, Math.min(state.pausedUntil - wall, LONGEST_PAUSE));
  }

  /** Nobody passes any more; who waits is turned away. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    for (const kind of KINDS) for (const { refuse } of this.#waiting[kind].splice(0)) refuse(left());
  }

  #admit(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const line of KINDS.map((kind) => this.#waiting[kind])) {
      for (let [next] = line; next; [next] = line) {
        const wait = this.#wait(next);
        if (wait > 0) {
          soonest = Math.min(soonest, wait);
          break;
        }
        line.shift();
        next.grant(this.#begin(next));
      }
    }
    // Infinity: a call of this lane is under way, and its end lets the next one pass.
    if (Number.isFinite(soonest)) this.#cancelTimer = this.#env.later(soonest, () => this.#admit());
  }

  #begin({ kind, tenant }: Wish): () => void {
    const budgets = kind === 'endUser' ? [this.#budgets.endUser] : [this.#budgets[kind], tenant];
    for (const budget of budgets) budget.begin();
    return () => {
      for (const budget of budgets) budget.end(this.#env.elapsed());
      this.#admit();
    };
  }

  /** How long until this call may start (ms). */
  #wait({ kind, tenant }: Wish): number {
    const now = this.#env.elapsed();
    const pause = Math.max(0, this.#pausedUntil[kind] - now);
    if (kind === 'endUser') return this.#budgets.endUser.underWay < CROWD ? pause : Number.POSITIVE_INFINITY;
    const shared = tenant.wait(now);
    // The end of another lane's call wakes nobody here.
    return Math.max(pause, this.#budgets[kind].wait(now), Number.isFinite(shared) ? shared : SOON);
  }
}

function before(one: Waiting, other: Waiting): boolean {
  return one.priority === other.priority ? one.order <= other.order : one.priority < other.priority;
}

function left(): DeskError {
  return new DeskError('lane.left');
}
