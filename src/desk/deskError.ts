/**
 * The one error class of the domain. `code` is listed in docs/errors.md and is also the key of its sentence in src/text;
 * `values` fill that sentence. Branch on `code`, never on the message.
 */
export class DeskError extends Error {
  readonly code: string;
  readonly values: Record<string, string>;

  constructor(code: string, values: Record<string, string> = {}, cause?: unknown) {
    super(code, { cause });
    this.name = 'DeskError';
    this.code = code;
    this.values = values;
  }
}
