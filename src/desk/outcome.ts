/**
 * How an attempt to deliver ended. `refused` is certain: nothing was sent. `unknown`: it may have been sent.
 * `transient` says that the same call may succeed later; `retryAfter` (ms) is the other side's own wish; `holds` that nothing can be
 * posted into this Teams channel until somebody mends it, so that all of its messages wait rather than fail one by one.
 * `code` is one of the codes in docs/errors.md; `detail` is for people (a scope's name), never a secret or content.
 */
export type Outcome =
  | { kind: 'delivered'; ref?: string }
  | { kind: 'refused'; code: string; transient: boolean; retryAfter?: number; holds?: boolean; detail?: string }
  | { kind: 'unknown'; code: string; detail?: string };

export type Failure = Exclude<Outcome, { kind: 'delivered' }>;
