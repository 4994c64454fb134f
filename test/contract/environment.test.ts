import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPackageSettings } from '../../appPackage/settings.ts';
import { ConfigError, readConfig } from '../../src/config.ts';
import { exampleNames, PROJECT, startChild } from './child.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const REGISTERED = {
  MicrosoftAppId: '11111111-2222-4333-8444-555555555555',
  MicrosoftAppPassword: 'test-bot-password',
  SECRETS_KEY: KEY,
};

/** The names that are looked up in an environment, whichever way it turns out. */
function namesRead(
  read: (env: Record<string, string | undefined>) => unknown,
  given: Record<string, string>,
): string[] {
  const names = new Set<string>();
  const env = new Proxy(given, {
    get: (target, name) => {
      names.add(String(name));
      return Reflect.get(target, name);
    },
  });
  try {
    read(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
  return [...names];
}

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

describe('.env.example', () => {
  test('names every setting that is read, and no other', () => {
    const read = new Set([
      ...namesRead(readConfig, {}),
      ...namesRead(readConfig, { ...REGISTERED, STORE: 'cosmos' }),
      ...namesRead(readConfig, { ...REGISTERED, STORE: 'sqlite' }),
      ...namesRead(readPackageSettings, {}),
    ]);
    expect([...exampleNames()].sort()).toEqual([...read].sort());
  });

  test('explains each in a line, in Japanese and English, and gives no value away', () => {
    const lines = readFileSync(path.join(PROJECT, '.env.example'), 'utf8').split('\n');
    for (const [at, line] of lines.entries()) {
      if (!/^[A-Za-z_]+=/.test(line)) continue;
      expect(line).toMatch(/=$/);
      expect(lines[at - 1]).toMatch(/^# .*[ぁ-ん一-龠].*\/ .*[a-z]{3}/);
    }
  });

  test('copied as it is, changes nothing', () => {
    const copied = Object.fromEntries(exampleNames().map((name) => [name, '']));
    expect(readConfig(copied)).toEqual(readConfig({}));
  });
});

describe('settings', () => {
  test('have the defaults of the design', () => {
    expect(readConfig({})).toMatchObject({
      port: 3978,
      publicUrl: 'http://localhost:3978',
      local: true,
      tenants: undefined,
      store: { kind: 'sqlite', path: './data/madoguchi.db' },
      locale: 'ja',
      retention: 90 * 24 * 60 * 60_000,
      karteApiUrl: undefined,
      lineApiUrl: undefined,
      lineDataApiUrl: undefined,
    });
    expect(readConfig({ PORT: '80' }).publicUrl).toBe('http://localhost:80');
    expect(readConfig(REGISTERED)).toMatchObject({
      local: false,
      karteApiUrl: 'https://api.karte.io',
      lineApiUrl: 'https://api.line.me',
      lineDataApiUrl: 'https://api-data.line.me',
    });
  });

  test('of a single-tenant bot let in its own tenant, else those on the list', () => {
    const single = { ...REGISTERED, MicrosoftAppType: 'SingleTenant', MicrosoftAppTenantId: 'AAA' };
    expect(readConfig(single).tenants).toEqual(new Set(['aaa']));
    expect(readConfig({ ...single, ALLOWED_TENANTS: ' bbb ,CCC,' }).tenants).toEqual(new Set(['bbb', 'ccc']));
    expect(readConfig(REGISTERED).tenants).toBeUndefined();
  });

  test('that are wrong are told one line each, by name and without their value', () => {
    const wrong = {
      PORT: '99999',
      PUBLIC_URL: 'ftp://files.example.test',
      LOCALE: 'fr',
      STORE: 'oracle',
      RETENTION_DAYS: '0',
      SEND_TIMEOUT_MS: '1.5',
      LOG_LEVEL: 'loud',
      SECRETS_KEY: 'test-secret-too-short',
      KARTE_API_URL: 'https://test-user:test-password@karte.example.test',
      KARTE_ADMIN_URL: 'somewhere',
      LINE_API_URL: 'line',
      LINE_DATA_API_URL: 'https://:test-password@files.example.test',
    };
    const problems = problemsOf(wrong);
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(Object.keys(wrong).sort());
    expect(problems.every((line) => !line.includes('\n'))).toBe(true);
    expect(problems.join('\n')).not.toMatch(/test-secret|test-password/);
  });

  test('of the bot are checked too', () => {
    const named = (env: Record<string, string>) => problemsOf(env).map((line) => line.split(':')[0]);
    expect(named({ MicrosoftAppId: 'x' })).toEqual(['SECRETS_KEY', 'MicrosoftAppPassword']);
    expect(named({ ...REGISTERED, MicrosoftAppType: 'SingleTenant' })).toEqual(['MicrosoftAppTenantId']);
    expect(named({ ...REGISTERED, MicrosoftAppType: 'Tenantless' })).toContain('MicrosoftAppType');
    expect(named({ ...REGISTERED, MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppTenantId: 't' })).toEqual([
      'MicrosoftAppPassword',
    ]);
    expect(named({ ...REGISTERED, ChannelService: 'https://elsewhere.example.test' })).toEqual(['ChannelService']);
    expect(named({ ...REGISTERED, OAuthUrl: 'nowhere', ValidateAuthority: 'perhaps' })).toEqual([
      'OAuthUrl',
      'ValidateAuthority',
    ]);
    expect(named({ ...REGISTERED, STORE: 'cosmos' })).toEqual(['COSMOS_ENDPOINT']);
    expect(named({ NODE_ENV: 'production' })).toEqual(['MicrosoftAppId']);
  });

  test.each([
    ['MicrosoftAppPassword', 'test-bot-password'],
    ['MicrosoftAppTenantId', 'aaa'],
    ['ALLOWED_TENANTS', 'aaa'],
  ])('with %s but without MicrosoftAppId are a slip, not local mode', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining('MicrosoftAppId')]);
  });

  test.each<Record<string, string>>([
    { ALLOWED_TENANTS: ' , ' },
    { PORT: '0x10' },
    { KARTE_API_URL: 'https://api.example.test/?x=1' },
    { KARTE_API_URL: 'https://api.example.test/#y' },
    { KARTE_API_URL: 'https://:test-pw@api.example.test' },
  ])('like %j are refused', (wrong) => {
    expect(problemsOf({ ...REGISTERED, ...wrong })).toHaveLength(1);
  });
});

describe('the process', () => {
  test('ends with exit code 1 and a line for every wrong setting', async () => {
    const child = startChild({ PORT: 'abc', LOCALE: 'fr', SECRETS_KEY: 'test-bad-key' });
    expect(await child.ended).toBe(1);
    expect(child.output).toBe('');
    expect(
      child.errors
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['PORT', 'SECRETS_KEY', 'LOCALE']);
    expect(child.errors).not.toContain('test-bad-key');
  });

  test('refuses to start in production without a bot registration', async () => {
    const child = startChild({ NODE_ENV: 'production' });
    expect(await child.ended).toBe(1);
    expect(child.errors).toMatch(/^MicrosoftAppId: .+\n$/);
  });

  test('says so in a line when the port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const child = startChild({ PORT: String(port) });
    expect(await child.ended).toBe(1);
    expect(child.errors).toMatch(/^PORT: .+\n$/);
    await new Promise((resolve) => taken.close(resolve));
  });

  test('says so in a line when the database can’t be opened', async () => {
    const child = startChild({ ...REGISTERED, SQLITE_PATH: tmpdir() });
    expect(await child.ended).toBe(1);
    expect(child.errors).toMatch(/^SQLITE_PATH: .+\n$/);
  });

  test('reads the .env file, which the real environment overrules', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-env-'));
    const file = path.join(folder, '.env');
    writeFileSync(file, 'KARTE_ADMIN_URL=from-the-file\nLOCALE=fr\nSOMETHING_ELSE=1\n');
    // What the environment holds as empty is set there too: these two must not be.
    const child = startChild({ ENV_FILE: file, LOCALE: 'en' }, ['KARTE_ADMIN_URL']);
    expect(await child.ended).toBe(1);
    expect(
      child.errors
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['KARTE_ADMIN_URL']);
    rmSync(folder, { recursive: true });
  });

  test('says so when the .env file that was named is not there', async () => {
    const child = startChild({ ENV_FILE: path.join(tmpdir(), 'madoguchi-no-such-file') });
    expect(await child.ended).toBe(1);
    expect(child.errors).toMatch(/^ENV_FILE: .+\n$/);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s', async (signal) => {
    const child = startChild();
    await child.listening;
    expect(await child.stop(signal)).toBe(0);
    expect(child.errors).toBe('');
  });
});
