import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { helpCommands } from '../../cards/help.ts';
import { tables } from '../../docs/scaling.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const READMES = ['README.md', 'README.ja.md'];
const PAGES = [...READMES, ...list('docs', '.md')];

function read(file: string): string {
  return readFileSync(path.join(PROJECT, file), 'utf8');
}

/** Files below a folder by their ending, as paths from the project's root. */
function list(folder: string, ending: string): string[] {
  return readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));
}

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** What stands in code spans and in fenced blocks. */
function codeOf(markdown: string): string {
  return found(markdown, /(```[\s\S]*?```|`[^`\n]+`)/g).join('\n');
}

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(markdown: string): string[] {
  return found(markdown.replace(/```[\s\S]*?```/g, ''), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

const manifest: {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string>;
} = JSON.parse(read('package.json'));

/** Every environment variable that some program of the project reads. */
const environment = new Set([
  ...['src/config.ts', 'appPackage/settings.ts'].flatMap((file) => found(read(file), /'([A-Z]\w+|[A-Z][A-Z_]+)'/g)),
  ...[...list('test', '.ts'), ...list('src', '.ts')].flatMap((file) => found(read(file), /\benv\.([A-Z]\w+)/g)),
]);

describe.each(PAGES)('%s', (page) => {
  const markdown = read(page);

  test('links only to what is there', () => {
    const links = found(markdown, /\]\(([^)\s]+)\)/g).filter((link) => !/^https?:/.test(link));
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(PROJECT, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(decodeURIComponent(anchor));
    });
    expect(broken).toEqual([]);
  });

  test('names only files of the project that are there', () => {
    const named = found(
      codeOf(markdown),
      /`((?:src|cards|dialogs|appPackage|simulator|docs|test)\/[\w./-]+|\.env\.example|Dockerfile|package\.json)`/g,
    );
    expect(named.filter((file) => !existsSync(path.join(PROJECT, file)))).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const code = codeOf(markdown);
    const named = [...found(code, /npm run ([\w-]+)/g), ...found(code, /npm (start|test)\b/g)];
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  test('names only environment variables that something reads', () => {
    const code = codeOf(markdown);
    const named = [
      ...found(code, /(?:^|[\s`])([A-Z][A-Za-z]*(?:_[A-Z]+)*)=/gm),
      ...found(code, /`([A-Z]{4,}|[A-Z]+(?:_[A-Z]+)+)`/g),
      ...found(code, /`((?:Microsoft|ToBot|ToChannel)\w+)`/g),
    ].filter((name) => name !== 'KARTE' && name !== 'UNLICENSED' && !isSocketCode(name));
    expect(named.filter((name) => !environment.has(name))).toEqual([]);
  });

  test('names nothing of the machine it was written on', () => {
    expect(found(markdown, /((?:^|[\s(`])\/(?:home|root|tmp|work|Users)\/\S+)/gm)).toEqual([]);
  });
});

describe.each(READMES)('%s', (page) => {
  const markdown = read(page);

  test.each(helpCommands)('lists the command %s', (command) => {
    expect(found(markdown, /^\| `([^`]+)` \|/gm).some((row) => `${row} `.startsWith(`${command} `))).toBe(true);
  });

  test('lists no command that help does not know', () => {
    const rows = found(
      markdown.replace(/[\s\S]*?\n## (?:Commands|コマンド)\n/, '').replace(/\n## [\s\S]*/, ''),
      /^\| `([^`]+)` \|/gm,
    );
    const unknown = rows.filter((row) => !helpCommands.some((command) => `${row} `.startsWith(`${command} `)));
    expect(rows.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });

  test('gives the two commands that do everything, and .ci/run runs the second', () => {
    const blocks = found(markdown, /```sh\n([\s\S]*?)\n```/g);
    expect(blocks).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test']));
    expect(read('.ci/run').trimEnd().split('\n').at(-1)).toBe('npm ci && npm test');
  });
});

test('the two READMEs have the same sections, tables and pictures', () => {
  const outline = (page: string) => ({
    sections: found(read(page), /^(#+) /gm),
    rows: found(read(page), /^(\|)/gm).length,
    blocks: found(read(page), /^```(\w+)/gm),
    items: found(read(page), /^(-|\d\.) /gm),
  });
  expect(outline('README.ja.md')).toEqual(outline('README.md'));
});

describe('docs/dependencies.md', () => {
  const [head = '', developing = ''] = read('docs/dependencies.md').split('\n## For developing');
  const [dev = '', pins = ''] = developing.split('\n## What is pinned');
  const rows = (section: string) => found(section, /^\| `([^`]+)` \| \S/gm);

  test('has one line for each runtime dependency, and no other', () => {
    expect(rows(head).toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
  });

  test('has one line for each dev dependency, and no other', () => {
    expect(rows(dev).toSorted()).toEqual(Object.keys(manifest.devDependencies).toSorted());
  });

  test('tells the pinned versions as they are', () => {
    const versions: Record<string, string> = {
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.overrides,
    };
    const told = [...pins.matchAll(/`([@\w/-]+)` (\d+\.\d+\.\d+)/g)];
    expect(told.length).toBeGreaterThan(0);
    for (const [, name = '', version] of told) expect(`${name} ${versions[name]}`).toBe(`${name} ${version}`);
    for (const name of Object.keys(manifest.overrides)) expect(pins).toContain(`\`${name}\``);
  });

  test('is true where it says that versions are exact', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const loose = all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)).map(([name]) => name);
    expect(loose.filter((name) => !name.startsWith('@types/'))).toEqual(['node']);
  });
});

test('docs/scaling.md shows the tables that node docs/scaling.ts prints', async () => {
  const page = read('docs/scaling.md');
  for (const table of await tables()) expect(page).toContain(table);
});

/** docs/errors.md names the codes that sockets end with. */
function isSocketCode(name: string): boolean {
  return /^(E[A-Z]+|EAI_AGAIN|UND_ERR_\w+)$/.test(name);
}
