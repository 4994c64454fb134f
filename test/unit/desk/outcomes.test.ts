import { karteOutcomes } from '../../../src/channels/karte/outcomes.ts';
import { lineOutcomes } from '../../../src/channels/line/outcomes.ts';
import { failureOf, type Seen, teamsOutcomes } from '../../../src/desk/outcomes.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');

/** What each answer means: the code's last part, whether nothing was sent for certain, whether the same call may work later. */
const both: [Seen, string, 'certain' | 'unknown', boolean][] = [
  [{ status: 301 }, 'unexpected', 'certain', false],
  [{ status: 400 }, 'badRequest', 'certain', false],
  [{ status: 401 }, 'unauthorized', 'certain', false],
  [{ status: 403 }, 'forbidden', 'certain', false],
  [{ status: 405 }, 'badRequest', 'certain', false],
  [{ status: 408 }, 'timeout', 'unknown', false],
  [{ status: 411 }, 'badRequest', 'certain', false],
  [{ status: 412 }, 'busy', 'certain', true],
  [{ status: 413 }, 'tooLarge', 'certain', false],
  [{ status: 429 }, 'throttled', 'certain', true],
  [{ status: 500 }, 'unavailable', 'unknown', false],
  [{ status: 502 }, 'unavailable', 'unknown', false],
  [{ status: 503 }, 'unavailable', 'unknown', false],
  [{ status: 504 }, 'unavailable', 'unknown', false],
  [{ socket: 'ECONNREFUSED' }, 'unreachable', 'certain', true],
  [{ socket: 'ENOTFOUND' }, 'unreachable', 'certain', true],
  [{ socket: 'EAI_AGAIN' }, 'unreachable', 'certain', true],
  [{ socket: 'UND_ERR_CONNECT_TIMEOUT' }, 'unreachable', 'certain', true],
  [{ socket: 'TimeoutError' }, 'timeout', 'unknown', false],
  [{ socket: 'ECONNRESET' }, 'interrupted', 'unknown', false],
  [{ socket: 'UND_ERR_SOCKET' }, 'interrupted', 'unknown', false],
  [{ socket: '' }, 'interrupted', 'unknown', false],
];

const teamsOnly: typeof both = [
  [{ status: 404 }, 'threadGone', 'certain', false],
  [{ status: 403, errorCode: 'BotNotInConversationRoster' }, 'notInRoster', 'certain', false],
  [{ status: 403, errorCode: 'BotDisabledByAdmin' }, 'disabled', 'certain', false],
  [{ status: 403, errorCode: 'MessageWritesBlocked' }, 'blocked', 'certain', false],
  [{ status: 403, errorCode: 'ConversationBlockedByUser' }, 'blocked', 'certain', false],
  [{ status: 404, errorCode: 'ConversationNotFound' }, 'threadGone', 'certain', false],
  [{ status: 404, errorCode: 'ActivityNotFoundInConversation' }, 'threadGone', 'certain', false],
  // A name of certainty on an answer that is none: the status counts.
  [{ status: 500, errorCode: 'ConversationNotFound' }, 'unavailable', 'unknown', false],
  [{ socket: 'TokenUnavailable' }, 'noToken', 'certain', true],
];

const lineOnly: typeof both = [
  [{ status: 404 }, 'notFound', 'certain', false],
  [{ status: 410 }, 'gone', 'certain', false],
  [{ status: 429, errorCode: 'MonthlyLimit' }, 'monthlyLimit', 'certain', false],
  [{ status: 400, errorCode: 'CannotReceive' }, 'cannotReceive', 'certain', false],
  [{ status: 403, errorCode: 'NotAvailable' }, 'notAvailable', 'certain', false],
  [{ socket: 'TokenUnavailable' }, 'noToken', 'certain', true],
];

const tables = [teamsOutcomes, karteOutcomes, lineOutcomes];

const cases = [
  ...tables.flatMap((table) => both.map((each) => [table.side, ...each, table] as const)),
  ...teamsOnly.map((each) => ['teams', ...each, teamsOutcomes] as const),
  ...lineOnly.map((each) => ['line', ...each, lineOutcomes] as const),
  ['karte', { status: 404 }, 'notFound', 'certain', false, karteOutcomes] as const,
];

test.each(cases)('%s answering %j is %s: %s', (side, seen, code, certainty, transient, table) => {
  expect(failureOf(table, seen, NOW)).toMatchObject(
    certainty === 'certain'
      ? { kind: 'refused', code: `${side}.${code}`, transient }
      : { kind: 'unknown', code: `${side}.${code}` },
  );
});

test('every row of the table is met by one of these cases', () => {
  const met = new Set(cases.map(([, seen, , , , table]) => failureOf(table, seen, NOW).code));
  const all = tables.flatMap(({ side, rows }) => rows.map(({ code }) => `${side}.${code}`));
  expect(all.filter((code) => !met.has(code))).toEqual([]);
});

test.each([
  ['seconds', '7', 7_000],
  ['no time', '0', 0],
  ['a date', 'Mon, 05 Jan 2026 09:00:30 GMT', 30_000],
  ['a date that is over', 'Mon, 05 Jan 2026 08:00:00 GMT', 0],
  ['nonsense', 'soon', undefined],
  ['nothing', null, undefined],
])('Retry-After may be %s', (_name, retryAfter, ms) => {
  expect(failureOf(teamsOutcomes, { status: 429, retryAfter }, NOW)).toMatchObject({ kind: 'refused', retryAfter: ms });
});

test('a wish to wait means nothing where the same call can’t work later', () => {
  expect(failureOf(karteOutcomes, { status: 400, retryAfter: '5' }, NOW)).toMatchObject({ retryAfter: undefined });
});

test('what is said for people goes along', () => {
  expect(failureOf(karteOutcomes, { status: 403, detail: 'talk.message.get' }, NOW).detail).toBe('talk.message.get');
});
