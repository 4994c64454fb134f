import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { brokenLimits, fillIn, zipPackage } from '../../appPackage/assemble.ts';
import { readPackageSettings } from '../../appPackage/settings.ts';
import { readPackageSource } from '../../appPackage/source.ts';
import { validateLocalization, validateManifest } from './schemas.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const BOT = '11111111-2222-4333-8444-555555555555';
const APP = '66666666-7777-4888-8999-aaaaaaaaaaaa';
const env = { MicrosoftAppId: BOT, PUBLIC_URL: 'https://desk.example.com/base' };
const source = readPackageSource();
const product: { version: string } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));

function settingsOf(more: Record<string, string> = {}) {
  const reading = readPackageSettings({ ...env, ...more });
  if (!reading.ok) throw new Error(reading.lines.join('\n'));
  return reading.settings;
}

function linesOf(changed: Record<string, string | undefined>): string[] {
  const reading = readPackageSettings({ LOCALE: 'en', ...env, ...changed });
  return reading.ok ? [] : reading.lines;
}

describe('the settings of the package', () => {
  test("are few: the bot's id and the public address are enough", () => {
    expect(settingsOf()).toEqual({
      appId: BOT,
      botId: BOT,
      name: 'KARTE',
      host: 'desk.example.com',
      developer: {
        name: 'Madoguchi',
        websiteUrl: 'https://desk.example.com',
        privacyUrl: 'https://desk.example.com',
        termsOfUseUrl: 'https://desk.example.com',
      },
    });
  });

  test('that are missing give one line each, in the language asked for', () => {
    const none = { MicrosoftAppId: undefined, PUBLIC_URL: ' ' };
    expect(linesOf(none)).toEqual([
      expect.stringMatching(/^MicrosoftAppId is not set\./),
      expect.stringMatching(/^PUBLIC_URL is not set\./),
    ]);
    expect(linesOf({ ...none, LOCALE: 'ja' })).toEqual([
      expect.stringMatching(/^MicrosoftAppId が設定されていません。/),
      expect.stringMatching(/^PUBLIC_URL が設定されていません。/),
    ]);
  });

  test.each([
    ['MicrosoftAppId', 'test-not-a-uuid'],
    ['MicrosoftAppId', '00000000-0000-0000-0000-000000000000'],
    ['APP_ID', '1234'],
    ['PUBLIC_URL', 'http://desk.example.com'],
    ['PUBLIC_URL', 'https://localhost:3978'],
    ['PUBLIC_URL', 'https://192.0.2.7'],
    ['PUBLIC_URL', 'https://desk.internal'],
    ['PUBLIC_URL', 'desk.example.com'],
    ['APP_NAME', 'n'.repeat(31)],
    ['APP_NAME', 'two\nlines'],
    ['APP_DEVELOPER_NAME', 'd'.repeat(33)],
    ['APP_WEBSITE_URL', 'http://example.com'],
    ['APP_PRIVACY_URL', 'privacy'],
    ['APP_TERMS_URL', 'ftp://example.com/terms'],
    ['LOCALE', 'toString'],
  ])('%s=%j is refused by one line that names it and not its value', (name, value) => {
    const lines = linesOf({ [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.startsWith(`${name} `)).toBe(true);
    expect(lines[0]).not.toContain(value);
  });
});

describe('the package', () => {
  const full = {
    APP_ID: APP,
    APP_NAME: 'サポート $& 窓口',
    APP_DEVELOPER_NAME: 'Example KK',
    APP_WEBSITE_URL: 'https://example.com/',
    APP_PRIVACY_URL: 'https://example.com/privacy',
    APP_TERMS_URL: 'https://example.com/terms',
  };

  test('carries the settings, and still follows the schemas', () => {
    const { manifest, languages } = fillIn(source, settingsOf(full), product.version);
    expect(manifest).toMatchObject({
      id: APP,
      version: product.version,
      name: { short: 'サポート $& 窓口', full: 'サポート $& 窓口 窓口' },
      bots: [{ botId: BOT }],
      validDomains: ['desk.example.com'],
      developer: {
        name: 'Example KK',
        privacyUrl: 'https://example.com/privacy',
        termsOfUseUrl: 'https://example.com/terms',
      },
    });
    expect(languages['en.json']).toMatchObject({
      'name.short': 'サポート $& 窓口',
      'name.full': 'サポート $& 窓口 customer support desk',
    });
    expect([validateManifest(manifest), ...Object.values(languages).map(validateLocalization)].flat()).toEqual([]);
  });

  test('leaves nothing of the neutral values behind', () => {
    const { manifest } = fillIn(source, settingsOf(), product.version);
    expect(JSON.stringify(manifest)).not.toMatch(/localhost|00000000-0000/);
  });

  test('keeps its files at the root', () => {
    const files = unzipSync(zipPackage(source));
    expect(Object.keys(files).toSorted()).toEqual(['color.png', 'en.json', 'ja.json', 'manifest.json', 'outline.png']);
    expect(JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))).toEqual(source.manifest);
    expect(Buffer.from(files['color.png'] ?? []).equals(source.icons['color.png'] ?? Buffer.of())).toBe(true);
  });

  test('is not built when Teams would refuse its commands', () => {
    const { manifest } = source;
    const list = { commands: Array.from({ length: 13 }, () => ({ title: 'help', description: 'Help' })) };
    const swollen = {
      ...manifest,
      bots: [{ ...manifest.bots[0], commandLists: [list, list, list, list] }] as typeof manifest.bots,
    };
    const lines = brokenLimits({ ...source, manifest: swollen, languages: {} }, 'en');
    expect(lines).toEqual([
      'manifest.json may hold 3 command lists at most (now 4).',
      ...[1, 2, 3, 4].map((n) => `Command list ${n} of manifest.json may hold 12 commands at most (now 13).`),
    ]);
  });

  test('is not built while a command has no translation', () => {
    const { 'bots[0].commandLists[0].commands[0].title': _, ...short } = source.languages['en.json'] ?? {};
    expect(brokenLimits({ ...source, languages: { 'en.json': short } }, 'en')).toEqual([
      'en.json lacks bots[0].commandLists[0].commands[0].title.',
    ]);
  });
});

describe('npm run package', () => {
  const folders: string[] = [];
  const newFolder = () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-package-'));
    folders.push(folder);
    return folder;
  };
  const run = (folder: string, more: Record<string, string>) =>
    spawnSync(process.execPath, [path.join(PROJECT, 'appPackage/build.ts'), folder], {
      env: { PATH: process.env.PATH, ...more },
      encoding: 'utf8',
    });

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  test('writes the same bytes for the same settings, whatever the time zone, and says where', () => {
    const [here, there] = [newFolder(), newFolder()];
    const first = run(here, { ...env, TZ: 'Asia/Tokyo' });
    const second = run(there, { ...env, TZ: 'America/Los_Angeles' });
    const name = `madoguchi-${product.version}.zip`;
    expect([first.status, second.status, first.stderr]).toEqual([0, 0, '']);
    expect(path.resolve(PROJECT, first.stdout.trim())).toBe(path.join(here, name));
    expect(readFileSync(path.join(here, name)).equals(readFileSync(path.join(there, name)))).toBe(true);
  });

  test('ends with exit code 1, one line a fault and no file when settings are wrong', () => {
    const folder = newFolder();
    const { status, stdout, stderr } = run(folder, { LOCALE: 'en', PUBLIC_URL: 'http://localhost:3978' });
    expect({
      status,
      stdout,
      names: stderr
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    }).toEqual({
      status: 1,
      stdout: '',
      names: ['MicrosoftAppId', 'PUBLIC_URL'],
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
