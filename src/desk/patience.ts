import type { Environment } from './ports.ts';

/** What comes in time (ms), else `undefined`: for what is good to know and not worth waiting for. */
export function inPatience<T>(env: Environment, ms: number, answer: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = env.later(ms, () => resolve(undefined));
    answer.then(resolve, reject).finally(cancel);
  });
}
