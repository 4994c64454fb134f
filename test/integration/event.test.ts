import { asked, button, idle, press, roomyStand, tell } from './moves.ts';
import { conversation, type Stand, threadOf, YAMADA } from './stand.ts';

const WRITE = '/v2/track/event/write';

describe('event', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  const eventsOf = (key: string) =>
    s.simulator.karte.customer(key).state.events.map(({ event_name, values }) => [event_name, values]);
  async function run(key: string, text: string) {
    const { thread } = await conversation(s.simulator, key);
    return tell(s, YAMADA, { thread: thread.id, text });
  }

  test('writes the name and the values as they were typed, and says so', async () => {
    const { words } = await run(
      'event-values',
      'event call_back_done result=ok tel=0120 memo="お電話 済み" 金額=1e3'.replace('金額', 'amount'),
    );
    expect(words).toBe('イベント call_back_done を KARTE に送りました。');
    expect(eventsOf('event-values')).toEqual([
      ['call_back_done', { result: 'ok', tel: '0120', memo: 'お電話 済み', amount: '1e3' }],
    ]);
    expect(s.simulator.karte.customer('event-values').received).toEqual([]);
  });

  test.each([
    ['a name alone', 'event visited', 'visited', {}],
    [
      'a Japanese alias and full-width signs',
      'イベント　ｃａｌｌ_ｂａｃｋ　ｒｅｓｕｌｔ＝良い',
      'call_back',
      { result: '良い' },
    ],
    ['several lines', 'event call_back\na=1\n\nb=2', 'call_back', { a: '1', b: '2' }],
    [
      'a value with = and markup in it',
      'event call_back url=https://x.example.test/?a=1&b=<2>',
      'call_back',
      { url: 'https://x.example.test/?a=1&b=<2>' },
    ],
    ['$ and digits in names', 'event $e_1 $f2=x', '$e_1', { $f2: 'x' }],
  ])('takes %s', async (what, text, name, values) => {
    await run(`event-${what}`, text);
    expect(eventsOf(`event-${what}`)).toEqual([[name, values]]);
  });

  test('a member is named by user_id, a visitor by visitor_id: two different keys there', async () => {
    await run('event-member', 'event seen');
    const visitor = s.simulator.karte.customer({ visitor_id: 'vis-event' });
    await visitor.write('こんにちは').settled;
    await idle(s);
    await tell(s, YAMADA, { thread: threadOf(s.simulator, 'vis-event')?.id ?? '', text: 'event seen' });
    expect(
      asked(s, WRITE)
        .slice(-2)
        .map(({ keys }) => keys),
    ).toEqual([{ user_id: 'event-member' }, { visitor_id: 'vis-event' }]);
    expect(eventsOf('vis-event')).toEqual([['seen', {}]]);
  });

  test.each([
    ['an event name', 'event 1st result=ok', 'イベント名と項目名には半角英数字・_・$ だけが使えます'],
    ['a Japanese event name', 'event 来店 result=ok', 'イベント名と項目名には半角英数字・_・$ だけが使えます'],
    ['a field name', 'event call_back re-sult=ok', 'イベント名と項目名には半角英数字・_・$ だけが使えます'],
    ['a word without =', 'event call_back a=1 ok', '「ok」は 項目=値 の形で書いてください'],
    ['a field given twice', 'event call_back a=1 a=2', '項目 a が 2 回書かれています'],
    ['an open quote', 'event call_back memo="開いたまま', '引用符が閉じていません'],
    ['a value that KARTE would cut', `event call_back memo=${'長'.repeat(2_049)}`, '値が長すぎます（2,048 文字まで）'],
    ['nothing at all', 'event', 'イベント名を続けて書いてください'],
  ])('a wrong line is explained and writes nothing: %s', async (what, text, why) => {
    const before = asked(s, WRITE).length;
    const { words } = await run(`event-bad-${what}`, text);
    expect(words).toContain(why);
    expect(asked(s, WRITE)).toHaveLength(before);
  });

  test('what may be a sentence is asked about, not written and not sent', async () => {
    const { customer, thread } = await conversation(s.simulator, 'event-sentence');
    const { posts } = await tell(s, YAMADA, { thread: thread.id, text: 'event call_back done' });
    expect(posts).toHaveLength(1);
    await press(s, YAMADA, posts[0], button(posts[0], 'やめる'));
    await idle(s);
    expect(eventsOf('event-sentence')).toEqual([]);
    expect(customer.received).toEqual([]);
  });

  test.each([
    [403, 'track.event.write'],
    [401, 'アクセストークンを受け付けません'],
    [400, 'この内容を受け付けませんでした'],
  ])('a refusal by KARTE (%d) is told with what to do', async (status, words) => {
    const { thread } = await conversation(s.simulator, `event-refused-${status}`);
    s.simulator.faults.next({ side: 'karte', path: WRITE, status });
    expect((await tell(s, YAMADA, { thread: thread.id, text: 'event call_back' })).words).toContain(words);
    expect(eventsOf(`event-refused-${status}`)).toEqual([]);
  });

  test('a slow KARTE makes Teams deliver again: still one event', async () => {
    await s.close();
    s = await roomyStand({ simulator: { redeliverAfterMs: 1_500 } });
    const { thread } = await conversation(s.simulator, 'event-slow');
    s.simulator.faults.next({ side: 'karte', path: WRITE, delayMs: 2_500 });
    const said = s.simulator.teams.say(YAMADA, { thread: thread.id, text: 'event call_back', mentions: ['bot'] });
    await said.settled;
    await s.simulator.waitFor(() => eventsOf('event-slow').length > 0);
    expect(said.delivery?.attempts.length).toBeGreaterThan(1);
    await s.simulator.waitFor(() => thread.posts.filter(({ fromBot }) => fromBot).length === 3);
    expect(eventsOf('event-slow')).toHaveLength(1);
  });
});
