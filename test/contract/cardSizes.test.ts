import { assignForm } from '../../cards/assign.ts';
import { cannedListCard, cannedSentCard, draftCard } from '../../cards/canned.ts';
import type { Card } from '../../cards/card.ts';
import { historyCards } from '../../cards/history.ts';
import { noteForm } from '../../cards/note.ts';
import { overviewCard, views } from '../../cards/overview.ts';
import { settingsForm } from '../../cards/settings.ts';
import { settingFields } from '../../dialogs/forms/settingsFields.ts';
import type { Message } from '../../src/desk/message.ts';
import type { DeskSettings } from '../../src/desk/settings.ts';
import { speaker } from '../../src/text/text.ts';
import { validateCard } from './schemas.ts';

/** What Teams takes in one message (bytes in UTF-16); our own aim is 25 KB, which the validator checks. */
const TEAMS_LIMIT = 100 * 1024;

const desk: DeskSettings = {
  id: '19:team@thread.tacv2',
  tenantId: 't',
  serviceUrl: 'https://service.example.test/',
  botId: '28:bot',
  botName: 'KARTE',
  admins: [],
  rooms: [],
  createdAt: 0,
};
const PERSON = { id: 'person', name: '山田 花子 <&>', teamsId: '29:person' };
const message = (text: string): Message => ({ author: { kind: 'endUser' }, parts: [{ kind: 'text', text }], at: 0 });

function expectFits(card: Card): void {
  expect(validateCard(card)).toEqual([]);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

test.each(['長', '\u0000'])(
  'fifty earlier messages of the longest text (%j) fit, and say that they were cut',
  (sign) => {
    const messages = Array.from({ length: 50 }, () => ({
      message: message(sign.repeat(10_000)),
      name: sign.repeat(300),
    }));
    const cards = historyCards({ messages, consoleUrl: 'https://admin.karte.io/x' }, speaker('ja'));
    expect(cards).toHaveLength(3);
    for (const { card } of cards) {
      const lines = validateCard(card);
      // Signs that JSON writes as six characters are the sender's own doing; Teams takes the card all the same.
      expect(sign === '長' ? lines : lines.filter((line) => !/^\/: has \d+ bytes/.test(line))).toEqual([]);
      expect(JSON.stringify(card).length * 2).toBeLessThan(TEAMS_LIMIT);
    }
    const cut = cards.flatMap(({ card }) => stringsIn(card)).filter((text) => text.includes('続きは KARTE'));
    expect(cut).toHaveLength(50);
  },
);

test('a look over the desk fits with the longest names, ids and links', () => {
  const long: DeskSettings = { ...desk, tenantId: crypto.randomUUID(), aadGroupId: crypto.randomUUID() };
  const room = `19:${'x'.repeat(80)}@thread.tacv2`;
  const rows = Array.from({ length: 200 }, (_, n) => ({
    conversation: {
      id: `c${n}`,
      deskId: desk.id,
      connectionId: 'k',
      endUser: { key: '長い名前'.repeat(100), userId: '長い名前'.repeat(100) },
      room,
      thread: { id: `${room};messageid=1700000000${n}`, rootId: `1700000000${n}` },
      status: 'open' as const,
      unansweredSince: n % 2 ? n : undefined,
      createdAt: 0,
    },
    assigneeName: '担当者'.repeat(100),
    since: n,
  }));
  const counts = { open: 5_000, waiting: 5_000, unanswered: 9_999, unassigned: 9_999, undelivered: 500, more: true };
  for (const speak of [speaker('ja'), speaker('en')])
    for (const view of views) expectFits(overviewCard(long, { ...counts, rows }, view, 2, speak).card);
});

test('the forms behind the root card fit with the longest values', () => {
  const links = Array.from({ length: 300 }, (_, n) => ({
    id: `person-${n}`,
    deskId: desk.id,
    person: { id: crypto.randomUUID(), name: '担当者'.repeat(50) },
    operatorId: `op-${n}`,
    operatorName: 'オペレーター'.repeat(50),
    linkedAt: 0,
  }));
  for (const speak of [speaker('ja'), speaker('en')]) {
    expectFits(assignForm(links, { current: 'person-3', some: true }, speak, speak('assign.required')));
    expectFits(noteForm(speak, speak('note.tooLong', { most: 2_000 }), 'あ'.repeat(2_000)));
  }
});

test.each(['長', '"', '\u0000'])(
  'the longest settings of %j that can be sent come back in the form, in 25 KB',
  (sign) => {
    for (const speak of [speaker('ja'), speaker('en')]) {
      const people = Array.from({ length: 30 }, (_, at) => ({
        id: crypto.randomUUID(),
        name: `${at} ${'名'.repeat(200)}`,
      }));
      const known = { people, isMember: async () => true };
      const inputs = settingFields.map((field) => field.input(sign.repeat(1_000), speak, known));
      const problems = settingFields.map(() => speak('settings.wrongZone', { zone: sign.repeat(60) }));
      const form = settingsForm(inputs, speak, problems);
      const lines = validateCard(form);
      expect(sign === '\u0000' ? lines.filter((line) => !/^\/: has \d+ bytes/.test(line)) : lines).toEqual([]);
      expect(JSON.stringify(form).length * 2).toBeLessThan(TEAMS_LIMIT);
    }
  },
);

test('the longest canned replies fit', () => {
  const speak = speaker('ja');
  const text = '"'.repeat(2_000);
  const one = { id: 'x'.repeat(32), deskId: desk.id, name: '礼'.repeat(30), text, by: PERSON, createdAt: 0 };
  const blanks = Array.from({ length: 10 }, (_, at) => ({ key: `${at}`, label: '欄'.repeat(40) }));
  const draft = { reply: one, text, known: {}, blanks, mark: 'm'.repeat(32) };
  const values = blanks.map(() => '値'.repeat(200));
  const typed = 't'.repeat(32);
  expectFits(
    draftCard(draft, { said: '1'.repeat(13), typed, problem: speak('cannedCard.fillIn'), values }, speak).card,
  );
  expectFits(
    cannedListCard(
      Array.from({ length: 200 }, () => one),
      5,
      true,
      speak,
    ).card,
  );
  expectFits(cannedSentCard(one.name, PERSON.name, text, speak).card);
});
