import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

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
  const finalStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  test('holds the folders that the product loads, and no other', () => {
    const copied = [...finalStage.matchAll(/^COPY ([a-zA-Z]+) \.\/\1$/gm)].map(([, folder]) => folder);
    expect(folders).toEqual(['cards', 'dialogs', 'src']);
    expect(copied.toSorted()).toEqual(folders);
  });

  test('is built from nothing but these and the lists of packages', () => {
    const allowed = read('.dockerignore').match(/(?<=^!).+/gm) ?? [];
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    expect(allowed.toSorted()).toEqual([...folders, 'package-lock.json', 'package.json'].toSorted());
    expect(allowed.filter((name) => !existsSync(path.join(PROJECT, name)))).toEqual([]);
  });

  test('needs no dev dependency', () => {
    const { dependencies } = JSON.parse(read('package.json'));
    expect(packages.length).toBeGreaterThan(5);
    expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
  });

  test('is never asked for the simulator: that is loaded in local mode only, which production refuses', () => {
    expect(beside).toEqual(['simulator/localMode.ts']);
    expect(read('src/index.ts')).toContain("config.local ? await import('../simulator/localMode.ts') : undefined");
    expect(finalStage).toContain('ENV NODE_ENV=production');
  });

  test('runs Node itself, as a user without rights, and checks its health', () => {
    expect(finalStage).toMatch(/^USER node$/m);
    expect(finalStage).toMatch(/^CMD \["node", "src\/index\.ts"\]$/m);
    expect(finalStage).toMatch(/^HEALTHCHECK [\s\S]*\/healthz/m);
    expect(finalStage.indexOf('chown node:node data')).toBeLessThan(finalStage.indexOf('VOLUME /app/data'));
  });
});
