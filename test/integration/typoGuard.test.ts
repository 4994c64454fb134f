import {
  button,
  buttonsOf,
  everythingKept,
  idle,
  linkedStand,
  nowOf,
  press,
  receivedBy,
  repliesStored,
  slip,
  tell,
} from './moves.ts';
import { conversation, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('a message that is nearly a command', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await linkedStand();
  });
  afterAll(() => s.close());

  test.each([
    'operater assign',
    'oprator unassign',
    'ｏｐｅｒａｔｅｒ　ａｓｓｉｇｎ',
    'operator\u00a0asign',
    'operator',
    'operator　',
    'opertor',
    'hepl',
    'ﾍﾙﾌ',
    'へるふ',
    'オペレター アサイン',
    '担当者解徐',
    '担当者かいじょ',
    'たんとう わりあて',
    'oprator link op-sato-0002',
    'evnt call_back result=ok',
    'admin lst',
    'setpu',
    'assign operator',
    'unassign',
    '社内メモ　お怒りです',
    'internal note difficult',
    'memo difficult',
    'notes difficult',
    'メモ→お怒りです',
    'メモ・お怒りです',
    '@田中さん メモ お怒りです',
  ])('is sent to nobody, and asked about: %s', async (text) => {
    const key = `near-${Buffer.from(text).toString('hex').slice(0, 60)}`;
    const { words, card } = await slip(s, key, text);
    expect(words).toContain('送信を止めました');
    // What was written is shown, so that everybody knows what they decide about.
    expect(words).toContain(text.trim().replace(/\s+/g, ' '));
    const titles = buttonsOf(card).map(({ title }) => title);
    expect(titles.slice(-2)).toEqual(['このままお客さまに送る', 'やめる']);
    expect(await receivedBy(s, key)).toEqual([]);
    expect(s.simulator.karte.customer(key).state.assignee).toBeNull();
  });

  test('“run” runs the command as it was meant, for the person who wrote it, and says who decided', async () => {
    const { customer, card } = await slip(s, 'near-run', 'operater assign');
    const { words } = await press(s, YAMADA, card, button(card, '「operator assign」を実行'));
    expect(words).toBe(`担当を ${SATO} さんにしました。`);
    expect(customer.state.assignee).toEqual({ id: 'op-sato-0002', is_bot: false });
    expect(wordsOf(nowOf(s, card))).toContain(`${YAMADA} さんが「operator assign」を実行しました`);
    expect(buttonsOf(nowOf(s, card))).toEqual([]);
    expect(await receivedBy(s, 'near-run')).toEqual([]);
  });

  test('“run” takes arguments and mentions along', async () => {
    const event = await slip(s, 'near-run-event', 'evnt call_back result=ok');
    await press(s, SATO, event.card, button(event.card, '実行'));
    expect(event.customer.state.events).toMatchObject([{ event_name: 'call_back', values: { result: 'ok' } }]);
    const { customer, thread } = await conversation(s.simulator, 'near-run-mention');
    const { posts } = await tell(s, SATO, {
      thread: thread.id,
      text: `operator asign @${YAMADA}`,
      mentions: ['bot', YAMADA],
    });
    await press(s, SATO, posts[0], button(posts[0], '実行'));
    expect(customer.state.assignee?.id).toBe('op-yamada-0001');
  });

  test('“send” sends it as it was written, as the person who wrote it', async () => {
    const { customer, card, postId, thread } = await slip(s, 'near-send', 'operater   assign\nです');
    await press(s, YAMADA, card, button(card, 'このままお客さまに送る'));
    await idle(s);
    expect(customer.received).toMatchObject([{ text: 'operater   assign\nです', senderId: 'op-sato-0002' }]);
    await s.simulator.waitFor(() => thread.posts.find(({ id }) => id === postId)?.reactions.some(({ type }) => type));
    expect(wordsOf(nowOf(s, card))).toContain(`${YAMADA} さんがお客さまに送りました`);
  });

  test('“cancel” does nothing and says so', async () => {
    const { card } = await slip(s, 'near-cancel', 'operater assign');
    expect((await press(s, SATO, card, button(card, 'やめる'))).words).toBe('');
    expect(await receivedBy(s, 'near-cancel')).toEqual([]);
    expect(wordsOf(nowOf(s, card))).toContain(`${SATO} さんがやめました。誰にも送っていません。`);
  });

  test('outside a customer’s thread there is nobody to send it to', async () => {
    const before = await repliesStored(s);
    const { posts } = await tell(s, SATO, { channel: s.simulator.state().team.id, text: 'operater assign' });
    expect(buttonsOf(posts[0]).map(({ title }) => title)).toEqual(['「operator assign」を実行', 'やめる']);
    const { dialog } = button(posts[0], 'やめる');
    await press(s, SATO, posts[0], { madoguchi: 'confirm', dialog, choice: 'send' });
    expect(await repliesStored(s)).toBe(before);
  });

  test('keys in a mistyped setup are neither shown nor kept nor sent, whatever is pressed', async () => {
    const secrets = ['test-api-1a2b3c4d5e6f', 'test-token-9z8y7x6w5v4u', 'bot-test-1', 'test-secret-0f1e2d3c4b5a'];
    const stored = await repliesStored(s);
    const hidden = async () => {
      const kept = await everythingKept(s);
      for (const secret of secrets.filter((each) => each !== 'bot-test-1')) expect(kept).not.toContain(secret);
    };
    for (const [at, text] of [
      `setpu ${secrets.join(' ')}`,
      `stup: ${secrets.join(' ')}`,
      secrets.join('\n'),
    ].entries()) {
      const { customer, card, words } = await slip(s, `near-secret-${at}`, text);
      expect(words).toContain('送信を止めました');
      expect(buttonsOf(card).map(({ title }) => title)).toEqual(['「setup」を実行', 'やめる']);
      // While the question waits, and when it has been answered.
      await hidden();
      const { dialog } = button(card, 'やめる');
      await press(s, SATO, card, { madoguchi: 'confirm', dialog, choice: 'send' });
      await idle(s);
      expect(customer.received).toEqual([]);
    }
    await hidden();
    expect(await repliesStored(s)).toBe(stored);
  });

  test.each([
    'かしこまりました。担当者に確認します。',
    'Operators will call you back within the hour.',
    'ヘルプページをご覧ください。',
    'setup が終わりましたらお知らせください',
  ])('an ordinary sentence goes straight through: %s', async (text) => {
    const { thread } = await conversation(s.simulator, `ordinary-${text}`);
    const { posts } = await tell(s, SATO, { thread: thread.id, text });
    expect(posts).toEqual([]);
    expect((await receivedBy(s, `ordinary-${text}`)).map((message) => message.text)).toEqual([text]);
  });
});
