import { chanceFrom } from './chance.ts';
import type { Answer } from './http.ts';
import { faultWords } from './line/apiError.ts';
import type { Stage } from './stage.ts';
import { BadInput } from './stage.ts';
import type { Fault, FaultsState, Side } from './state.ts';

const teamsCodes: Record<number, string> = {
  400: 'Bad Argument',
  401: 'BotNotRegistered',
  403: 'BotNotInConversationRoster',
  404: 'ConversationNotFound',
  412: 'PreconditionFailed',
  413: 'MessageSizeTooBig',
  429: 'Throttled',
  500: 'ServiceError',
};

/** Trouble by chance: every matching call meets, with the probability `share`, one of `faults`. The same seed draws the same. */
export interface Sometimes {
  side: Side;
  path?: string;
  method?: string;
  share: number;
  seed: number;
  faults: Omit<Fault, 'side' | 'path' | 'method' | 'containing' | 'times'>[];
}

/** Trouble to order: what the next calls of the product meet, and whether a side is offline or slow. */
export class Faults {
  readonly #stage: Stage;
  #state: FaultsState = noFaults();
  #lastId = 0;
  #sometimes: { plan: Sometimes; draw: () => number }[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get state(): FaultsState {
    return this.#state;
  }

  /** Plans trouble for the next matching calls; faults of one side are used up in the order they were planned. */
  next(fault: Fault): void {
    try {
      new RegExp(fault.path ?? '');
    } catch {
      throw new BadInput(`path: ${fault.path} is not a regular expression.`);
    }
    this.#state.planned.push({ ...fault, id: ++this.#lastId, left: fault.times ?? 1 });
    this.#stage.changed();
  }

  /** Plans trouble by chance for as long as nothing is cleared; what is planned by `next` comes first. */
  sometimes(plan: Sometimes): void {
    this.#sometimes.push({ plan, draw: chanceFrom(plan.seed) });
  }

  /** Cuts every connection of a side before anything happens, until switched back. */
  offline(side: Side, offline = true): void {
    this.#state[side].offline = offline;
    this.#stage.changed();
  }

  /** Lets every call of a side wait; 0 = quick again. */
  slow(side: Side, slowMs: number): void {
    this.#state[side].slowMs = slowMs;
    this.#stage.changed();
  }

  /** No trouble any more. */
  clear(): void {
    this.#state = noFaults();
    this.#sometimes = [];
    this.#stage.changed();
  }

  /** The fault that this call meets, used up by it. `raw` is the call's body. */
  take(side: Side, method: string, path: string, raw: Buffer = Buffer.alloc(0)): Fault | undefined {
    const meets = (each: Pick<Fault, 'side' | 'method' | 'path'>) =>
      each.side === side &&
      (!each.method || each.method === method) &&
      (!each.path || new RegExp(each.path).test(path));
    const fault = this.#state.planned.find(
      (each) => meets(each) && (each.containing === undefined || raw.includes(each.containing)),
    );
    if (!fault) return this.#drawn(meets);
    fault.left--;
    if (fault.left <= 0) this.#state.planned = this.#state.planned.filter((each) => each !== fault);
    return fault;
  }

  #drawn(meets: (plan: Sometimes) => boolean): Fault | undefined {
    for (const { plan, draw } of this.#sometimes) {
      if (!meets(plan) || draw() >= plan.share) continue;
      const fault = plan.faults[Math.floor(draw() * plan.faults.length)];
      if (fault) return { ...fault, side: plan.side };
    }
    return undefined;
  }
}

/** The answer a fault gives in place of the real one; undefined when it only delays, cuts or hangs. */
export function answerOf(fault: Fault): Answer | undefined {
  if (fault.status === undefined && (fault.delayMs !== undefined || fault.reset || fault.hang)) return undefined;
  const status = fault.status ?? 500;
  const { headers } = fault;
  if (fault.body !== undefined) return { status, headers, body: fault.body };
  const code = fault.code ?? teamsCodes[status] ?? 'ServiceError';
  const message = 'The simulator was asked to fail here.';
  if (fault.side === 'teams') return { status, headers, body: { error: { code, message } } };
  if (fault.side === 'line') return { status, headers, body: { message: fault.code ?? faultWords[status] ?? message } };
  return { status, headers, body: { error: fault.code ?? message } };
}

function noFaults(): FaultsState {
  const quick = () => ({ offline: false, slowMs: 0 });
  return { planned: [], teams: quick(), karte: quick(), line: quick() };
}
