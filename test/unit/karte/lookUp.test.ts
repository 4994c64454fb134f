import fc from 'fast-check';
import { holdsNewest, isWhole, readLookUp, SHORTER } from '../../../src/channels/karte/lookUp.ts';
import type { Sought } from '../../../src/desk/ports.ts';

const SENT_AT = Date.parse('2026-05-01T03:00:00Z');
const WORDS = '在庫は　3 点 ございます。\nお待ちください';
const MOST = 50;

function sought(changes: Partial<Sought & { senderId: string }> = {}, text = WORDS) {
  const author = { kind: 'operator' } as const;
  const message = { author, parts: [{ kind: 'text' as const, text }], at: SENT_AT };
  return { message, senderId: 'operator-1', since: SENT_AT, others: [], heardBefore: [], ...changes };
}

/** A message as samples show it, so long after the send (ms). */
function said(text: unknown, by: unknown = null, after = 1_000) {
  return { date: new Date(SENT_AT + after).toISOString(), account_id: by, visitor_id: 'vis', content: { text } };
}

const EARLIER = said('earlier', null, -3_600_000);
const look = (messages: unknown[], changes = {}) => readLookUp({ messages }, sought(changes), MOST);

test('what stands there under the name of its sender is found', () => {
  expect(look([said(WORDS, 'operator-1')])).toBe('found');
  expect(look([said('hello'), said(WORDS, 'operator-1', -50_000), EARLIER])).toBe('found');
  expect(look([said(WORDS, 7)], { senderId: '7' })).toBe('found');
});

test('what does not stand in a list that reaches back is absent', () => {
  expect(look([said('something else', 'operator-2'), EARLIER])).toBe('absent');
  expect(look([said('a short talk')])).toBe('absent');
  expect(look([])).toBe('absent');
});

test('a lively list reaches back when it holds what the user said before the reply', () => {
  const lively = Array.from({ length: 20 }, (_, at) => said('much', null, -30_000 + at));
  const known = Date.parse(lively[3]?.date ?? '');
  expect(look(lively, { heardBefore: [known] })).toBe('absent');
  expect(look(lively, { heardBefore: [known + 0.5, SENT_AT - 40_000] })).toBe('cannotTell');
  const byAnother = lively.map((message, at) => (at === 3 ? { ...message, account_id: 'operator-2' } : message));
  expect(look(byAnother, { heardBefore: [known] })).toBe('cannotTell');
});

test('the same words of an earlier time are something else', () => {
  expect(look([said(WORDS, 'operator-1', -3_600_000)])).toBe('absent');
});

test.each<[string, unknown[], object?]>([
  ['the words stand under another name', [said(WORDS, 'operator-2'), EARLIER]],
  ['the words stand under no name', [said(WORDS), EARLIER]],
  ['the words stand in another field', [{ ...said(null), content: { text: null, html: WORDS } }, EARLIER]],
  ['the words stand beside the content', [{ ...said(undefined), body: { ja: [WORDS] } }, EARLIER]],
  ['the sender said something that nobody knows', [said('?', 'operator-1'), EARLIER]],
  ['the sender said something without a text', [said(null, 'operator-1'), EARLIER]],
  ['another reply reads alike', [said(WORDS, 'operator-1'), EARLIER], { others: [WORDS.normalize('NFKC')] }],
  ['another reply reads alike and nothing stands there', [EARLIER], { others: [`${WORDS} `] }],
  ['a date has no zone', [said('x'), { ...EARLIER, date: '2026-05-01 02:00:00' }]],
  ['a date is none', [said('x'), { ...EARLIER, date: 'yesterdayZ' }]],
  ['a long list does not reach back', Array.from({ length: 20 }, () => said('much'))],
  ['a full list does not reach back', Array.from({ length: MOST }, () => said('much'))],
  ['a full list holds only what is old', Array.from({ length: MOST }, () => EARLIER)],
  ['a list that may have been cut holds only what is old', Array.from({ length: 20 }, () => EARLIER)],
  ['there is no list', []],
])('it can not be told when %s', (name, messages, changes = {}) => {
  const body = name === 'there is no list' ? { messages: null } : { messages };
  expect(readLookUp(body, sought(changes), MOST)).toBe('cannotTell');
});

test.each([
  ['ahead', 120_000],
  ['behind', -120_000],
])('it can not be told while our clock is %s of KARTE’s by more than they may differ', (_name, ahead) => {
  // Our claim is dated by our clock, the message by KARTE's.
  const sent = [said(WORDS, 'operator-1', -ahead), said('いつですか', null, -ahead - 30_000)];
  expect(look(sent, { ahead })).toBe('cannotTell');
  expect(look(sent.slice(1), { ahead })).toBe('cannotTell');
  expect(look([said(WORDS, 'operator-1', -59_000)], { ahead: 59_000 })).toBe('found');
  expect(look([EARLIER], { ahead: 59_000 })).toBe('absent');
});

describe('whether a list holds the newest messages', () => {
  const talk = Array.from({ length: 51 }, (_, at) => said(`message ${at}`, at % 2 ? 'operator-2' : null, at * 1_000));
  const list = (messages: unknown[]) => ({ messages });

  test('is shown by a shorter one that lacks the oldest', () => {
    for (const length of [10, 49, 50]) {
      const whole = talk.slice(0, length);
      expect(holdsNewest(list(whole), list(whole.slice(-SHORTER).toReversed()))).toBe(true);
    }
    expect(holdsNewest(list(talk.slice(-50)), list(talk.slice(-SHORTER)))).toBe(true);
    // Somebody wrote in between.
    expect(holdsNewest(list(talk.slice(0, 50)), list(talk.slice(-SHORTER)))).toBe(true);
  });

  test('is not, when the shorter one lacks the newest, or nothing, or says nothing', () => {
    const oldest = talk.slice(0, 50);
    expect(holdsNewest(list(oldest), list(oldest.slice(0, SHORTER)))).toBe(false);
    expect(holdsNewest(list(oldest), list(oldest))).toBe(false);
    expect(holdsNewest(list(oldest), list([]))).toBe(false);
    expect(holdsNewest(list(oldest), {})).toBe(false);
  });

  test('needs no asking for a talk of a few messages', () => {
    expect(isWhole(list(talk.slice(0, 9)))).toBe(true);
    expect(isWhole(list(talk.slice(0, 10)))).toBe(false);
    expect(isWhole({})).toBe(false);
  });
});

test('what the sender is known to have said otherwise stands in nobody’s way', () => {
  expect(look([said('お待たせ しました', 'operator-1'), EARLIER], { others: ['お待たせしました'] })).toBe('absent');
});

test('a text of nothing visible can not be looked for', () => {
  expect(readLookUp({ messages: [EARLIER] }, sought({}, ' \u200b\n'), MOST)).toBe('cannotTell');
});

/** A text as a system may hand it back: other white space, none, or invisible signs in between. */
function changed(text: string, seed: readonly number[]): string {
  const spaces = ['', ' ', '\n', '\r\n', '\u3000', '\u00a0', '\u200b', ' \ufeff\t', '\u2060'];
  return [...text]
    .map((sign, at) => {
      const other = spaces[(seed[at % seed.length] ?? 0) % spaces.length] ?? '';
      return /\s/.test(sign) ? other : `${sign}${at % 3 === 0 ? other : ''}`;
    })
    .join('');
}

const seeds = fc.array(fc.nat(100), { minLength: 1, maxLength: 9 });
const crowd = fc.array(
  fc.record({
    text: fc.oneof(fc.string(), fc.constant(null)),
    by: fc.constantFrom(null, 'operator-1', 'operator-2', 3),
    after: fc.integer({ min: -7_200_000, max: 30_000 }),
  }),
  { maxLength: 60 },
);

test('it is never absent while its words stand there, under any name and with any white space', () => {
  const name = fc.oneof(fc.constantFrom(null, undefined, 'operator-1'), fc.string(), fc.integer());
  fc.assert(
    fc.property(crowd, seeds, name, fc.integer({ min: -59_000, max: 59_000 }), (others, seed, by, after) => {
      const messages = others.map((other) => said(other.text, other.by, other.after));
      messages.splice(seed[0] ?? 0, 0, said(changed(WORDS, seed), by, after));
      expect(look(messages)).toBe(by === 'operator-1' ? 'found' : 'cannotTell');
    }),
    { numRuns: 500 },
  );
});

test('it is never absent when the list does not reach back to the send', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 90 }), fc.integer({ min: 1, max: 60 }), (count, most) => {
      const messages = Array.from({ length: count }, (_, at) => said(`message ${at}`, 'operator-2', at));
      expect(readLookUp({ messages }, sought(), most)).toBe('cannotTell');
    }),
  );
});

test('no answer whatever makes it throw, and nothing but a list makes it sure', () => {
  const anything = fc.anything({ maxDepth: 4, withNullPrototype: true, withBigInt: true, withDate: true });
  const nearly = fc.record({
    messages: fc.array(
      fc.record(
        {
          date: fc.oneof(fc.constant(new Date(SENT_AT).toISOString()), fc.string(), fc.integer(), anything),
          account_id: fc.oneof(fc.string(), anything),
          content: fc.oneof(fc.record({ text: anything }), anything),
        },
        { requiredKeys: [] },
      ),
    ),
  });
  fc.assert(
    fc.property(fc.oneof(anything, nearly), (body) => {
      const found = readLookUp(body, sought(), MOST);
      expect(['absent', 'cannotTell']).toContain(found);
      const isList = Array.isArray((body as { messages?: unknown } | null | undefined)?.messages);
      expect(found === 'absent' && !isList).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
