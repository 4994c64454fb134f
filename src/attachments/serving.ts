import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isKnown, isShown, UNKNOWN } from './fileType.ts';
import type { Links } from './links.ts';
import type { Opened, Storage } from './storage.ts';

/** How long a browser may show a picture without asking again (s). */
const REMEMBERED = 24 * 60 * 60;

export interface ServingParts {
  links: Links;
  storage: Storage;
  now(): number;
}

/**
 * Shows a kept file to whoever has its link; gives the status. `undefined`, and nothing is sent: there is no such link, or no more, and whoever asked
 * learns nothing else. Rejects when the storage can't be reached, which only a genuine link can bring about.
 */
export async function serveFile(
  { links, storage, now }: ServingParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  const linked = links.read(request.url ?? '');
  const file = linked && (await storage.open(linked));
  if (!file) return undefined;
  const left = Math.floor(linked.until - now() / 1000);
  response.writeHead(200, { ...headersOf(file), 'cache-control': `private, max-age=${Math.min(left, REMEMBERED)}` });
  if (request.method === 'HEAD') {
    file.body.destroy();
    response.end();
  }
  // Who hangs up early has seen enough, and a file that breaks off ends the connection: both are known at the socket.
  else await pipeline(file.body, response).catch(() => response.destroy());
  return 200;
}

/** Only pictures are shown, all else is saved, and nothing that stands in a file can act from our address. */
function headersOf({ name, type, bytes }: Opened): Record<string, string> {
  const shown = isShown(type);
  const plain = name.replace(/[^\w.-]/g, '_');
  return {
    'content-type': isKnown(type) ? type : UNKNOWN,
    'content-length': String(bytes),
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded(name)}`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    // Teams draws cards on pages of its own.
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  };
}

/** RFC 8187 takes fewer signs as they are than `encodeURIComponent`. */
function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
