import fc from 'fast-check';
import type { Card } from '../../cards/card.ts';
import { connectForm } from '../../cards/connect.ts';
import { connectionsCard, disconnectCard } from '../../cards/connections.ts';
import { Karte, type KarteParts } from '../../src/channels/karte/karte.ts';
import { Line, type LineParts } from '../../src/channels/line/line.ts';
import type { Connection } from '../../src/desk/settings.ts';
import { speaker } from '../../src/text/text.ts';
import { validateCard } from '../contract/schemas.ts';
import { SEED } from './mutations.ts';

const RUNS = { seed: SEED, numRuns: 120 };

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('*太字* [リンク](https://evil.example.test) <at>KARTE</at>', '\u202e\u0000', '\ud800', '{name}'),
);
const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join('').slice(0, 700));
const say = fc.constantFrom(speaker('ja'), speaker('en'));

const forms = [
  ['karte', new Karte({} as KarteParts).form],
  ['line', new Line({} as LineParts).form],
] as const;

function named(channel: string, displayName: string): Connection {
  const settings = { displayName, basicId: '@test-shop' };
  return { id: 'c', deskId: 'd', channel, account: '1', settings, sealed: '', room: 'd', createdAt: 1, updatedAt: 1 };
}

function expectSound(card: Card): void {
  expect(validateCard(card)).toEqual([]);
}

/** What Teams would read as Markdown. */
function markdownIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, text: own } = value as { type?: unknown; text?: unknown };
  return [...(type === 'TextBlock' ? [String(own)] : []), ...Object.values(value).flatMap(markdownIn)];
}

describe(`the cards of connections, whatever accounts and people write (seed ${SEED})`, () => {
  test('what was typed into the form comes back, secrets never', () => {
    fc.assert(
      fc.property(text, text, say, (typed, secret, speak) => {
        const fields = ['apiKey', 'botId', 'channelId', 'basicId'].map((id) => [id, typed]);
        const secrets = ['accessToken', 'clientSecret', 'channelSecret', 'channelAccessToken'];
        const values = Object.fromEntries([...fields, ...secrets.map((id) => [id, `test-secret ${secret}`])]);
        const rooms = [{ id: 'general' }, { id: 'other', name: typed }];
        for (const [channel, form] of forms)
          for (const connection of [undefined, named(channel, typed)]) {
            const card = connectForm({ channel, form, rooms, room: 'other', connection }, speak, undefined, values);
            expectSound(card);
            expect(JSON.stringify(card)).not.toContain('test-secret ');
          }
      }),
      RUNS,
    );
  });

  test('accounts are shown verbatim, in any state', () => {
    fc.assert(
      fc.property(text, say, (name, speak) => {
        const one = named('line', `# ${name}`);
        const states = [one, { ...one, pausedAt: 2 }, { ...one, disconnectedAt: 3, forgettingSince: 3 }];
        const room = { id: 'd', name: `# ${name}` };
        const rows = [...states, ...states].map((connection) => ({ connection, hookUrl: 'https://desk.test/x', room }));
        for (const { card } of [connectionsCard(rows, speak), ...states.map((state) => disconnectCard(state, speak))]) {
          expectSound(card);
          for (const block of markdownIn(card)) expect(block).not.toContain('# ');
        }
      }),
      RUNS,
    );
  });

  test('each value of a form says where it is found', () => {
    for (const speak of [speaker('ja'), speaker('en')])
      for (const [channel, form] of forms) {
        const card = connectForm({ channel, form, rooms: [], room: '' }, speak);
        const labels = (card.body as { label?: string }[]).flatMap(({ label }) => label ?? []);
        expect(labels).toHaveLength(form.fields.length);
        expect(new Set(labels).size).toBe(labels.length);
      }
  });
});
