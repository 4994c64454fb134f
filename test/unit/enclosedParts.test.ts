import { linksOf } from '../../cards/enclosed.ts';
import { messageCard } from '../../cards/message.ts';
import type { Part } from '../../src/desk/message.ts';
import { type Locale, speaker } from '../../src/text/text.ts';
import { brokenCardRules } from '../contract/cardRules.ts';

function shown(part: Part, locale: Locale = 'ja', channel = 'line') {
  const message = { author: { kind: 'endUser' as const }, parts: [part], at: 0 };
  const { card, summary } = messageCard({ type: 'message', message, channel }, speaker(locale));
  expect(brokenCardRules({ ...card })).toEqual([]);
  const [block] = card.body as { type: string; text?: string; inlines?: { text: string }[] }[];
  return {
    text: block?.text ?? block?.inlines?.map(({ text }) => text).join('') ?? block?.type,
    verbatim: block?.type === 'RichTextBlock',
    summary,
    links: (card.actions ?? []) as { title: string; url: string }[],
  };
}

const OURS = 'https://desk.example.test/files/a/video.mp4?until=1&sign=x';

test.each<[Part, string, string]>([
  [{ kind: 'sticker', id: '1/2', label: 'ありがとう' }, 'スタンプ：ありがとう', 'Sticker: ありがとう'],
  [{ kind: 'sticker', id: '1/2' }, 'スタンプ', 'Sticker'],
  [{ kind: 'location', latitude: 35.6, longitude: 139.7, label: '東京駅' }, '位置情報：東京駅', 'Location: 東京駅'],
  [{ kind: 'location', latitude: 35.6, longitude: 139.7 }, '位置情報', 'Location'],
  [{ kind: 'audio', duration: 12_300, url: OURS, kept: true }, '音声 (12 秒)', 'Voice message (12 s)'],
  [
    { kind: 'video', duration: 65_000, bytes: 3_355_443, url: OURS, kept: true },
    '動画 (1 分 5 秒, 3.2 MB)',
    'Video (1 min 5 s, 3.2 MB)',
  ],
  [{ kind: 'file', name: '見積.pdf', bytes: 2_048, url: OURS, kept: true }, '見積.pdf (2 KB)', '見積.pdf (2 KB)'],
  [
    { kind: 'audio', duration: 400, url: 'line:1' },
    '[音声 (1 秒)] LINE の画面でご確認ください。',
    '[Voice message (1 s)] Please look at it in LINE.',
  ],
  [
    { kind: 'file', name: '*図面*.zip', bytes: 30 * 1024 * 1024, url: 'line:1' },
    '[*図面*.zip (30.0 MB)] LINE の画面でご確認ください。',
    '[*図面*.zip (30.0 MB)] Please look at it in LINE.',
  ],
  [{ kind: 'image', url: 'line:1' }, '[画像] LINE の画面でご確認ください。', '[Picture] Please look at it in LINE.'],
  [
    { kind: 'file' },
    '[表示できない内容] LINE の画面でご確認ください。',
    '[Content that can’t be shown here] Please look at it in LINE.',
  ],
  [{ kind: 'event', name: 'unsent' }, 'お客さまがメッセージを取り消しました。', 'The customer took this message back.'],
  [
    { kind: 'event', name: 'blocked' },
    'お客さまが公式アカウントをブロックしました。',
    'The customer blocked the official account.',
  ],
  [
    { kind: 'event', name: 'followed' },
    'お客さまが公式アカウントを友だちに追加しました（ブロックの解除を含みます）。',
    'The customer added the official account as a friend, or unblocked it.',
  ],
  [
    { kind: 'event', name: 'postback', detail: 'action=buy' },
    'お客さまがボタンを押しました：action=buy',
    'The customer pressed a button: action=buy',
  ],
  [{ kind: 'event', name: 'toString' }, 'お客さま側の出来事：toString', 'On the customer’s side: toString'],
])('%j reads well in both languages', (part, ja, en) => {
  expect([shown(part).text, shown(part, 'en').text]).toEqual([ja, en]);
});

test('what people chose is never read as Markdown', () => {
  const parts: Part[] = [
    { kind: 'sticker', id: '1', label: '**[x](https://example.test)**' },
    { kind: 'location', latitude: 1, longitude: 2, label: '<at>山田</at>' },
    { kind: 'event', name: 'postback', detail: '{{DATE(0)}}' },
    { kind: 'video', name: '_a_', url: 'line:1' },
  ];
  expect(parts.map((part) => shown(part).verbatim)).toEqual([true, true, true, true]);
});

test('a notification says what came when there are no words', () => {
  expect(shown({ kind: 'sticker', id: '1', label: 'OK' }).summary).toBe('スタンプ：OK');
  expect(shown({ kind: 'image', url: 'line:1' }).summary).toBe('[画像]');
  expect(shown({ kind: 'video', duration: 5_000, url: 'line:1' }).summary).toBe('[動画 (5 秒)]');
});

test('a kept file and a place on the map can be opened; an address that only the channel can open is no link', () => {
  const say = speaker('ja');
  expect(linksOf([{ kind: 'video', bytes: 10, url: OURS, kept: true }], say)).toEqual([
    { title: '動画 (10 B) を開く', url: OURS },
  ]);
  expect(linksOf([{ kind: 'location', latitude: 35.681236, longitude: -0.0000001 }], say)).toEqual([
    { title: '地図を開く', url: 'https://www.google.com/maps/search/?api=1&query=35.681236,-0.000000' },
  ]);
  expect(
    linksOf(
      [
        { kind: 'video', url: 'line:1' },
        { kind: 'image', url: 'line:2' },
      ],
      say,
    ),
  ).toEqual([]);
});

test('a channel is called by its name', () => {
  expect(shown({ kind: 'image' }, 'ja', 'karte').text).toBe('[画像] KARTE の画面でご確認ください。');
});
