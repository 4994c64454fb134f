import type { Environment } from './ports.ts';
import { PROBE_END_USER } from './retryPlan.ts';
import type { Stream } from './stream.ts';

/**
 * Plans grow long, and an outage of the end user's side may end at any time: now and then the reply that has waited longest finds out
 * whether that side is back. When it is, all others follow.
 */
export class Probe {
  readonly #env: Environment;
  readonly #streams: () => ReadonlyMap<string, Stream>;
  readonly #send: (key: string, stream: Stream) => void;
  #cancel?: () => void;

  /** `send` lets the first of a stream try at once. */
  constructor(
    env: Environment,
    streams: () => ReadonlyMap<string, Stream>,
    send: (key: string, stream: Stream) => void,
  ) {
    this.#env = env;
    this.#streams = streams;
    this.#send = send;
  }

  /** There is something that waits. */
  plan(): void {
    this.#cancel ??= this.#env.later(PROBE_END_USER, () => {
      this.#cancel = undefined;
      this.#probe();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #probe(): void {
    const waiting = [...this.#streams()].filter(
      ([
        ,
        {
          entries: [first],
          cancelWait,
        },
      ]) => {
        // What became of a send in doubt is looked up by itself.
        return cancelWait && first?.delivery.toward === 'endUser' && first.kept?.value.claimedAt === undefined;
      },
    );
    if (waiting.length === 0) return;
    const rested = waiting.filter(([, { triedAt = 0 }]) => this.#env.elapsed() - triedAt >= PROBE_END_USER / 2);
    const [oldest] = rested.toSorted(([, one], [, other]) => orderOf(one) - orderOf(other));
    if (oldest) {
      const [key, stream] = oldest;
      for (const first of stream.entries.slice(0, 1)) first.probing = true;
      this.#send(key, stream);
    }
    this.plan();
  }
}

function orderOf({ entries: [first] }: Stream): number {
  return first?.delivery.order ?? Number.POSITIVE_INFINITY;
}
