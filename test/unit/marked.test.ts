import { isAboutReplying } from '../../dialogs/aboutReplying.ts';
import { marksIn } from '../../dialogs/marked.ts';

describe('what is marked for the customer', () => {
  test.each([
    ['```a```', 'a', ''],
    ['x ```a``` y ```b``` z', 'a\nb', 'xyz'],
    ['````a````', 'a', ''],
    ['``````a``````', 'a', ''],
    ['```\na\nb\n```', 'a\nb', ''],
  ])('is clear in %j', (text, marked, outside) =>
    expect(marksIn({ text })).toEqual({ kind: 'marked', text: marked, outside }),
  );

  test.each(['', 'a', '`a`', '``a``', '``` ```', '```\n```'])('is nothing in %j', (text) =>
    expect(marksIn({ text })).toEqual({ kind: 'none' }),
  );

  test.each(['```', '```a', 'a```', 'a ``` b', '```a```b```c', '``````'])('is not clear in %j', (text) =>
    expect(marksIn({ text })).toEqual({ kind: 'unclear' }),
  );

  test('is a block of code, also one in which back-ticks stand, and not clear beside other marks', () => {
    expect(marksIn({ text: 'x a', code: 'a' })).toMatchObject({ kind: 'marked', text: 'a' });
    expect(marksIn({ text: 'x ```a', code: '```a' })).toMatchObject({ kind: 'marked', text: '```a' });
    expect(marksIn({ text: '```x``` a', code: 'a' })).toEqual({ kind: 'unclear' });
  });
});

describe('words behind “reply”', () => {
  test.each([
    'is late, sorry',
    'needed from Tanaka?',
    'to him tomorrow',
    'all の件、社内で',
    'isn’t sent yet',
    'pending',
    '待ちです',
    'の件は部長に聞いて',
    'が遅れています',
    'ください',
    'お願いします',
    '済み',
    'は不要です',
    '下書きを見てください',
  ])('that go on from it as talk: %j', (text) => expect(isAboutReplying(text)).toBe(true));

  test.each([
    'Thank you for waiting.',
    'To return it, use the label in the box.',
    'Is it the blue one?',
    'All items have shipped.',
    'istanbul is where it ships from',
    'we are on it',
    'your parcel is on its way',
    'no problem at all',
    'お待たせしました。',
    'はい、承知しました。',
    'もう少々お待ちください。',
    'のちほどご連絡します。',
    'では、手配いたします。',
    'がんばります！',
    '田中と申します。',
    '遅くなり申し訳ございません。',
    '後ほどご連絡します。',
    '来週お届けします。',
    '案内をお送りします。',
    '済みません。',
    '不要です。',
    'はじめまして。',
    'できかねます。',
    '```お待たせしました。```',
    '',
  ])('that begin an answer: %j', (text) => expect(isAboutReplying(text)).toBe(false));
});
