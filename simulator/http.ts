import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a route answers: a string body goes out as it is (HTML unless said otherwise), anything else as JSON, none = empty. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A request that was read to its end. */
export interface Request {
  method: string;
  /** Path below the side's prefix, still encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  raw: Buffer;
}

/** The body was longer than the route takes. */
export class TooLarge extends Error {
  override name = 'TooLarge';
}

/** Reads the whole body. Throws {@link TooLarge} past `limit` bytes. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Keep reading to the end, else the peer sees a reset in place of the answer.
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw new TooLarge(`The body is longer than ${limit} bytes.`);
  return Buffer.concat(chunks);
}

/** Sends an answer and ends the response. */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  const { status, headers = {}, body } = answer;
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const payload = body === undefined ? '' : isText ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'Content-Type': isText ? 'text/html; charset=UTF-8' : 'application/json' };
  response.writeHead(status, { ...type, 'Content-Length': String(Buffer.byteLength(payload)), ...headers });
  response.end(payload);
}

/** `/a/b%3Ac//d` -> `['a', 'b:c', 'd']`; undefined when a segment is not decodable. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
