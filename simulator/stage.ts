import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultWorld } from './defaultWorld.ts';
import { Files } from './files.ts';
import type { Call, Delivery, World } from './state.ts';

/** Somebody asked the simulator for something that cannot be; the message is a sentence for that person. */
export class BadInput extends Error {
  override name = 'BadInput';
}

export interface StageOptions {
  appId?: string;
  /** What people and places are called, default `ja`. */
  locale?: 'ja' | 'en';
  stateFile?: string;
  now?: () => number;
}

const saveAfterMs = 200;
const keptRecords = 20_000;

/** What all sides of the simulator share: the world, its clock, the record of calls, and the signal that something changed. */
export class Stage {
  world: World;
  version = 0;
  /** Calls of the product to either side, oldest first; the newest 20,000. */
  readonly calls: Call[] = [];
  /** Activities and hooks to the product, oldest first; the newest 20,000. */
  readonly deliveries: Delivery[] = [];
  /** What people sent beside words. */
  readonly files = new Files();
  readonly now: () => number;
  readonly #options: StageOptions;
  readonly #signals = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  #saving: NodeJS.Timeout | undefined;

  constructor(options: StageOptions = {}) {
    this.#options = options;
    this.now = options.now ?? Date.now;
    this.world = this.#load();
  }

  /** Aborted when the simulator closes; everything that waits listens to it. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The next activity id: milliseconds, never the same twice. */
  nextId(): string {
    this.world.lastId = Math.max(this.now(), this.world.lastId + 1);
    return String(this.world.lastId);
  }

  /** ISO 8601 with milliseconds. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  recordCall(call: Call): void {
    this.calls.push(call);
    if (this.calls.length > keptRecords) this.calls.shift();
  }

  recordDelivery(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > keptRecords) this.deliveries.shift();
  }

  /** Says that the world or one of the records is different now. */
  changed(): void {
    this.version++;
    this.#signals.emit('change', this.version);
    if (this.#options.stateFile && !this.#saving && !this.closed.aborted) {
      this.#saving = setTimeout(() => this.#save(), saveAfterMs);
    }
  }

  /** Calls the listener after each change; the answer stops it. */
  onChange(listener: (version: number) => void): () => void {
    this.#signals.on('change', listener);
    return () => this.#signals.off('change', listener);
  }

  /** Runs the listener when the whole world was replaced, so that look-up tables can follow. */
  onReset(listener: () => void): void {
    this.#signals.on('reset', listener);
  }

  /**
   * Resolves with the first answer of `probe` that is neither false, null nor undefined; it is asked at each change.
   * Rejects after `timeoutMs` (default 20,000).
   */
  waitFor<T>(probe: () => T | false | null | undefined, timeoutMs = 20_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        stop();
        settle();
      };
      const ask = () => {
        try {
          const found = probe();
          if (found !== false && found !== null && found !== undefined) end(() => resolve(found));
        } catch (error) {
          end(() => reject(error));
        }
      };
      const inVain = new Error(`Waited ${timeoutMs} ms in vain for ${probe}`);
      const timer = setTimeout(() => end(() => reject(inVain)), timeoutMs);
      const stop = this.onChange(ask);
      ask();
    });
  }

  /** Back to the default world with empty records. */
  reset(): void {
    const { lastId } = this.world;
    this.world = { ...defaultWorld(this.#options.appId, this.#options.locale), lastId };
    this.calls.length = 0;
    this.deliveries.length = 0;
    this.files.clear();
    this.#signals.emit('reset');
    this.changed();
  }

  /** Ends all waiting and writes the state file a last time. */
  close(): void {
    this.#closing.abort();
    if (this.#saving) this.#save();
    this.#signals.removeAllListeners();
  }

  #load(): World {
    const { stateFile, appId, locale } = this.#options;
    if (!stateFile) return defaultWorld(appId, locale);
    let text: string;
    try {
      text = readFileSync(stateFile, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return defaultWorld(appId, locale);
      throw error;
    }
    try {
      const fresh = defaultWorld(appId, locale);
      const saved = JSON.parse(text) as World;
      const { id, appId: ownAppId } = fresh.bot; // the bot may be registered by now
      return { ...fresh, ...saved, bot: { ...saved.bot, id, appId: ownAppId } };
    } catch (cause) {
      throw new Error(`The simulator's state file ${stateFile} is not JSON; delete it to start afresh.`, { cause });
    }
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const file = this.#options.stateFile;
    if (!file) return;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(this.world));
      renameSync(`${file}.new`, file);
    } catch (error) {
      // A full disk must not take the bot down that runs in the same process.
      process.emitWarning(error as Error);
    }
  }
}
