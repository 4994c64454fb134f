import type { Courier } from './courier.ts';
import type { Delivery } from './delivery.ts';
import type { Environment, Records, Versioned } from './ports.ts';

/** A delivery with its place in a stream; `stored` resolves when it may be sent, to `undefined` when it must not. */
interface Entry {
  delivery: Delivery;
  stored: Promise<Versioned<Delivery> | undefined>;
  /** It stood first in its stream when an earlier process ended. */
  inherited: boolean;
  /** The other side is back: its wait ends early, unless that side asked for it. */
  hurried?: boolean;
}

/** What waits here goes strictly one after the other. */
interface Stream {
  entries: Entry[];
  running?: Promise<void>;
  cancelWait?: () => void;
  /** When it was last tried (Unix ms). */
  triedAt?: number;
}

/** How long to wait before the store is asked again after it failed (ms). */
const STORE_PAUSE = 1_000;

/** How long ago the last try must be for a wait to end early (ms). */
const SPACING = 60_000;

/** One conversation in one direction is a stream. Notices have their own: one that can't be shown yet holds no message up. */
export function streamOf({ conversationId, toward, content }: Delivery): string {
  return `${conversationId}\n${content.type === 'failure' ? 'notice' : toward}`;
}

/** All deliveries of one Teams channel. Streams run side by side, so that a stuck conversation delays no other. */
export class Lane {
  readonly #id: string;
  readonly #courier: Courier;
  readonly #records: Records;
  readonly #env: Environment;
  readonly #streams = new Map<string, Stream>();
  #opened?: Promise<boolean>;
  #draining = false;
  /** Something was under way that could not be written down. */
  #unclean = false;
  /** Until when Teams has asked us to stay away from this Teams channel. */
  #pausedUntil = 0;

  constructor(id: string, courier: Courier, parts: { records: Records; env: Environment }) {
    this.#id = id;
    this.#courier = courier;
    this.#records = parts.records;
    this.#env = parts.env;
  }

  add(delivery: Delivery, stored: Entry['stored'], inherited = false): void {
    const key = streamOf(delivery);
    const stream = this.#streams.get(key) ?? { entries: [] };
    this.#streams.set(key, stream);
    const entry = { delivery, stored, inherited };
    stream.entries.push(entry);
    // Who stores it hears of a failure; here it only means that there is nothing to send. The first one is left to the drive.
    const drop = () => {
      if (stream.entries[0] !== entry) stream.entries = stream.entries.filter((each) => each !== entry);
    };
    void stored.then((kept) => kept ?? drop(), drop);
    this.#run(key, stream);
  }

  /** Whether a delivery of the same id has a place here beside this one. */
  holdsAnother(delivery: Delivery): boolean {
    const entries = this.#streams.get(streamOf(delivery))?.entries ?? [];
    return entries.filter((entry) => entry.delivery.id === delivery.id).length > 1;
  }

  waiting(): Delivery[] {
    return [...this.#streams.values()].flatMap((stream) => stream.entries.map((entry) => entry.delivery));
  }

  async drain(): Promise<void> {
    this.#draining = true;
    for (const stream of this.#streams.values()) stream.cancelWait?.();
    const running = [...this.#streams.values()].flatMap((stream) => (stream.running ? [stream.running] : []));
    await Promise.all(running);
    if (this.#opened === undefined || this.#unclean) return;
    await this.#mark(true).catch((error: unknown) =>
      this.#env.log.error({ lane: this.#id, err: error }, 'a lane could not be left clean'),
    );
  }

  #run(key: string, stream: Stream): void {
    if (stream.running || stream.cancelWait) return;
    stream.running = this.#drive(key, stream)
      .catch((error: unknown) => {
        this.#env.log.error(
          { lane: this.#id, code: (error as { code?: string }).code, err: error },
          'a lane stumbled; it goes on in a moment',
        );
        this.#unclean ||= this.#draining;
        this.#wait(key, stream, STORE_PAUSE);
      })
      .then(() => {
        stream.running = undefined;
        if (stream.entries.length === 0) this.#streams.delete(key);
        else if (!stream.cancelWait && !this.#draining) this.#run(key, stream);
      });
  }

  async #drive(key: string, stream: Stream): Promise<void> {
    for (let entry = stream.entries[0]; entry && !this.#draining; entry = stream.entries[0]) {
      const stored = await entry.stored.catch(() => undefined);
      if (!stored) {
        stream.entries.shift();
        continue;
      }
      const wait = this.#due(entry, stored.value) - this.#env.now();
      if (wait > 0) return this.#wait(key, stream, wait);
      const leftClean = await this.#open();
      if (this.#draining) return;
      stream.triedAt = this.#env.now();
      const { delivery, pause } = await this.#courier.attempt(stored, entry.inherited && !leftClean);
      if (pause) this.#pausedUntil = Math.max(this.#pausedUntil, this.#env.now() + pause);
      if (delivery?.value.state === 'open')
        stream.entries[0] = { delivery: delivery.value, stored: Promise.resolve(delivery), inherited: false };
      else stream.entries.shift();
      if (delivery?.value.state === 'delivered') this.#hurry(delivery.value);
    }
  }

  /** When the first of a stream may be tried (Unix ms). */
  #due({ hurried }: Entry, { nextAt = 0, failure, toward }: Delivery): number {
    const asked = failure?.kind === 'refused' && failure.retryAfter !== undefined;
    const planned = hurried && !asked ? 0 : nextAt;
    return toward === 'teams' ? Math.max(planned, this.#pausedUntil) : planned;
  }

  /** What was just delivered shows that the other side works: nobody else needs to wait for it. */
  #hurry({ toward, content }: Delivery): void {
    if (content.type !== 'assignee') this.wake(toward, SPACING);
  }

  /** Tries at once what waits for its next try, unless that was less than `spacing` ms ago. */
  wake(toward: Delivery['toward'], spacing = 0): void {
    for (const [key, stream] of this.#streams) {
      const [first] = stream.entries;
      if (!stream.cancelWait || first?.delivery.toward !== toward) continue;
      if (stream.triedAt !== undefined && this.#env.now() - stream.triedAt < spacing) continue;
      first.hurried = true;
      stream.cancelWait();
      stream.cancelWait = undefined;
      this.#run(key, stream);
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
