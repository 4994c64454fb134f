import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, startChild } from './child.ts';

/** One pixel. */
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

const PROJECT = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');

/** Imports that run when the module is loaded: types are erased, `import()` waits for its moment. */
const STATIC = /^(?:import|export)(?!\s+type\b)[^;]*?from '([^']+)'|^import '([^']+)'/gm;
const DYNAMIC = /\bimport\('([^']+)'\)/g;

/** Every file that the product loads, at its start or later, and every package it asks for; `beside`: what of the project it may load and does not hold. */
function loadedFrom(entry: string): { files: string[]; packages: string[]; beside: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const beside = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const source = read(file);
    for (const [, from, bare] of source.matchAll(STATIC)) follow(file, from ?? bare ?? '');
    for (const [, name = ''] of source.matchAll(DYNAMIC)) {
      const local = path.join(path.dirname(file), name);
      if (name.startsWith('.') && local.startsWith('simulator/')) beside.add(local);
      else follow(file, name);
    }
  };
  const follow = (file: string, name: string): void => {
    if (name.startsWith('.')) visit(path.join(path.dirname(file), name));
    else if (!name.startsWith('node:')) packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  };
  visit(entry);
  return { files: [...files], packages: [...packages], beside: [...beside] };
}

describe('the production image', () => {
  const { files, packages, beside } = loadedFrom('src/index.ts');
  const folders = [...new Set(files.map((file) => file.split('/')[0] ?? ''))].toSorted();
  const dockerfile = read('Dockerfile');
  const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
  const [building = '', final = ''] = stages;
  const copiedInto = (stage: string) =>
    [...stage.matchAll(/^COPY (?!--from)(.+) \.\/\S*$/gm)].flatMap(([, names = '']) => names.split(' '));

  test('is built from the folders that the product loads, what builds it, and the lists of packages', () => {
    expect(folders).toEqual(['cards', 'dialogs', 'src']);
    const needed = [...folders, 'build.ts', 'package-lock.json', 'package.json'];
    expect(copiedInto(building).toSorted()).toEqual(needed.toSorted());
    const allowed = read('.dockerignore').match(/(?<=^!).+/gm) ?? [];
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    expect(allowed.toSorted()).toEqual(needed.toSorted());
    expect(allowed.filter((name) => !existsSync(path.join(PROJECT, name)))).toEqual([]);
  });

  test('holds what was built, and nothing else', () => {
    expect(stages).toHaveLength(2);
    expect(copiedInto(final)).toEqual([]);
    expect(final.match(/^COPY .*/gm)).toEqual(['COPY --from=build /app/dist ./dist']);
    expect(final).not.toMatch(/npm/);
  });

  test('needs no dev dependency when it runs', () => {
    const { dependencies } = JSON.parse(read('package.json'));
    expect(packages.length).toBeGreaterThan(5);
    expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
  });

  test('is never asked for the simulator: that is loaded in local mode only, which production refuses', () => {
    expect(beside).toEqual(['simulator/localMode.ts']);
    expect(read('src/index.ts')).toContain("config.local ? await import('../simulator/localMode.ts') : undefined");
    expect(final).toContain('ENV NODE_ENV=production');
  });

  test('runs Node itself, as a user without rights, and checks its health', () => {
    expect(final).toMatch(/^USER node$/m);
    expect(final).toMatch(/^CMD \["node", "dist\/index\.mjs"\]$/m);
    expect(final).toMatch(/^HEALTHCHECK [\s\S]*\/healthz/m);
    const owned = /chown node:node ([^\n]+)/.exec(final)?.[1]?.split(' ');
    expect(owned).toEqual(['data', 'node_modules/.cache']);
    expect(final.indexOf('chown node:node data')).toBeLessThan(final.indexOf('VOLUME /app/data'));
  });
});

describe('the built program', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-program-'));
  const program = path.join(folder, 'dist');
  let entry: string;

  beforeAll(() => {
    entry = build(program);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('refuses local mode without being told that it is in production', async () => {
    const child = startChild({}, ['NODE_ENV'], entry);
    expect(await child.ended).toBe(1);
    expect(child.errors).toMatch(/^MicrosoftAppId: /);
  });

  test('holds every package that it loads, the native ones beside it, and asks for the simulator in one place', () => {
    const texts = readdirSync(program)
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => readFileSync(path.join(program, name), 'utf8'));
    const from = texts.flatMap((text) =>
      [...text.matchAll(/(?:\bfrom ?|\bimport\()"([^"]+)"/g)].map(([, name = '']) => name),
    );
    const outside = from.filter((name) => !name.startsWith('./') && !isBuiltin(name));
    expect(from.length).toBeGreaterThan(outside.length);
    expect(outside.filter((name) => /^[@.]?[\w./-]+$/.test(name)).toSorted()).toEqual([
      '../simulator/localMode.ts',
      'sharp',
    ]);
    expect(existsSync(path.join(program, 'node_modules/sharp/package.json'))).toBe(true);
  });

  test('draws pictures with what lies beside it', () => {
    const draw = `import sharp from 'sharp';
      const { format, width } = await sharp(Buffer.from('${GIF}', 'base64')).jpeg().toBuffer().then((jpeg) => sharp(jpeg).metadata());
      console.log(format, width);`;
    writeFileSync(path.join(program, 'draw-test.mjs'), draw);
    const { stdout, stderr } = spawnSync(process.execPath, [path.join(program, 'draw-test.mjs')], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['jpeg 1\n', '']);
  });

  test('leaves nothing of an earlier build behind, and lets the package for Teams lie', () => {
    for (const name of ['old.mjs', 'old.mjs.LEGAL.txt', 'madoguchi-0.1.0.zip'])
      writeFileSync(path.join(program, name), '');
    build(program);
    expect(readdirSync(program).filter((name) => /old|zip/.test(name))).toEqual(['madoguchi-0.1.0.zip']);
  });
});
