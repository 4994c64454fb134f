import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What the test tells a product process. */
export type Order = { kind: 'go' } | { kind: 'arm'; step: string; occurrence: number } | { kind: 'trace' };

/** What a product process tells the test. */
export type Told =
  | { kind: 'loaded' }
  | { kind: 'armed' }
  | { kind: 'listening'; url: string }
  | { kind: 'trace'; steps: string[] };

const PROGRAM = path.join(import.meta.dirname, 'product.ts');
/** What V8 has compiled is kept from one process to the next: each of them loads the same thousand modules. */
const COMPILED = path.join(tmpdir(), 'madoguchi-compiled');
const KEPT_LINES = 400;

/** One process of the product: loaded, then serving once it was told to `go`, then gone. */
export class Instance {
  readonly name: string;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Its last lines of log and error output. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #loaded: Promise<Told>;
  #url = '';
  #over = false;

  constructor(name: string, env: Record<string, string>) {
    this.name = name;
    this.#child = spawn(process.execPath, ['--no-warnings', PROGRAM], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ENV_FILE: '', PORT: '0', PROOF_NAME: name, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#keep(line));
    this.ended = once(this.#child, 'exit').then(([code, signal]) => {
      this.#over = true;
      return { code, signal };
    });
    this.#loaded = this.#told('loaded');
    this.#loaded.catch(() => undefined);
  }

  /** Where it listens; empty before it does. */
  get url(): string {
    return this.#url;
  }

  get isOver(): boolean {
    return this.#over;
  }

  get loaded(): Promise<unknown> {
    return this.#loaded;
  }

  /** Lets it open its store and serve; resolves with its address. Rejects when it ends before. */
  async go(): Promise<string> {
    await this.#loaded;
    const listening = this.#told('listening');
    this.#order({ kind: 'go' });
    const { url } = (await listening) as Extract<Told, { kind: 'listening' }>;
    this.#url = url;
    return url;
  }

  /** It dies when it reaches this step for this time from now, counted from 1. */
  async arm(step: string, occurrence = 1): Promise<void> {
    const armed = this.#told('armed');
    this.#order({ kind: 'arm', step, occurrence });
    await armed;
  }

  /** It dies at no step any more, unless it has. */
  async disarm(): Promise<void> {
    await this.arm('').catch((error: unknown) => {
      if (!this.#over) throw error;
    });
  }

  /** The steps it has reached since it was asked last. */
  async trace(): Promise<string[]> {
    const traced = this.#told('trace');
    this.#order({ kind: 'trace' });
    return ((await traced) as Extract<Told, { kind: 'trace' }>).steps;
  }

  /** SIGKILL: nothing of it runs any more. Resolves when the system has taken it away. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** SIGTERM, as a supervisor ends a process; resolves with how it went. */
  stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }

  #order(order: Order): void {
    if (!this.#over && this.#child.connected) this.#child.send(order, () => undefined);
  }

  #told(kind: Told['kind']): Promise<Told> {
    return new Promise((resolve, reject) => {
      const hear = (told: Told) => {
        if (told.kind !== kind) return;
        this.#child.off('message', hear);
        resolve(told);
      };
      this.#child.on('message', hear);
      void this.ended.then(({ code, signal }) =>
        reject(new Error(`${this.name} ended with ${code ?? signal}:\n${this.lines.slice(-20).join('\n')}`)),
      );
    });
  }

  #keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
  }
}
