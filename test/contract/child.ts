import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const PROJECT = path.join(import.meta.dirname, '../..');

/** Every name in `.env.example`, in its order. */
export function exampleNames(): string[] {
  const text = readFileSync(path.join(PROJECT, '.env.example'), 'utf8');
  return [...text.matchAll(/^([A-Za-z_]+)=/gm)].map(([, name = '']) => name);
}

/** The product as a process of its own, as `npm start` runs it. */
export interface Child {
  /** Standard output and error so far. */
  readonly output: string;
  readonly errors: string;
  /** Where it listens, once the banner says so. Rejects when it ends before. */
  listening: Promise<string>;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The product's entry: the sources, or what `npm run build` makes of them. */
export const SOURCES = path.join(PROJECT, 'src/index.ts');

/** Builds the program into a folder that holds nothing else and lies outside of the project, as it is in the production image. */
export function build(folder: string): string {
  execFileSync(process.execPath, [path.join(PROJECT, 'build.ts'), folder], { stdio: 'pipe' });
  return path.join(folder, 'index.mjs');
}

/**
 * Starts the product with these settings and no others, on a free port and with an empty store unless they say so. `unset` are
 * names that the environment does not hold at all; all others are there and empty.
 */
export function startChild(env: Record<string, string> = {}, unset: string[] = [], entry = SOURCES): Child {
  const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-child-'));
  const blank = Object.fromEntries(exampleNames().flatMap((name) => (unset.includes(name) ? [] : [[name, '']])));
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: {
      ...blank,
      PATH: process.env.PATH,
      ENV_FILE: '',
      PORT: '0',
      SQLITE_PATH: path.join(folder, 'desk.db'),
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told.errors += text;
  });
  const ended = once(child, 'close').then(([code]) => {
    rmSync(folder, { recursive: true, force: true });
    return code as number | null;
  });
  const banner = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (address) resolve(address);
    });
  });
  const listening = Promise.race([
    banner,
    ended.then((code) => {
      throw new Error(`The product ended with ${code}: ${told.errors}`);
    }),
  ]);
  // Those who expect the end do not look at this one.
  listening.catch(() => undefined);
  return {
    get output() {
      return told.output;
    },
    get errors() {
      return told.errors;
    },
    listening,
    ended,
    stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
