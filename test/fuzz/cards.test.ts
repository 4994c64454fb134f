import fc from 'fast-check';
import { cannedListCard, cannedSentCard, draftCard } from '../../cards/canned.ts';
import { brief, type Card, wordsIn } from '../../cards/card.ts';
import { confirmCard } from '../../cards/confirm.ts';
import { connectOfferCard } from '../../cards/connect.ts';
import { failureCard, settledCard } from '../../cards/failure.ts';
import { helpCard } from '../../cards/help.ts';
import { historyCard } from '../../cards/history.ts';
import { messageCard } from '../../cards/message.ts';
import { noticeCard } from '../../cards/notice.ts';
import { rootCard } from '../../cards/root.ts';
import { settingsCard, settingsForm } from '../../cards/settings.ts';
import { settingFields } from '../../dialogs/forms/settingsFields.ts';
import type { Message } from '../../src/desk/message.ts';
import { LONGEST, piecesOf } from '../../src/desk/pieces.ts';
import { rulesOf } from '../../src/desk/rules.ts';
import type { DeskSettings } from '../../src/desk/settings.ts';
import { speaker } from '../../src/text/text.ts';
import { validateCard } from '../contract/schemas.ts';
import { SEED } from './mutations.ts';

/** What Teams takes in one message (bytes in UTF-16); our own aim for what people usually write is 25 KB. */
const TEAMS_LIMIT = 100 * 1024;
const RUNS = { seed: SEED, numRuns: 120 };

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '*太字* _斜体_ [リンク](https://evil.example.test) <at>KARTE</at> {{DATE(2026-01-01)}} $& \\n',
    '\u202e\u0000\ufeff\u2028',
    '\ud800',
    '<script>alert(1)</script>&lt;&amp;',
    '一行目\r\n二行目\n\n\t三行目  ',
    '{who} {bot} {detail}',
  ),
);
const words = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join('').slice(0, 700));
const name = words.map((text) => text.slice(0, 120));
const say = fc.constantFrom(speaker('ja'), speaker('en'));

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
const person = { id: 'person', name: '山田 花子 <&>', teamsId: '29:person' };
const message = (text: string, more: Partial<Message> = {}): Message => ({
  author: { kind: 'endUser' },
  parts: [{ kind: 'text', text }],
  at: 0,
  ...more,
});

/** All the words that are shown as they are, and only those. */
function runsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = type === 'TextRun' && typeof text === 'string' ? [text] : [];
  return [...own, ...Object.values(value).flatMap(runsIn)];
}

/** Everything that Teams would read as Markdown or macros. */
function markdownIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, facts } = value as { type?: unknown; text?: unknown; facts?: unknown };
  const own = type === 'TextBlock' ? [text] : type === 'FactSet' ? [JSON.stringify(facts)] : [];
  return [...own.filter((entry) => typeof entry === 'string'), ...Object.values(value).flatMap(markdownIn)];
}

function expectSound(card: Card): void {
  expect(validateCard(card)).toEqual([]);
}

/** No word of theirs stands where Teams would read it as more than text. */
function expectVerbatimOnly(card: Card, text: string): void {
  const telling = text.trim();
  if (telling.length < 8) return;
  for (const block of markdownIn(card)) expect(block).not.toContain(telling);
}

describe(`whatever people write (seed ${SEED})`, () => {
  test('a message stands in its card letter for letter', () => {
    fc.assert(
      fc.property(words, say, fc.boolean(), fc.boolean(), (text, speak, mention, repeat) => {
        const { card } = messageCard(
          { type: 'message', channel: 'karte', message: message(text), mention: mention ? person : undefined, repeat },
          speak,
        );
        expectSound(card);
        expectVerbatimOnly(card, text);
        expect(runsIn(card)).toEqual([text]);
      }),
      RUNS,
    );
  });

  test('a message from KARTE’s own screen carries its writer’s name the same way', () => {
    fc.assert(
      fc.property(words, name, say, (text, writer, speak) => {
        const author = { kind: 'operator' as const, id: 'op', name: writer };
        const { card } = messageCard({ type: 'message', channel: 'karte', message: message(text, { author }) }, speak);
        expectSound(card);
        expectVerbatimOnly(card, writer);
        expect(runsIn(card).at(-1)).toBe(text);
        expect(runsIn(card)[0]).toContain(writer);
      }),
      RUNS,
    );
  });

  const address = (...validSchemes: string[]) =>
    fc.webUrl({ validSchemes, withFragments: true, withQueryParameters: true });

  test('what stands beside the words opens only where its address is one over https', () => {
    const kind = fc.constantFrom('image' as const, 'file' as const, 'video' as const);
    fc.assert(
      fc.property(
        kind,
        address('http', 'https'),
        piece,
        fc.nat(),
        fc.boolean(),
        say,
        (of, url, name, bytes, ours, speak) => {
          const kept = ours && url.startsWith('https://');
          const part = of === 'image' ? { kind: of, url, name, kept } : { kind: of, url, name, bytes };
          const { card } = messageCard(
            { type: 'message', channel: 'karte', message: message('', { parts: [part] }) },
            speak,
          );
          expectSound(card);
          const opens = url.startsWith('https://');
          expect(card.actions).toEqual(opens ? [expect.objectContaining({ type: 'Action.OpenUrl', url })] : undefined);
          const images = card.body.filter((block) => (block as { type: string }).type === 'Image');
          expect(images).toEqual(of === 'image' && kept ? [expect.objectContaining({ url })] : []);
        },
      ),
      RUNS,
    );
  });

  test('of many pictures each is there, and no more buttons than Teams shows', () => {
    fc.assert(
      fc.property(fc.array(address('https'), { minLength: 2, maxLength: 10 }), say, (urls, speak) => {
        const parts = urls.map((url) => ({ kind: 'image' as const, url, kept: true }));
        const { card } = messageCard({ type: 'message', channel: 'karte', message: message('', { parts }) }, speak);
        expectSound(card);
        expect(card.body.filter((block) => (block as { type: string }).type === 'Image')).toHaveLength(urls.length);
        expect(card.actions).toHaveLength(Math.min(urls.length, 6));
        expect(new Set(card.actions?.map((action) => (action as { title: string }).title)).size).toBe(
          card.actions?.length,
        );
      }),
      RUNS,
    );
  });

  test('the longest texts are split into posts that Teams takes, and nothing is lost', () => {
    const long = fc
      .tuple(
        piece.filter((text) => text.length > 0),
        fc.integer({ min: LONGEST - 2, max: 3 * LONGEST }),
      )
      .map(([text, length]) => text.repeat(Math.ceil(length / text.length)).slice(0, length));
    fc.assert(
      fc.property(
        fc.oneof(long, fc.constantFrom('\u0000'.repeat(LONGEST), '"'.repeat(LONGEST), '😀'.repeat(LONGEST))),
        say,
        (text, speak) => {
          const posts = piecesOf(message(text));
          const cards = posts.map(
            (post) => messageCard({ type: 'message', channel: 'karte', message: post, mention: person }, speak).card,
          );
          expect(cards.flatMap((card) => runsIn(card)).join('')).toBe(text);
          for (const card of cards) {
            expect(JSON.stringify(card).length * 2).toBeLessThan(TEAMS_LIMIT);
            // Only our own, smaller measure may be passed here.
            expect(validateCard(card).filter((line) => !/^\/: has \d+ bytes/.test(line))).toEqual([]);
          }
        },
      ),
      { ...RUNS, numRuns: 40 },
    );
  });

  test('the root card shows who, from where and whose, and no more', () => {
    const endUser = fc.record({
      key: name,
      userId: fc.option(name, { nil: undefined }),
      name: fc.option(name, { nil: undefined }),
    });
    const assignee = fc.option(fc.record({ id: name, name: fc.option(name, { nil: undefined }) }), { nil: undefined });
    fc.assert(
      fc.property(
        endUser,
        assignee,
        fc.option(words, { nil: undefined }),
        say,
        fc.boolean(),
        (who, whose, pageUrl, speak, repeat) => {
          const conversation = {
            id: 'c',
            deskId: desk.id,
            connectionId: 'k',
            endUser: who,
            room: desk.id,
            status: 'open' as const,
            assignee: whose,
            pageUrl,
            createdAt: 0,
            unansweredSince: repeat ? 0 : undefined,
          };
          const last = message(`${pageUrl ?? ''}*${who.key}*`);
          const { card } = rootCard(
            { desk, conversation, channel: 'karte', consoleUrl: 'https://admin.karte.io/x', hasHistory: true, last },
            speak,
            repeat,
          );
          expectSound(card);
          for (const text of [
            who.name ?? who.userId ?? who.key,
            whose?.name ?? '',
            pageUrl ?? '',
            brief(wordsIn(last), 200),
          ])
            expectVerbatimOnly(card, text);
        },
      ),
      RUNS,
    );
  });

  test('earlier messages stand verbatim, all of them in one card of a size that every client takes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, name, fc.boolean()), { maxLength: 20 }), say, (said, speak) => {
        const messages = said.map(([text, who, ours]) => ({
          message: message(text, ours ? { author: { kind: 'operator', id: 'op' } } : {}),
          name: who,
        }));
        const { card } = historyCard({ messages, consoleUrl: 'https://admin.karte.io/x' }, speak);
        expectSound(card);
        expect(runsIn(card)).toHaveLength(2 * messages.length);
        for (const [text] of said) expectVerbatimOnly(card, text.slice(0, 20).toWellFormed());
      }),
      RUNS,
    );
  });

  test('a failure shows the text it is about, verbatim and never whole when long', () => {
    const failure = fc.constantFrom(
      { kind: 'refused' as const, code: 'karte.forbidden', transient: false, detail: 'talk.message.get' },
      { kind: 'unknown' as const, code: 'karte.timeout' },
    );
    fc.assert(
      fc.property(
        fc.oneof(words, fc.constant('長'.repeat(100_000))),
        failure,
        say,
        fc.boolean(),
        fc.constantFrom('endUser' as const, 'teams' as const),
        (text, what, speak, delayed, toward) => {
          const delivery = { lane: desk.id, id: 'd' };
          const { card } = failureCard(
            { type: 'failure', delivery, failure: what, message: message(text), toward, delayed, mention: person },
            speak,
          );
          expectSound(card);
          expectVerbatimOnly(card, text);
          expect(runsIn(card)).toEqual([brief(text, 500)]);
        },
      ),
      RUNS,
    );
  });

  test('a question shows what was written, and its buttons what would be run', () => {
    fc.assert(
      fc.property(
        words,
        fc.array(
          name.filter((text) => text.trim() !== ''),
          { maxLength: 3 },
        ),
        say,
        fc.boolean(),
        (written, suggestions, speak, canSend) => {
          const { card } = confirmCard({ dialog: 'x', written, suggestions, canSend }, speak);
          expectSound(card);
          expectVerbatimOnly(card, written);
          expect(card.actions).toHaveLength(suggestions.length + (canSend ? 2 : 1));
        },
      ),
      RUNS,
    );
  });

  test('canned replies stay verbatim and small, however long they may be', () => {
    const reply = (name: string, text: string) => ({
      id: 'x'.repeat(32),
      deskId: desk.id,
      name,
      text,
      by: person,
      createdAt: 0,
    });
    fc.assert(
      fc.property(words, name, say, (text, label, speak) => {
        const full = text.repeat(3).slice(0, 2_000);
        const one = reply('礼'.repeat(30), full);
        const blanks = Array.from({ length: 10 }, (_, at) => ({ key: `${at}`, label: label.slice(0, 40) }));
        const draft = { reply: one, text: full, known: {}, blanks, mark: 'm'.repeat(32) };
        const values = blanks.map(() => text.slice(0, 200));
        const cards = [
          cannedListCard(Array.from({ length: 20 }, () => one).concat(one), 1, true, speak).card,
          draftCard(draft, { said: '1'.repeat(13), problem: '空欄', values }, speak).card,
          cannedSentCard(one.name, person.name, full, speak).card,
        ];
        for (const card of cards) {
          expectVerbatimOnly(card, text);
          // Signs that JSON writes as six are taken out when a reply is kept.
          if (!/[\p{Cc}\p{Cs}]/u.test(text + label)) expect(validateCard(card)).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  test('what a desk says by itself quotes its admins verbatim', () => {
    fc.assert(
      fc.property(words, say, fc.boolean(), fc.boolean(), (text, speak, mention, repeat) => {
        const about = { mention: mention ? person : undefined, repeat };
        const { card } = noticeCard({ type: 'notice', notice: { kind: 'away', text }, ...about }, desk, speak);
        expectSound(card);
        expectVerbatimOnly(card, text);
        expect(runsIn(card).at(-1)).toBe(text);
        const unanswered = { kind: 'unanswered' as const, since: 0, wall: '2026-11-25 10:00' };
        const moved = { kind: 'movedAway' as const, to: '19:b@thread.tacv2;messageid=1', room: text, by: text };
        const away = noticeCard({ type: 'notice', notice: moved, ...about }, desk, speak).card;
        expectSound(away);
        expectVerbatimOnly(away, text);
        expectSound(noticeCard({ type: 'notice', notice: unanswered, ...about }, desk, speak).card);
      }),
      RUNS,
    );
  });

  test('how a desk works is shown verbatim, and comes back in its form', () => {
    fc.assert(
      fc.property(words, name, fc.nat(2_000), say, (text, who, count, speak) => {
        const away = text.slice(0, 1_000);
        const remind = { id: 'somebody', name: who };
        const rules = { ...rulesOf({}), away, remind, remindAfter: count, history: count };
        const told = settingFields.flatMap((field) => (field.told ? [field.told({ rules }, speak)] : []));
        const { card } = settingsCard(told, speak);
        expectSound(card);
        expectVerbatimOnly(card, away);
        const typed = settingFields.map((field) => [field, field.typedOf({ rules })] as const);
        const known = { people: [remind], isMember: async () => true };
        const form = settingsForm(
          typed.map(([field, value]) => field.input(value, speak, known)),
          speak,
          [text],
        );
        expectSound(form);
        expectVerbatimOnly(form, text);
        expect(form.body).toContainEqual(expect.objectContaining({ id: 'away', value: away }));
      }),
      RUNS,
    );
  });

  test('the cards without anybody’s words are sound in both languages', () => {
    for (const speak of [speaker('ja'), speaker('en')]) {
      expectSound(connectOfferCard(['karte'], speak).card);
      expectSound(connectOfferCard(['karte', 'line'], speak).card);
      expectSound(helpCard(speak, 'KARTE', '見出し').card);
      expectSound(settledCard('山田 花子 *さん* が送り直しました。').card);
    }
  });
});
