import type { Courier } from './courier.ts';
import { type Delivery, isAside, staysBehind } from './delivery.ts';
import { DeskError } from './deskError.ts';
import { PRIORITY, TEAMS } from './gate.ts';
import type { Gates } from './gates.ts';
import type { Terms } from './lease.ts';
import type { Failure } from './outcome.ts';
import type { Attempt, Passage } from './passage.ts';
import type { Environment, LaneRecord, Versioned } from './ports.ts';
import { Probe } from './probe.ts';
import { LONGEST_WAIT, OUTAGE } from './retryPlan.ts';
import { type Entry, isLate, Stream } from './stream.ts';

export interface TrafficParts {
  env: Environment;
  courier: Courier;
  gates: Gates;
  terms: Terms;
}

/** What the traffic of a lane needs of the lane. */
export interface Driving {
  readonly id: string;
  /** Whether this process drives the lane now. */
  driving(): boolean;
  /** Resolves when a send that begins now ends before the lease does. Rejects with `lane.left`. */
  mayStart(): Promise<void>;
  record(): LaneRecord | undefined;
  /** Whether everything is here that other processes had stored before this moment (by `elapsed`). */
  hasSeen(since: number): boolean;
  /** Resolves when everything is here that other processes had stored before this moment (by `elapsed`). */
  caughtUp(since: number): Promise<void>;
  /** Teams refuses every post into this Teams channel, or (without a failure) takes them again. */
  hold(failure: Failure | undefined, deskId?: string): void;
  /** Nothing waits any more. */
  rest(): void;
  /** Brings in all that is stored as open of a conversation. */
  gather(conversationId: string): Promise<void>;
}

/** How long to wait before the store is asked again after it failed (ms). */
const STORE_PAUSE = 1_000;

/** How long ago the last try must be for a wait to end early (ms). */
const SPACING = 60_000;

/** What waits in a lane, and its way out. Streams run side by side, so that a stuck conversation delays no other. */
export class Traffic {
  readonly #lane: Driving;
  readonly #parts: TrafficParts;
  #streams = new Map<string, Stream>();
  /** Every delivery that has a place here. */
  readonly #entries = new Map<string, Entry>();
  /** What ended here, and when (by `elapsed`): a look that began before may still show it as open. */
  readonly #ended = new Map<string, number>();
  /** By `elapsed`: a look that began before may show as open what ended here, and is no longer known to have. */
  #forgotten = 0;
  #stopping = false;
  readonly #probe: Probe;
  /** Conversations whose posts ended *unknown* since the last one that arrived. */
  readonly #dark = new Set<string>();
  /** The newest place in the order that was seen. */
  newest = 0;
  /** Something was under way at the end that could not be written down. */
  #unwritten = false;

  constructor(lane: Driving, parts: TrafficParts) {
    this.#lane = lane;
    this.#parts = parts;
    this.#probe = new Probe(
      parts.env,
      () => this.#streams,
      (key, stream) => this.#hurry(key, stream),
    );
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Something here may be shown in Teams without its record saying so: whoever drives next has to know. */
  get unclean(): boolean {
    const inherited = [...this.#entries.values()].some((entry) => entry.inherited && entry.delivery.toward === 'teams');
    return this.#unwritten || inherited;
  }

  waiting(): Delivery[] {
    return [...this.#entries.values()].map(({ delivery }) => delivery);
  }

  /** Whether a delivery of the same id has a place here beside this one. */
  holdsAnother(delivery: Delivery): boolean {
    const held = this.#entries.get(delivery.id);
    return held !== undefined && held.delivery !== delivery;
  }

  /** Gives what is being stored its place. */
  add(delivery: Delivery, stored: Entry['stored']): void {
    const { env } = this.#parts;
    const entry: Entry = { delivery, stored, inherited: false, dueAt: this.#dueAt(delivery), keptAt: env.elapsed() };
    const first = this.#entries.get(delivery.id);
    if (!first) {
      this.#place(entry);
      return;
    }
    // A repeat that came while the first is being stored: it counts if that fails.
    const both = [first.stored, stored].map((write) => write.catch(() => undefined));
    void Promise.all(both).then(([, kept]) => {
      if (kept && !first.found && !this.#entries.has(delivery.id)) this.#place({ ...entry, kept });
    });
  }

  /**
   * Gives what a look found in the store its place, unless it is here already, or the look began (by `elapsed`) too long ago to be
   * believed. `inherited`: it may have been sent.
   */
  adopt(kept: Versioned<Delivery>, inherited: boolean, begun: number): boolean {
    const { id } = kept.value;
    const here = this.#entries.get(id);
    if (begun < this.#forgotten || here?.kept || this.#ended.has(id)) return false;
    // Perhaps a repeat that will turn out to be stored already: it must not take this one along when it goes.
    if (here) {
      here.found = true;
      this.#streams.get(Stream.of(here.delivery))?.remove(here);
    }
    const dueAt = this.#dueAt(kept.value);
    this.#place({ delivery: kept.value, stored: Promise.resolve(kept), kept, inherited, dueAt, keptAt: 0 });
    return true;
  }

  /** Forgets what ended before (by `elapsed`): whoever looked since then did not see it as open. */
  forgetEnded(before: number): void {
    this.#forgotten = Math.max(this.#forgotten, before);
    for (const [id, at] of this.#ended) if (at < before) this.#ended.delete(id);
  }

  /** Sets everything going. */
  start(): void {
    for (const [key, stream] of this.#streams) this.#run(key, stream);
  }

  /** Tries at once what waits for its next try, unless that was less than `spacing` ms ago. */
  wake(toward: Delivery['toward'], spacing = 0): void {
    const now = this.#parts.env.elapsed();
    for (const [key, stream] of this.#streams) {
      const [first] = stream.entries;
      if (!stream.cancelWait || first?.delivery.toward !== toward) continue;
      if (stream.triedAt !== undefined && now - stream.triedAt < spacing) continue;
      this.#hurry(key, stream);
    }
  }

  /** The streams of a conversation beside this one. What belongs to a thread is no part of it. */
  #besides(own: Stream, conversationId: string): [key: string, stream: Stream][] {
    return [...this.#streams].filter(([, stream]) => {
      const [first] = stream.entries;
      return stream !== own && first?.delivery.conversationId === conversationId && !staysBehind(first.delivery);
    });
  }

  #stir(own: Stream, conversationId: string): void {
    for (const [key, stream] of this.#besides(own, conversationId)) {
      stream.callBack();
      this.#hurry(key, stream);
    }
  }

  #others({ delivery }: Entry): number {
    const { conversationId } = delivery;
    const others = this.waiting().filter((one) => one.conversationId === conversationId && !staysBehind(one));
    return others.filter(({ id }) => id !== delivery.id).length;
  }

  /** Lets the first of a stream try at once. */
  #hurry(key: string, stream: Stream): void {
    const [first] = stream.entries;
    if (first) first.hurried = true;
    stream.cancelWait?.();
    stream.cancelWait = undefined;
    this.#run(key, stream);
  }

  /** Resolves when what is under way has ended. Nothing begins any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#probe.cancel();
    for (const stream of this.#streams.values()) stream.cancelWait?.();
    await Promise.all([...this.#streams.values()].flatMap(({ running }) => running ?? []));
  }

  /** Forgets everything; what is being stored is answered with. */
  clear(): Entry['stored'][] {
    this.#probe.cancel();
    const unstored = [...this.#entries.values()].flatMap(({ kept, stored }) => (kept ? [] : [stored]));
    for (const stream of this.#streams.values()) {
      stream.cancelWait?.();
      // An attempt under way comes back to this stream, which must not go on beside the one that takes its place.
      stream.entries = [];
    }
    this.#streams = new Map();
    this.#entries.clear();
    this.#ended.clear();
    return unstored;
  }

  /** A clock that was set back makes no wait longer than the plan does. */
  #dueAt({ nextAt = 0 }: Delivery): number {
    const { env } = this.#parts;
    const wait = Math.min(nextAt - env.now(), LONGEST_WAIT);
    return wait > 0 ? env.elapsed() + wait : 0;
  }

  #place(entry: Entry): void {
    const { delivery, stored } = entry;
    const key = Stream.of(delivery);
    const stream = this.#streams.get(key) ?? new Stream();
    this.#streams.set(key, stream);
    stream.place(entry);
    this.#entries.set(delivery.id, entry);
    this.newest = Math.max(this.newest, delivery.order);
    if (!entry.kept)
      stored.then(
        (kept) => {
          entry.kept = kept;
          entry.keptAt = this.#parts.env.elapsed();
          if (!kept) this.#remove(stream, entry);
        },
        // Who stores it hears of a failure; here it only means that there is nothing to send.
        () => this.#remove(stream, entry),
      );
    this.#run(key, stream);
  }

  #remove(stream: Stream, entry: Entry): void {
    stream.remove(entry);
    const { id } = entry.delivery;
    if (this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    if (entry.kept) this.#ended.set(id, this.#parts.env.elapsed());
    if (this.#entries.size === 0) this.#lane.rest();
  }

  #isOver(stream: Stream): boolean {
    return this.#stopping || !this.#lane.driving() || stream.entries.length === 0;
  }

  #run(key: string, stream: Stream): void {
    if (this.#isOver(stream) || stream.running || stream.cancelWait) return;
    stream.running = this.#drive(key, stream)
      .catch((error: unknown) => {
        const left = error instanceof DeskError && error.code === 'lane.left';
        if (left && (this.#isOver(stream) || stream.wasCalledBack)) return;
        this.#parts.env.log.error(
          { lane: this.#lane.id, code: (error as { code?: string }).code, err: error },
          'a lane stumbled; it goes on in a moment',
        );
        this.#unwritten ||= this.#stopping;
        this.#wait(key, stream, STORE_PAUSE);
      })
      .then(() => {
        stream.running = undefined;
        stream.wasCalledBack = false;
        stream.busy = 0;
        if (stream.entries.length === 0 && this.#streams.get(key) === stream) this.#streams.delete(key);
        else this.#run(key, stream);
      });
  }

  async #drive(key: string, stream: Stream): Promise<void> {
    const { env, courier } = this.#parts;
    while (!this.#isOver(stream)) {
      const [entry] = stream.entries as [Entry];
      stream.busy = 0;
      entry.kept ??= await entry.stored.catch(() => undefined);
      if (!entry.kept) {
        this.#remove(stream, entry);
        continue;
      }
      // Another process may have stored what came before it; then that one stands first now.
      await this.#lane.caughtUp(entry.keptAt);
      if (stream.entries[0] !== entry || this.#isOver(stream)) continue;
      stream.busy = 1;
      const wait = (entry.hurried ? 0 : entry.dueAt) - env.elapsed();
      if (wait > 0) {
        if (entry.delivery.toward === 'endUser') this.#probe.plan();
        return this.#wait(key, stream, wait);
      }
      await this.#lane.mayStart();
      if (this.#isOver(stream)) return;
      stream.triedAt = env.elapsed();
      const attempt = await courier.attempt(entry.kept, entry.inherited, this.#passage(stream, entry));
      this.#note(stream, entry, attempt);
    }
  }

  /** The way out for one attempt. What goes along with the first is decided when there is room for it. */
  #passage(stream: Stream, first: Entry): Passage {
    const { env, gates } = this.#parts;
    return {
      turn: async (kind, tenantId) => {
        const { content, order } = first.delivery;
        const priority = isAside(content) ? PRIORITY.notice : PRIORITY.message;
        const done = await stream.unlessCalledBack(gates.turn(this.#lane.id, kind, priority, order, tenantId));
        try {
          await this.#lane.mayStart();
          if (this.#isOver(stream)) throw new DeskError('lane.left');
        } catch (error) {
          done();
          throw error;
        }
        return done;
      },
      // What has begun goes on while the lane is drained: it is noted as begun.
      mayStart: async () => {
        await this.#lane.mayStart();
        if (stream.entries.length === 0) throw new DeskError('lane.left');
      },
      group: () => {
        const group = stream.group(
          ({ dueAt, keptAt }) => dueAt <= env.elapsed() && this.#lane.hasSeen(keptAt),
          (delivery) => isLate(delivery, env.now()),
        );
        stream.busy = group.length;
        return group.flatMap(({ kept }) => kept ?? []);
      },
      probing: first.probing === true,
      callBack: () => {
        for (const [, other] of this.#besides(stream, first.delivery.conversationId)) other.callBack();
      },
      stir: () => this.#stir(stream, first.delivery.conversationId),
      others: () => this.#others(first),
      gather: () => this.#lane.gather(first.delivery.conversationId),
      refuge: () => this.#lane.record()?.refuge,
    };
  }

  /** Puts what came of an attempt into the stream. */
  #note(stream: Stream, first: Entry, { after, wait, pause, apart, hold, unknown }: Attempt): void {
    const { gates, env } = this.#parts;
    const { id } = this.#lane;
    if (pause) gates.of(id)?.pause(first.delivery.toward === 'teams' ? TEAMS : ['endUser'], pause);
    if (hold) this.#lane.hold(hold.failure, hold.deskId);
    if (unknown && first.delivery.toward === 'teams') this.#darken(first.delivery.conversationId);
    for (const entry of stream.entries.slice(0, stream.busy)) {
      entry.alone ||= apart;
      if (!after.has(entry.delivery.id)) continue;
      const now = after.get(entry.delivery.id);
      if (now?.value.state === 'open') Object.assign(entry, { kept: now, delivery: now.value, inherited: false });
      else this.#remove(stream, entry);
      if (now?.value.state === 'delivered') this.#arrived(now.value);
    }
    if (first.probing) Object.assign(first, { probing: false, hurried: false });
    if (wait === undefined) return;
    first.dueAt = env.elapsed() + wait;
    first.hurried = false;
  }

  /** One conversation may be at fault itself. When several end so, it is Teams: every further try would only park one more message. */
  #darken(conversationId: string): void {
    this.#dark.add(conversationId);
    const pause = OUTAGE[Math.min(this.#dark.size - 2, OUTAGE.length - 1)];
    if (pause !== undefined) this.#parts.gates.of(this.#lane.id)?.pause(TEAMS, pause);
  }

  /** What was just delivered shows that the other side works: nobody else needs to wait for it. */
  #arrived({ toward, content }: Delivery): void {
    // These say nothing of the other side: they may have asked nobody.
    if (['assignee', 'handOut', 'move', 'arrival'].includes(content.type)) return;
    if (toward === 'teams') this.#dark.clear();
    this.wake(toward, SPACING);
    const record = this.#lane.record();
    if (toward === 'teams' && record?.held && !record.refuge) this.#lane.hold(undefined);
  }

  #wait(key: string, stream: Stream, ms: number): void {
    if (this.#stopping) return;
    stream.cancelWait = this.#parts.env.later(ms, () => {
      stream.cancelWait = undefined;
      this.#run(key, stream);
    });
  }
}
