import type { Answer } from '../http.ts';

/** A refusal of the connector, in Teams' shape: `{"error":{"code","message"}}`. */
export class ConnectorError extends Error {
  override name = 'ConnectorError';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  get answer(): Answer {
    const { status, headers, code, message } = this;
    return { status, headers, body: { error: { code, message } } };
  }
}

/** 400: the caller has to fix something. */
export const badArgument = (message: string): ConnectorError => new ConnectorError(400, 'Bad Argument', message);

/** 429 with the whole seconds to wait. */
export function throttled(waitMs: number): ConnectorError {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)));
  return new ConnectorError(429, 'Throttled', 'API calls quota exceeded.', { 'Retry-After': seconds });
}
