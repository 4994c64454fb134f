import type { Door } from './door.ts';
import { Instance } from './instance.ts';

/** The processes of the product behind one door. One more waits loaded, so that a killed one has its successor at once. */
export class Fleet {
  /** Those that serve, oldest first. */
  readonly serving: Instance[] = [];
  /** Every one that was ever started. */
  readonly all: Instance[] = [];
  readonly #door: Door;
  readonly #env: Record<string, string>;
  readonly #spares: Instance[] = [];
  readonly #keep: number;
  readonly #most: number;
  #closed = false;

  /** `keep`: how many wait loaded; `most`: how many processes are needed in all. */
  constructor(door: Door, env: Record<string, string>, { keep = 1, most = Number.POSITIVE_INFINITY } = {}) {
    this.#door = door;
    this.#env = env;
    this.#keep = keep;
    this.#most = most;
    this.#stock();
  }

  /** The oldest that serves. */
  get first(): Instance {
    const [first] = this.serving;
    if (!first) throw new Error('no process serves');
    return first;
  }

  /** A loaded process that does not serve yet; with `env` of its own it is started for this. */
  take(env?: Record<string, string>): Instance {
    const instance = env ? this.#load(env) : (this.#spares.shift() ?? this.#load());
    if (!this.#closed) this.#stock();
    return instance;
  }

  /** Resolves when the next process is loaded. */
  async spareLoaded(): Promise<void> {
    await this.#spares[0]?.loaded;
  }

  /** Lets a process serve, behind the door. Rejects when it ends before it does. */
  async start(instance = this.take()): Promise<Instance> {
    const url = await instance.go();
    this.serving.push(instance);
    this.#door.add(instance.name, url);
    void instance.ended.then(() => this.leave(instance));
    return instance;
  }

  /** Sends nothing to this process any more. */
  leave(instance: Instance): void {
    this.#door.remove(instance.name);
    const at = this.serving.indexOf(instance);
    if (at >= 0) this.serving.splice(at, 1);
  }

  /** Kills a process where it stands. */
  async kill(instance = this.first): Promise<void> {
    const gone = instance.kill();
    this.leave(instance);
    await gone;
  }

  /** Ends every process, whatever state it is in. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.all.map((instance) => instance.isOver || instance.kill()));
  }

  #load(env: Record<string, string> = {}): Instance {
    const instance = new Instance(`process-${this.all.length + 1}`, { ...this.#env, ...env });
    this.all.push(instance);
    return instance;
  }

  #stock(): void {
    while (this.#spares.length < this.#keep && this.all.length < this.#most) this.#spares.push(this.#load());
  }
}
