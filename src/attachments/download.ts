import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import type { Failure } from '../desk/outcome.ts';
import type { FetchedFile } from '../desk/ports.ts';
import { NOT_PUBLIC, publicLookup } from './addresses.ts';

/** The largest picture that is taken (bytes). */
export const LARGEST = 10 * 1024 * 1024;

export interface DownloadOptions {
  /** Names that may be asked, over https: a whole name, or `*.` and the end of one. */
  hosts: readonly string[];
  /** An address of this machine that may be asked as well, over http and by its exact origin: the simulator's, in local mode. */
  own?: string;
  bearer?: string;
  /** Nothing longer is read (bytes). */
  most: number;
  /** How long it may take in all (ms). */
  patience: number;
}

/** Connects to public addresses only. */
const outward = new Agent({ connect: { lookup: publicLookup } });

/**
 * Downloads a file from one of a few hosts: no redirect is followed, nothing that is too long is read, no address inside a network is connected
 * to. Never rejects. `picture.foreignHost` means that nobody was asked.
 */
export async function download(address: string, options: DownloadOptions): Promise<FetchedFile> {
  const { bearer, patience, own, most } = options;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !mayAsk(url, options)) return refused('picture.foreignHost');
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), patience);
  try {
    const { statusCode, headers, body } = await request(url, {
      headers: { accept: 'image/*', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
      signal: deadline.signal,
      dispatcher: url.origin === own ? undefined : outward,
    });
    const failure = failureOf(statusCode, Number(headers['content-length'] ?? 0) > most);
    if (failure) {
      body.on('error', () => undefined).destroy();
      return failure;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) return refused('picture.tooLarge');
      chunks.push(chunk);
    }
    return { kind: 'bytes', bytes: Buffer.concat(chunks, length) };
  } catch (error) {
    return isInside(error) ? refused('picture.foreignHost') : unavailable;
  } finally {
    clearTimeout(timer);
  }
}

/** An address by its number has no name to be on a list, and its certificate would say nothing about whose it is. */
function mayAsk({ protocol, hostname, port, username, password, origin }: URL, options: DownloadOptions): boolean {
  if (username || password) return false;
  if (origin === options.own) return true;
  const named = protocol === 'https:' && port === '' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  return named && options.hosts.some((host) => fits(hostname, host.toLowerCase()));
}

function fits(name: string, host: string): boolean {
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
}

function failureOf(status: number, tooLarge: boolean): Failure | undefined {
  if (status === 404 || status === 410) return refused('picture.gone');
  if (status === 401 || status === 403) return refused('picture.notAllowed');
  // Somebody else's address may be asked for somebody else's reasons: whoever redirects has nothing for us.
  if (status >= 300 && status < 400) return refused('picture.foreignHost');
  if (status !== 200) return unavailable;
  return tooLarge ? refused('picture.tooLarge') : undefined;
}

/** undici wraps what a look-up says, once or in a list. */
function isInside(error: unknown): boolean {
  const { code, cause, errors = [] } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  return code === NOT_PUBLIC || (cause !== undefined && isInside(cause)) || errors.some(isInside);
}

function refused(code: string): Failure {
  return { kind: 'refused', code, transient: false };
}

const unavailable: Failure = { kind: 'refused', code: 'picture.unavailable', transient: true };
