/** The simulator's control API, as `../state.ts` describes it. Paths are relative to the page. */

/** The simulator said no: `message` is its sentence, `status` its HTTP status (0 = not reached). */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method, cache: 'no-store' };
  if (body !== undefined) {
    request.headers = { 'Content-Type': 'application/json' };
    request.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(`api/${path}`, request);
  } catch (cause) {
    throw new ApiError(0, cause instanceof Error ? cause.message : String(cause));
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw new ApiError(response.status, errorText(answer) ?? `HTTP ${response.status}`);
  return answer as T;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

function errorText(answer: unknown): string | undefined {
  const error = (answer as { error?: unknown } | undefined)?.error;
  return typeof error === 'string' ? error : undefined;
}

export const get = <T>(path: string): Promise<T> => call('GET', path);
export const post = <T>(path: string, body: unknown): Promise<T> => call('POST', path, body);
export const remove = <T>(path: string): Promise<T> => call('DELETE', path);

/** One part of a path: ids hold `:` and `;`. */
export const part = (id: string): string => encodeURIComponent(id);
