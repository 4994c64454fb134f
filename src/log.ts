import { type Logger, pino } from 'pino';

/** Structured lines on standard output. Errors are told by name, code and stack; never with what they carry beside that. */
export function createLog(level: string): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: told } });
}

function told(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { name, code, message, stack, cause: cause instanceof Error ? told(cause) : undefined };
}
