import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** One import or re-export: `from` and `to` as paths below the project (`to` a package's name where it is one). */
export interface Import {
  from: string;
  to: string;
  /** Only types come along: nothing of it is left at run time. */
  typesOnly: boolean;
}

/** The project's files below a folder, of these kinds. */
export function filesIn(folder: string, kinds: RegExp = /\.ts$/): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && kinds.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

export function sourceOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The code of a file without its comments and without what its texts say. */
export function codeOf(file: string): string {
  return sourceOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

/** Everything that a file imports, also in `export … from`, `import('…')` and types written as `import('…').X`. */
export function importsOf(file: string): Import[] {
  const source = sourceOf(file).replace(/\/\*[\s\S]*?\*\//g, '');
  const found: Import[] = [];
  const statement = /^\s*(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?['"]([^'"]+)['"]/gm;
  for (const [, type, names = '', to = ''] of source.matchAll(statement))
    found.push({ from: file, to: targetOf(file, to), typesOnly: type !== undefined || areTypes(names) });
  for (const [, to = ''] of source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ from: file, to: targetOf(file, to), typesOnly: false });
  return found;
}

/** `{ type A, type B }` */
function areTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const all = inner?.split(',').flatMap((name) => name.trim() || []) ?? [];
  return all.length > 0 && all.every((name) => name.startsWith('type '));
}

function targetOf(file: string, to: string): string {
  return to.startsWith('.') ? join(dirname(file), to).replaceAll('\\', '/') : to;
}
