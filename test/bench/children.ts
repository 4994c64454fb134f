import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process under measurement; `url` is the first thing it prints. */
export interface Child {
  url: string;
  /** The processor time it has used so far (µs), all its threads together: it tells the cost also on a machine that is busy otherwise. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

const CPU_TELLER = new URL('./cpuTeller.ts', import.meta.url).href;

/** Starts a file of this folder as a process of its own, with this environment and nothing else; `BENCH_NODE_ARGS` go to its Node.js. */
export async function launch(file: string, env: Record<string, string> = {}): Promise<Child> {
  const args = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter(Boolean);
  const child = spawn(process.execPath, ['--import', CPU_TELLER, ...args, join(import.meta.dirname, file)], {
    env: { PATH: process.env.PATH, ENV_FILE: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (!child.stdout) throw new Error('no output to read');
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return {
    url,
    async cpu() {
      child.send('cpu');
      const [used] = (await once(child, 'message')) as [number];
      return used;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Waits until something is so. Rejects after `patience` ms. */
export async function until(done: () => boolean, patience = 60_000): Promise<void> {
  const end = performance.now() + patience;
  while (!done()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${done}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
