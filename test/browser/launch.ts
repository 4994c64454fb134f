import { join } from 'node:path';
import { compileFunction, constants } from 'node:vm';
import type * as Puppeteer from 'puppeteer-core';
import { type Browser, findBrowser } from './findBrowser.ts';

// Puppeteer is an ES module and Jest's own `import` is a `require`: this one is Node's.
const load = compileFunction("return import('puppeteer-core')", [], {
  filename: join(import.meta.dirname, 'launch.ts'),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as () => Promise<typeof Puppeteer>;

/** Starts a browser with a fresh profile that talks to nobody by itself. */
export async function launch(found?: Browser): Promise<Puppeteer.Browser> {
  const { default: puppeteer } = await load();
  const { env, ...browser } = found ?? (await findBrowser());
  return puppeteer.launch({
    ...browser,
    timeout: 60_000,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-quic',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
