import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findBrowser } from './findBrowser.ts';
import { launch } from './launch.ts';
import { hook, Visit } from './visit.ts';

const project = join(import.meta.dirname, '..', '..');

test('what `npm start` runs tells an address, and a browser that opens it can play both sides', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'madoguchi-start-'));
  const child = spawn(process.execPath, ['src/index.ts'], {
    cwd: project,
    env: { PATH: process.env.PATH, ENV_FILE: '', PORT: '0', SQLITE_PATH: join(folder, 'desk.db') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const browser = await launch();
  try {
    const told: string[] = [];
    // A slow machine may log that it waits for the database first.
    for await (const line of createInterface({ input: child.stdout }))
      if (!line.startsWith('{') && told.push(line) === 3) break;
    child.stdout.resume();
    expect(told.slice(0, 2)).toEqual([
      '窓口（Madoguchi）ローカルモード',
      '  認証なし・このパソコンからだけ使えます（127.0.0.1）',
    ]);
    const visit = await Visit.open(browser, /http:\S+/.exec(told[2] ?? '')?.[0] ?? '');
    await visit.write('customer', 'はじめまして');
    await visit.sees(`${hook('thread')} ${hook('card')}`, 'はじめまして');
    await visit.write('thread', 'ようこそ');
    await visit.sees(`${hook('customer-messages')} .theirs`, 'ようこそ');
    expect(visit.problems).toEqual([]);
    await visit.close();
    child.kill();
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill();
    await browser.close();
    await rm(folder, { recursive: true });
  }
});

test('where no browser is installed, the one from npm starts and draws the page', async () => {
  const browser = await launch(await findBrowser('packed'));
  try {
    const page = await browser.newPage();
    await page.setContent('<button>窓口</button>');
    expect(await page.$eval('button', (button) => button.getBoundingClientRect().width)).toBeGreaterThan(20);
  } finally {
    await browser.close();
  }
});

test('a CHROME_PATH that leads nowhere says what to do', async () => {
  await expect(findBrowser(join(project, 'no-such-browser'))).rejects.toThrow(/CHROME_PATH: .*no-such-browser.*Name a/);
});
