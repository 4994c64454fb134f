import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of this folder in a process of its own; it prints its address first. */
export interface Launched {
  url: string;
  pid: number;
  signal(name: NodeJS.Signals): void;
  /** Ends it and waits until it has gone. */
  stop(): Promise<void>;
}

export async function launch(file: string, env: Record<string, string>, flags: string[] = []): Promise<Launched> {
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, file)], {
    env: { PATH: process.env.PATH, ENV_FILE: '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [url] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(([code]) => {
      throw new Error(`${file} ended with ${code}`);
    }),
  ])) as [string];
  return {
    url,
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
