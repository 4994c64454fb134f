import type { Courier } from './courier.ts';
import type { Delivery } from './delivery.ts';
import type { Environment, Records, Versioned } from './ports.ts';

/** A delivery with its place in a stream; `stored` resolves when it may be sent, to `undefined` when it must not. */
interface Entry {
  delivery: Delivery;
  stored: Promise<Versioned<Delivery> | undefined>;
  /** It stood first in its stream when an earlier process ended. */
  inherited: boolean;
}

/** One conversation in one direction: what waits there goes strictly one after the other. */
interface Stream {
  entries: Entry[];
  running?: Promise<void>;
  cancelWait?: () => void;
}

/** How long to wait before the store is asked again after it failed (ms). */
const STORE_PAUSE = 1_000;

/** All deliveries of one Teams channel. Streams run side by side, so that a stuck conversation delays no other. */
export class Lane {
  readonly #id: string;
  readonly #courier: Courier;
  readonly #records: Records;
  readonly #env: Environment;
  readonly #streams = new Map<string, Stream>();
  #opened?: Promise<boolean>;
  #draining = false;
  /** Until when Teams has asked us to stay away from this Teams channel. */
  #pausedUntil = 0;

  constructor(id: string, courier: Courier, parts: { records: Records; env: Environment }) {
    this.#id = id;
    this.#courier = courier;
    this.#records = parts.records;
    this.#env = parts.env;
  }

  add(delivery: Delivery, stored: Entry['stored'], inherited = false): void {
    const key = `${delivery.conversationId}\n${delivery.toward}`;
    const stream = this.#streams.get(key) ?? { entries: [] };
    this.#streams.set(key, stream);
    stream.entries.push({ delivery, stored, inherited });
    // Who stores it hears of the failure; here it only means that there is nothing to send.
    stored.catch(() => undefined);
    this.#run(key, stream);
  }

  waiting(): Delivery[] {
    return [...this.#streams.values()].flatMap((stream) => stream.entries.map((entry) => entry.delivery));
  }

  async drain(): Promise<void> {
    this.#draining = true;
    for (const stream of this.#streams.values()) stream.cancelWait?.();
    const running = [...this.#streams.values()].flatMap((stream) => (stream.running ? [stream.running] : []));
    await Promise.all(running);
    if (this.#opened !== undefined) await this.#mark(true);
  }

  #run(key: string, stream: Stream): void {
    if (stream.running || stream.cancelWait) return;
    stream.running = this.#drive(stream)
      .catch((error: unknown) => {
        this.#env.log.error(
          { lane: this.#id, code: (error as { code?: string }).code, err: error },
          'a lane stumbled; it goes on in a moment',
        );
        this.#wait(key, stream, STORE_PAUSE);
      })
      .then(() => {
        stream.running = undefined;
        if (stream.entries.length === 0) this.#streams.delete(key);
        else if (!stream.cancelWait && !this.#draining) this.#run(key, stream);
      });
  }

  async #drive(stream: Stream): Promise<void> {
    for (let entry = stream.entries[0]; entry && !this.#draining; entry = stream.entries[0]) {
      const stored = await entry.stored.catch(() => undefined);
      if (!stored) {
        stream.entries.shift();
        continue;
      }
      const paused = entry.delivery.toward === 'teams' ? this.#pausedUntil : 0;
      const wait = Math.max(stored.value.nextAt ?? 0, paused) - this.#env.now();
      if (wait > 0) {
        this.#wait(`${entry.delivery.conversationId}\n${entry.delivery.toward}`, stream, wait);
        return;
      }
      const leftClean = await this.#open();
      const { delivery, pause } = await this.#courier.attempt(stored, entry.inherited && !leftClean);
      if (pause) this.#pausedUntil = Math.max(this.#pausedUntil, this.#env.now() + pause);
      if (delivery?.value.state === 'open')
        stream.entries[0] = { delivery: delivery.value, stored: Promise.resolve(delivery), inherited: false };
      else stream.entries.shift();
    }
  }

  #wait(key: string, stream: Stream, ms: number): void {
    if (this.#draining) return;
    stream.cancelWait = this.#env.later(ms, () => {
      stream.cancelWait = undefined;
      this.#run(key, stream);
    });
  }

  /** Takes the lane; true when whoever drove it before left nothing under way. */
  #open(): Promise<boolean> {
    this.#opened ??= this.#mark(false).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #mark(clean: boolean): Promise<boolean> {
    const found = await this.#records.lanes.read(this.#id, this.#id);
    const record = { id: this.#id, clean };
    if (found) await this.#records.lanes.replace(record, found.version);
    else await this.#records.lanes.insert(record);
    return found?.value.clean ?? true;
  }
}
