import type { SentenceKey } from '../src/text/text.ts';

/** A command that is not carried out. `code` is the key of the sentence that says why, `values` fill it; like the desk's own errors. */
export class Refusal extends Error {
  readonly code: SentenceKey;
  readonly values: Record<string, string>;

  constructor(code: SentenceKey, values: Record<string, string> = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.values = values;
  }
}
