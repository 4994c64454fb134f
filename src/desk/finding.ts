/**
 * What an examination found about one thing that the desk needs. `about` and `reason` are keys of sentences; `detail` fills the reason (the
 * name of a scope), never a secret. `untested` is honest: it could not be found out, and the reason says what that would take.
 */
export interface Finding {
  about: string;
  state: 'ok' | 'missing' | 'untested';
  reason?: string;
  detail?: string;
}
