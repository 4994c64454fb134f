import type { Courier } from '../../../src/desk/courier.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { Gates } from '../../../src/desk/gates.ts';
import { Lane } from '../../../src/desk/lane.ts';
import type { Terms } from '../../../src/desk/lease.ts';
import type { Failure } from '../../../src/desk/outcome.ts';
import type { Attempt, Passage } from '../../../src/desk/passage.ts';
import type { Environment, LaneRecord, Versioned } from '../../../src/desk/ports.ts';
import { Sequence } from '../../../src/desk/sequence.ts';
import { Documents, type Mishap } from './memory.ts';
import { Time } from './time.ts';

export const TERMS: Terms = { length: 12_000, send: 4_000, shared: true };

/** What the records of all processes hold, and the time that passes for all. */
export class Stage {
  readonly time = new Time();
  readonly lanes = new Documents<LaneRecord>('id', 'due');
  readonly deliveries = new Documents<Delivery>('lane', 'order');
  /** What was put through to the other side, in order: which process, and the ids of what shared the post. */
  readonly posts: { by: string; ids: string[]; at: number }[] = [];
}

/** What comes of one post. Without an answer of its own it arrives at once. */
export type Script = (ids: string[]) => Promise<Partial<Attempt>> | Partial<Attempt>;

/** One process with one lane, whose courier does what the script says. */
export class Desk {
  readonly env: Environment;
  readonly lane: Lane;
  readonly gates: Gates;
  readonly told: Failure[] = [];
  /** What happens to the next calls of the store. */
  mishap: (method: string) => Mishap = () => ({});
  script: Script = () => ({});
  readonly deliveries;
  readonly #stage: Stage;
  readonly #name: string;

  constructor(stage: Stage, name: string, { terms = TERMS, wall = (): number => 0 } = {}) {
    this.#stage = stage;
    this.#name = name;
    this.env = stage.time.env(wall);
    this.gates = new Gates(this.env, { room: [], tenant: [], reactions: [] });
    const next = (method: string) => this.mishap(method);
    this.deliveries = stage.deliveries.seenBy(next, (ms) => stage.time.sleep(ms));
    const attempt: Courier['attempt'] = (stored, _inherited, passage) => this.#attempt(stored, passage);
    this.lane = new Lane('room', {
      records: { lanes: stage.lanes.seenBy(next, (ms) => stage.time.sleep(ms)), deliveries: this.deliveries },
      env: this.env,
      terms,
      process: name,
      courier: { attempt, forget: () => undefined } as unknown as Courier,
      gates: this.gates,
      sequence: new Sequence(this.env.now),
      holds: {
        tell: async (_lane, _desk, failure) => {
          this.told.push(failure);
          return true;
        },
      },
    });
  }

  /** Takes a delivery in as `Lanes.enter` does. */
  enter(delivery: Delivery): Promise<Versioned<Delivery> | undefined> {
    const stored = this.deliveries.insert(delivery);
    this.lane.add(
      delivery,
      stored.catch(() => undefined),
    );
    return stored;
  }

  async #attempt(stored: Versioned<Delivery>, passage: Passage): Promise<Attempt> {
    const done = await passage.turn('send', 'tenant');
    try {
      const group = passage.group();
      const ids = group.map(({ value }) => value.id);
      this.#stage.posts.push({ by: this.#name, ids, at: this.env.elapsed() });
      const scripted = await this.script(ids);
      if (scripted.after || scripted.hold) return { after: new Map(), ...scripted };
      const after: Attempt['after'] = new Map();
      for (const { value, version } of group.length > 0 ? group : [stored]) {
        const state = scripted.wait === undefined ? ('delivered' as const) : value.state;
        const written = await this.deliveries.replace({ ...value, state, attempts: value.attempts + 1 }, version);
        after.set(value.id, written ?? (await this.deliveries.read('room', value.id)));
      }
      return { after, ...scripted };
    } finally {
      done();
    }
  }
}
