import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, normalize } from 'node:path';
import type { Answer } from './http.ts';
import { segmentsOf } from './http.ts';

const modules = join(import.meta.dirname, '..', 'node_modules');
/** First path segment -> folder, with the endings that may leave it. */
const folders = {
  adaptivecards: { root: join(modules, 'adaptivecards', 'dist'), files: /^adaptivecards\.min\.js$/ },
  'noto-sans-jp': {
    root: join(modules, '@fontsource-variable', 'noto-sans-jp'),
    files: /^(index\.css|wght\.css|files\/[\w-]+\.woff2)$/,
  },
  page: { root: join(import.meta.dirname, 'page'), files: /^[\w./-]+\.(html|css|ts|js|svg|png|ico|webmanifest)$/ },
};
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https: http://127.0.0.1:* http://localhost:*";
const stripped = new Map<string, { source: string; script: string }>();

/**
 * A file of the simulator's page: `/`, its own files (TypeScript goes out as JavaScript), and below `/vendor/` the
 * card renderer (`adaptivecards.min.js`) and the font (`index.css`, `wght.css`, `files/*.woff2`). 404 for anything else.
 */
export async function pageFile(path: string): Promise<Answer> {
  const segments = segmentsOf(path);
  const found = segments && locate(segments);
  if (!found) return notFound;
  let content: Buffer;
  try {
    content = await readFile(found);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return notFound;
    throw error;
  }
  const ending = extname(found);
  const body = ending === '.ts' ? asJavaScript(found, content.toString('utf8')) : content;
  const cache = ending === '.woff2' ? 'max-age=86400' : 'no-cache';
  const headers = { 'Content-Type': types[ending] ?? 'application/octet-stream', 'Cache-Control': cache };
  return { status: 200, headers: { ...headers, ...guards }, body };
}

const guards = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
const notFound: Answer = { status: 404, headers: guards, body: { error: 'There is no such page.' } };

function locate(segments: string[]): string | undefined {
  const { folder, file } = choose(segments);
  const path = normalize(file);
  const inside = path === file && !/(^|\/)\./.test(file);
  return inside && folder.files.test(file) ? join(folder.root, file) : undefined;
}

function choose(segments: string[]) {
  if (segments.length === 0) return { folder: folders.page, file: 'index.html' };
  if (segments[0] !== 'vendor') return { folder: folders.page, file: segments.join('/') };
  const file = segments.slice(1).join('/');
  return { folder: file.endsWith('.js') ? folders.adaptivecards : folders['noto-sans-jp'], file };
}

function asJavaScript(path: string, source: string): string {
  const known = stripped.get(path);
  if (known?.source === source) return known.script;
  const script = stripTypeScriptTypes(source);
  stripped.set(path, { source, script });
  return script;
}
