/** Why an `event` line cannot be written. `word` is the offending piece, at most 64 characters of it. */
export type EventProblem = {
  code: 'missingName' | 'badName' | 'badField' | 'notKeyValue' | 'repeatedField' | 'openQuote' | 'valueTooLong';
  word: string;
};

/** What stands after `event`. Nothing may be written while there is a problem. */
export type EventArguments = { eventName?: string; values: Record<string, string>; problem?: EventProblem };

/** Longer values are cut by KARTE; we refuse rather than lose the end. Characters (code points). https://support.karte.io/post/7leyGX8ReFdgukJBUtCWJP */
export const longestEventValue = 2048;

const namePattern = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
const closing: Record<string, string> = { '"': '"', "'": "'", '“': '”', '”': '”', '＂': '＂', '「': '」' };

/**
 * Reads `name key=value key="two words"`.
 *
 * Names are ASCII letters, digits, `_` and `$` and do not begin with a digit (full-width letters are made plain first).
 * Values stay strings exactly as typed, numbers too: `0120` and `1e3` are codes more often than quantities, and a guess cannot be
 * taken back once the event stands in KARTE. Inside quotes a backslash keeps the sign that follows it.
 */
export function readEventArguments(text: string): EventArguments {
  const line = text.trim();
  const name = /^\S*/u.exec(line)?.[0] ?? '';
  if (name === '') return { values: {}, problem: { code: 'missingName', word: '' } };
  const eventName = plain(name);
  if (!namePattern.test(eventName)) return { values: {}, problem: { code: 'badName', word: name.slice(0, 64) } };
  const values = new Map<string, string>();
  let problem: EventProblem | undefined;
  for (let at = skipSpace(line, name.length); at < line.length && problem === undefined; ) {
    const field = readField(line, at);
    at = skipSpace(line, field.end);
    problem = field.problem ?? (values.has(field.key) ? { code: 'repeatedField', word: field.key } : undefined);
    if (problem === undefined) values.set(field.key, field.value);
  }
  // fromEntries defines own properties, so that a field called __proto__ is only a field.
  return { eventName, values: Object.fromEntries(values), ...(problem && { problem }) };
}

function readField(line: string, start: number): { key: string; value: string; end: number; problem?: EventProblem } {
  const stop = endOfWord(line, start);
  const word = line.slice(start, stop);
  const sign = word.search(/[=＝]/u);
  const fail = (code: EventProblem['code']) => ({
    key: '',
    value: '',
    end: stop,
    problem: { code, word: word.slice(0, 64) },
  });
  if (sign < 1) return fail('notKeyValue');
  const key = plain(word.slice(0, sign));
  if (!namePattern.test(key) || key.length > longestEventValue) return fail('badField');
  const { value, end } = readValue(line, start + sign + 1, stop);
  if (value === undefined) return fail('openQuote');
  if ([...value].length > longestEventValue) return fail('valueTooLong');
  return { key, value, end };
}

function readValue(line: string, start: number, stop: number): { value?: string; end: number } {
  const close = closing[line.charAt(start)];
  if (close === undefined) return { value: line.slice(start, stop), end: stop };
  let value = '';
  for (let at = start + 1; at < line.length; at++) {
    const sign = line.charAt(at);
    if (sign === close) return { value, end: at + 1 };
    value += sign === '\\' ? line.charAt(++at) : sign;
  }
  return { end: line.length };
}

const plain = (word: string) => word.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');

function skipSpace(line: string, from: number): number {
  let at = from;
  while (at < line.length && /\s/u.test(line.charAt(at))) at++;
  return at;
}

function endOfWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && !/\s/u.test(line.charAt(at))) at++;
  return at;
}
