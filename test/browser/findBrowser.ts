import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** A browser that can be started: its program, and what it needs beside it. */
export interface Browser {
  executablePath: string;
  /** `true` = a whole Chrome with --headless=new, `shell` = the smaller headless shell. */
  headless: true | 'shell';
  /** Variables of the environment to set for it alone. */
  env: Record<string, string>;
}

const project = join(import.meta.dirname, '..', '..');
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].flatMap((root) =>
    root
      ? [join(root, 'Google/Chrome/Application/chrome.exe'), join(root, 'Microsoft/Edge/Application/msedge.exe')]
      : [],
  ),
];

/**
 * The browser for the tests: `CHROME_PATH`, else an installed one, else the one that npm brought (`@sparticuz/chromium`).
 * `CHROME_PATH=packed` insists on the latter. Throws a sentence that tells what to do when there is none.
 */
export async function findBrowser(wanted = process.env.CHROME_PATH): Promise<Browser> {
  if (wanted === 'packed') return packed();
  if (wanted) {
    if (!runs(wanted))
      throw new Error(`CHROME_PATH: there is no program at ${wanted}. Name a Chrome, Chromium or Edge.`);
    return { executablePath: wanted, headless: true, env: {} };
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(runs);
  return found ? { executablePath: found, headless: true, env: {} } : packed();
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there or not ours to start: either way the search goes on.
  }
}

/** Unpacks npm's Chromium once for each version, whole or not at all: its own folder, named when everything is in it. */
async function packed(): Promise<Browser> {
  const advice = 'Install Chrome, Chromium or Edge, or set CHROME_PATH to its program; the browser tests need one.';
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`No browser was found, and the one from npm is for Linux on x64 only. ${advice}`);
  const about = await readFile(join(project, 'node_modules', '@sparticuz', 'chromium', 'package.json'), 'utf8');
  const { version } = JSON.parse(about) as { version: string };
  const home = join(tmpdir(), `madoguchi-chromium-${version}`);
  if (!existsSync(home)) {
    const fresh = await mkdtemp(`${home}-`);
    try {
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpack], {
        cwd: project,
        // The package brings the libraries that slim images lack only when it believes to be on Lambda.
        env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
      });
      await rename(fresh, home);
    } catch (cause) {
      await rm(fresh, { recursive: true, force: true });
      if (!existsSync(home))
        throw new Error(`No browser was found, and the one from npm cannot be unpacked. ${advice}`, { cause });
    }
  }
  const env: Record<string, string> = { LD_LIBRARY_PATH: join(home, 'al2023', 'lib') };
  if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = join(home, 'fonts');
  return { executablePath: join(home, 'chromium'), headless: 'shell', env };
}

const unpack = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();`;
