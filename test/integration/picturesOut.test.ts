import { bytesOf, disguised, padded, picture } from '../fixtures/pictures.ts';
import { asked, button, buttonsOf, idle, nowOf, press, roomyStand, tell, until } from './moves.ts';
import { fetched, linksIn, opened } from './pictureMoves.ts';
import { conversation, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const SEND = 'talk/message/sendFromOperator';
const TOKEN = 'test-bot-token';

describe('a picture that an operator pastes', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand({
      replace: { token: async () => TOKEN },
      simulator: { requireToken: (header) => header === `Bearer ${TOKEN}` },
    });
  });
  afterAll(() => s.close());
  afterEach(() => s.simulator.faults.clear());

  async function sent(key: string, say: Omit<Parameters<typeof tell>[2], 'thread'>) {
    const { customer, thread } = await conversation(s.simulator, key);
    const { postId, status } = await tell(s, SATO, { thread: thread.id, ...say });
    expect(status).toBe(200);
    await idle(s);
    const told = () => thread.posts.filter(({ fromBot, id }) => fromBot && BigInt(id) > BigInt(postId));
    return { customer, thread, texts: customer.received.map(({ text }) => text), told, postId };
  }

  test('reaches the customer as a link of ours behind the words, and the operator alone hears so', async () => {
    const { texts, told, thread } = await sent('paste', { text: 'こちらの品です。', pictures: [picture()] });
    expect(texts).toHaveLength(1);
    const [words, line = '', ...more] = texts[0]?.split('\n') ?? [];
    expect([words, more]).toEqual(['こちらの品です。', []]);
    expect(line).toMatch(
      /^画像: https:\/\/desk\.example\.test\/files\/[\w-]{32}\/picture\.png\?until=\d+&sign=[\w-]{43}$/,
    );
    const { status, bytes, headers } = await opened(s, linksIn(line)[0]);
    expect([status, bytes]).toEqual([200, bytesOf('png')]);
    expect(headers.get('content-disposition')).toContain(encodeURIComponent('写真'));
    const notice = await until(() => told()[0]);
    expect(notice.text).toContain('画像 1 枚をリンクにして');
    expect(notice.targetedTo).toBe(s.simulator.teams.person(SATO).id);
    expect(thread.posts.filter(({ targetedTo }) => targetedTo === undefined)).toHaveLength(3);
  });

  test.each([[{}], [{ picturesInHtmlOnly: true }], [{ client: 'mobile' as const }]])(
    'is sent also when it comes alone, from %j',
    async (more) => {
      const { texts } = await sent(`alone-${JSON.stringify(more)}`, { text: '', pictures: [picture('jpeg')], ...more });
      expect(texts).toEqual([expect.stringMatching(/^画像: https:\S+picture\.jpg\?\S+$/)]);
      expect((await opened(s, linksIn(texts[0] ?? '')[0])).bytes).toEqual(bytesOf('jpeg'));
    },
  );

  test('is one of several, in their order', async () => {
    const { texts } = await sent('several', { text: '二枚', pictures: [picture('png'), picture('gif')] });
    const links = linksIn(texts[0] ?? '');
    expect(await Promise.all(links.map(async (link) => (await opened(s, link)).bytes))).toEqual([
      bytesOf('png'),
      bytesOf('gif'),
    ]);
  });

  test('keeps its place between other replies', async () => {
    const { customer, thread } = await conversation(s.simulator, 'order');
    s.simulator.faults.next({ side: 'teams', path: '^/v3/attachments', delayMs: 300 });
    await tell(s, SATO, { thread: thread.id, text: '一', pictures: [picture()] });
    await tell(s, SATO, { thread: thread.id, text: '二' });
    await idle(s);
    expect(customer.received.map(({ text }) => text.split('\n')[0])).toEqual(['一', '二']);
  });

  test('is not sent twice when the answer is lost: the look finds the very same link', async () => {
    const { customer, thread } = await conversation(s.simulator, 'lost');
    s.simulator.faults.next({ side: 'karte', path: SEND, reset: 'after' });
    await tell(s, SATO, { thread: thread.id, text: '一度だけ', pictures: [picture()] });
    await idle(s);
    expect(customer.received).toHaveLength(1);
    expect(asked(s, SEND).filter(({ user_id }) => user_id === 'lost')).toHaveLength(1);
  });

  test('goes again under the same link, and is fetched once, when a person sends it again', async () => {
    const { customer, thread } = await conversation(s.simulator, 'again');
    const before = fetched(s, 'teams').length;
    s.simulator.faults.next({ side: 'karte', path: SEND, status: 400 });
    await tell(s, SATO, { thread: thread.id, text: 'もう一度', pictures: [picture()] });
    const card = await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    expect(wordsOf(card)).toContain('画像 1 枚を含みます');
    await idle(s);
    await press(s, YAMADA, card, button(card, 'もう一度送る'));
    await idle(s);
    const calls = asked(s, SEND).filter(({ user_id }) => user_id === 'again');
    expect(calls).toHaveLength(2);
    expect(calls[1]).toEqual(calls[0]);
    expect(customer.received).toHaveLength(1);
    expect(fetched(s, 'teams')).toHaveLength(before + 1);
  });

  test.each([
    ['is too large', padded(11 * 1024 * 1024), {}, '画像が大きすぎます'],
    ['is none', disguised(), {}, '画像として読み取れません'],
    ['is gone', picture(), { status: 404 }, '画像が Teams に見つかりません'],
    ['is refused', picture(), { status: 403, times: 2 }, 'Teams が画像をアプリに渡しません'],
    [
      'leads elsewhere',
      picture(),
      { status: 302, headers: { location: 'https://files.example.test/a.png' } },
      'Teams の外にある',
    ],
  ])('that %s stops the reply, says why, and lets the words go without it', async (why, chosen, fault, words) => {
    if (Object.keys(fault).length > 0) s.simulator.faults.next({ side: 'teams', path: '^/v3/attachments', ...fault });
    const { texts, thread, customer } = await sent(`refused-${why}`, { text: 'ご覧ください', pictures: [chosen] });
    expect(texts).toEqual([]);
    const card = await shown(s.simulator, thread.id, words);
    expect(buttonsOf(card).map(({ title }) => title)).toEqual([
      'もう一度送る',
      '画像なしで送る',
      '送信済みにする',
      '送らない',
    ]);
    await press(s, SATO, card, button(card, '画像なしで送る'));
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['ご覧ください']);
    expect(wordsOf(nowOf(s, card))).toContain('画像なしで送りました');
  });

  test('that is refused without a word beside it offers nothing to send without it', async () => {
    const { thread, texts } = await sent('refused-alone', { text: '', pictures: [disguised()] });
    const card = await shown(s.simulator, thread.id, '画像として読み取れません');
    expect(buttonsOf(card).map(({ title }) => title)).toEqual(['もう一度送る', '送信済みにする', '送らない']);
    const made = { ...button(card, 'もう一度送る'), madoguchi: 'sendWords' };
    await press(s, SATO, card, made);
    await idle(s);
    expect(texts).toEqual([]);
  });

  test('is tried again when Teams is away for a moment, and holds up no other conversation', async () => {
    const { customer, thread } = await conversation(s.simulator, 'away');
    const other = await conversation(s.simulator, 'away-not');
    s.simulator.faults.next({ side: 'teams', path: '^/v3/attachments', status: 503 });
    await tell(s, SATO, { thread: thread.id, text: '後で', pictures: [picture()] });
    await tell(s, SATO, { thread: other.thread.id, text: '先に' });
    await s.simulator.waitFor(() => other.customer.received[0]);
    expect(customer.received).toEqual([]);
    await s.simulator.waitFor(() => customer.received[0]);
    expect(linksIn(customer.received[0]?.text ?? '')).toHaveLength(1);
  });

  test('is never fetched, and the bot’s token never shown, outside of Teams', async () => {
    const { thread, customer } = await conversation(s.simulator, 'foreign');
    const foreign = `${s.simulator.karteUrl.replace('127.0.0.1', 'localhost')}/v3/attachments/x/views/original`;
    const { activity: honest } = s.simulator.teams.say(SATO, { thread: thread.id, text: '本物', mentions: ['bot'] });
    const before = s.simulator.karte.calls.length;
    const forged = {
      ...honest,
      id: '99',
      type: 'message',
      attachments: [{ contentType: 'image/png', contentUrl: foreign }],
    };
    await s.simulator.teams.deliver(forged).answered;
    const card = await shown(s.simulator, thread.id, 'Teams の外にある');
    await idle(s);
    expect(s.simulator.karte.calls.slice(before).filter(({ path }) => path.includes('attachments'))).toEqual([]);
    expect(card.mentions.map(({ name }) => name)).toEqual([SATO]);
    expect(customer.received.map(({ text }) => text)).toEqual(['本物']);
    expect(JSON.stringify(s.log.lines)).not.toContain(TOKEN);
  });

  test('with a command is no reply', async () => {
    const { texts } = await sent('command', { text: 'note 写真は社内用', pictures: [picture()] });
    expect(texts).toEqual([]);
  });
});

describe('a file that Teams does not hand over', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());
  afterEach(() => s.simulator.faults.clear());

  const mention = '<span itemtype="http://schema.skype.com/Mention" itemid="0">KARTE</span>';

  test.each([
    ['no name', undefined, 'ファイル（名前は不明）'],
    [
      'its name',
      `<p>${mention}&nbsp;資料です</p><attachment id="1" name="見積 v2.pdf"></attachment>`,
      '「見積 v2.pdf」',
    ],
    ['its name inside', `<p>${mention}&nbsp;資料です</p><attachment id="1">見積.pdf</attachment>`, '「見積.pdf」'],
    ['no end', `<p>${mention}&nbsp;資料です</p><attachment id="1"><p>x</p>`, 'ファイル（名前は不明）'],
  ])('is named to its writer alone, with what to do, when the html tells %s', async (what, html, name) => {
    const key = `file-${what}`;
    const { customer, thread } = await conversation(s.simulator, key);
    await tell(s, SATO, { thread: thread.id, text: '資料です', files: ['見積.pdf'], html });
    const notice = await shown(s.simulator, thread.id, 'お客さまに送れなかった添付');
    await idle(s);
    expect(notice.text).toContain(name);
    expect(notice.text).toContain('リンクを本文に');
    expect(notice.targetedTo).toBe(s.simulator.teams.person(SATO).id);
    expect(customer.received.map(({ text }) => text)).toEqual(['資料です']);
  });

  test('is named also when nothing was written beside it, and nothing is sent', async () => {
    const { customer, thread } = await conversation(s.simulator, 'file-alone');
    const { activityId } = await tell(s, SATO, { thread: thread.id, text: '', files: ['a.pdf', 'b.pdf'] });
    const told = () => thread.posts.filter(({ targetedTo }) => targetedTo !== undefined);
    await until(() => told()[0]);
    await s.simulator.teams.redeliver(activityId).settled;
    expect(told()).toHaveLength(1);
    expect(told()[0]?.text?.match(/ファイル（名前は不明）/g)).toHaveLength(2);
    expect(customer.received).toEqual([]);
  });

  test('is named in an ordinary reply where Teams takes no private ones', async () => {
    const { thread } = await conversation(s.simulator, 'file-public');
    s.simulator.faults.next({ side: 'teams', path: 'isTargetedActivity', status: 400 });
    await tell(s, SATO, { thread: thread.id, text: '資料です', files: ['a.pdf'] });
    const notice = await shown(s.simulator, thread.id, 'お客さまに送れなかった添付');
    expect(notice.targetedTo).toBeUndefined();
  });

  test('is named in the language that its writer has Teams in', async () => {
    const { thread } = await conversation(s.simulator, 'file-english');
    const { activity } = s.simulator.teams.say(SATO, {
      thread: thread.id,
      text: '資料',
      mentions: ['bot'],
      files: ['x'],
    });
    await s.simulator.teams.deliver({ ...activity, id: '98', type: 'message', locale: 'en-GB' }).answered;
    await shown(s.simulator, thread.id, 'Not sent to the customer: a file (its name is not known)');
  });

  test('does not keep a pasted picture beside it', async () => {
    const { customer, thread } = await conversation(s.simulator, 'file-and-picture');
    await tell(s, SATO, { thread: thread.id, text: '両方', files: ['a.pdf'], pictures: [picture()] });
    await idle(s);
    await until(() => thread.posts.filter(({ targetedTo }) => targetedTo).length === 2);
    expect(linksIn(customer.received[0]?.text ?? '')).toHaveLength(1);
  });
});
