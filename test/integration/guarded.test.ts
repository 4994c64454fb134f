import { asked, button, buttonsOf, idle, press, repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, runsOf, type Stand, shown, YAMADA } from './stand.ts';

describe('a desk that sends only what is marked as a reply', () => {
  let s: Stand;
  beforeEach(async () => {
    // Nothing is to come a second time by itself, however slow the machine is.
    s = await roomyStand();
    const { directory } = s.running.desk;
    const { id } = s.simulator.state().team;
    await directory.changeDesk(id, (desk) => ({ ...desk, rules: { guarded: true } }));
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  const started = async (key: string) => {
    const { customer, thread } = await conversation(s.simulator, key);
    const received = async () => {
      await idle(s);
      return customer.received.map(({ text }) => text);
    };
    const notes = () => asked(s, 'note/send').map(({ content }) => (content as { text: string }).text);
    return {
      customer,
      thread,
      received,
      notes,
      run: (text: string, more = {}) => tell(s, YAMADA, { thread: thread.id, text, ...more }),
    };
  };

  test('keeps ordinary words as a note, and says how to send them', async () => {
    const { run, received, notes } = await started('guarded-words');
    const { words } = await run('この方は急ぎです');
    expect(words).toContain('KARTE のノートに残しました。お客さまには見えません。');
    expect(words).toContain('reply に続けて書くか');
    expect(await received()).toEqual([]);
    expect(await repliesStored(s)).toBe(0);
    expect(notes()).toEqual([`${YAMADA}: この方は急ぎです`]);
  });

  test.each([
    ['reply お待たせしました。', 'お待たせしました。'],
    ['返信　お待たせしました。\n山田', 'お待たせしました。\n山田'],
    ['```お待たせしました。```', 'お待たせしました。'],
    ['```\nお待たせしました。\n山田\n```', 'お待たせしました。\n山田'],
    ['部長の確認済み ```お待たせしました。``` これで送ります', 'お待たせしました。'],
    ['reply ```お待たせしました。```', 'お待たせしました。'],
  ])('sends what is marked: %j', async (text, sent) => {
    const { run, received, notes } = await started('guarded-marked');
    await run(text);
    expect(await received()).toEqual([sent]);
    expect(notes()).toEqual([]);
  });

  test('sends a block of code, which clients make of triple back-ticks', async () => {
    const { run, received } = await started('guarded-block');
    await run('お待たせしました。', { html: '<p><at>KARTE</at></p><pre>お待たせしました。</pre>' });
    expect(await received()).toEqual(['お待たせしました。']);
  });

  test.each(['reply', '```   ```', '``````'])('sends nothing for an empty mark: %j', async (text) => {
    const { run, received } = await started('guarded-empty');
    await run(text);
    expect(await received()).toEqual([]);
  });

  test.each([
    ['a fence too many', '```これは社外秘\n内緒の話 ```お待たせしました``` もっと内緒'],
    ['a fence in the middle that is never closed', '社内の話 ```お待たせしました'],
    ['words beside the marks behind “reply”', 'reply 内緒 ```お待たせしました```'],
    ['an open fence behind “reply”', 'reply お待たせしました ```内緒'],
    ['talk about a reply', 'reply is late, sorry'],
    ['talk about a reply', '返信 待ちです'],
  ])('asks before anything goes out where it is not clear what is meant: %s, %j', async (_, text) => {
    const { run, received, notes } = await started('guarded-unclear');
    const { posts, words } = await run(text);
    expect(words).toContain('はっきりしません');
    expect(await received()).toEqual([]);
    await press(s, YAMADA, posts[0], button(posts[0], 'ノートとして残す'));
    expect(notes()).toEqual([`${YAMADA}: ${text}`]);
    expect(await received()).toEqual([]);
  });

  test.each([
    ['```お待たせしました', 'お待たせしました'],
    ['お待たせしました\n```', 'お待たせしました'],
    ['reply 内緒 ```お待たせしました```', 'お待たせしました'],
    ['reply is all you need to press', 'is all you need to press'],
  ])('sends what was meant once a person says so: %j', async (text, sent) => {
    const { run, received } = await started('guarded-meant');
    const { posts } = await run(text);
    expect(await received()).toEqual([]);
    await press(s, YAMADA, posts[0], button(posts[0], '実行'));
    expect(await received()).toEqual([sent]);
  });

  test('sends nothing more than the marked words where a hand typed one back-tick too many', async () => {
    const { run, received } = await started('guarded-ticks');
    await run('````お待たせしました```` の話');
    expect(await received()).toEqual(['お待たせしました']);
  });

  test.each(['返信が遅れてすみません', '返信の件は部長に聞いてください'])(
    'keeps a sentence that begins with the word as a note, and says so: %j',
    async (text) => {
      const { run, received, notes } = await started('guarded-sentence');
      const { words } = await run(text);
      expect(words).toContain('ノートに残しました');
      expect(words).toContain('お客さまに送るには');
      expect(notes()).toEqual([`${YAMADA}: ${text}`]);
      expect(await received()).toEqual([]);
    },
  );

  test('does not send what a reply is edited to where that is not clear', async () => {
    const { run, received, thread } = await started('guarded-edit-unclear');
    const reply = await run('reply 三時に伺います');
    expect(await received()).toEqual(['三時に伺います']);
    await s.simulator.teams.edit(YAMADA, reply.postId, '@KARTE reply 三時 ```内緒').answered;
    const card = await shown(s.simulator, thread.id, 'お客さまには編集前の文が届いています');
    expect(buttonsOf(card)).toEqual([]);
  });

  test('offers to keep a near miss as a note, not to send it, also to made-up data', async () => {
    const { run, received, notes } = await started('guarded-near');
    const { posts } = await run('operater assign');
    const note = button(posts[0], 'ノートとして残す');
    expect(() => button(posts[0], 'お客さまに送る')).toThrow();
    await press(s, YAMADA, posts[0], { ...note, choice: 'send' });
    expect(await received()).toEqual([]);
    const again = await run('operater asign');
    await press(s, YAMADA, again.posts[0], button(again.posts[0], 'ノートとして残す'));
    expect(await received()).toEqual([]);
    expect(notes()).toEqual([`${YAMADA}: operater asign`]);
  });

  test('sends no picture that stands alone or beside a note', async () => {
    const { run, received } = await started('guarded-picture');
    const pictures = [{ name: 'a.png', type: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') }];
    expect((await run('', { pictures })).words).toContain('画像はお客さまに送っていません');
    await run('この画像で合っていますか', { pictures });
    expect(await received()).toEqual([]);
    expect(await repliesStored(s)).toBe(0);
  });

  test('sends no block of code that is only quoted, and no picture beside marked words', async () => {
    const { run, received } = await started('guarded-quote');
    const quote = '<blockquote itemtype="http://schema.skype.com/Reply"><pre>社内の仕入れ値</pre></blockquote>';
    await run('確認しました', { html: `<p><at>KARTE</at></p>${quote}<p>確認しました</p>` });
    expect(await received()).toEqual([]);
    const marked = '<blockquote><p>```仕入れ値```</p></blockquote>';
    const asks = await run('```仕入れ値```\n確認しました', {
      html: `<p><at>KARTE</at></p>${marked}<p>確認しました</p>`,
    });
    expect(asks.words).toContain('はっきりしません');
    expect(await received()).toEqual([]);
    const pictures = [{ name: 'a.png', type: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') }];
    const { words } = await run('社内の写真です ```お待たせしました```', { pictures });
    expect(words).toContain('画像はお客さまに送っていません');
    expect(await received()).toEqual(['お待たせしました']);
  });

  test('does not send what a note is edited to, and offers the correction of a reply in its marked words only', async () => {
    const { run, received, thread } = await started('guarded-edit');
    const note = await run('この方は急ぎです');
    await s.simulator.teams.edit(YAMADA, note.postId, '@KARTE この方はお急ぎです').answered;
    const reply = await run('reply 三時に伺います');
    expect(await received()).toEqual(['三時に伺います']);
    await s.simulator.teams.edit(YAMADA, reply.postId, '@KARTE reply 四時に伺います').answered;
    const card = await shown(s.simulator, thread.id, 'お客さまには編集前の文が届いています');
    expect(runsOf(card)).toEqual(['三時に伺います', '訂正：四時に伺います']);
    await press(s, YAMADA, card, button(card, '訂正を送る'));
    expect(await received()).toEqual(['三時に伺います', '訂正：四時に伺います']);
    await s.simulator.teams.edit(YAMADA, reply.postId, '@KARTE 社内の話です').answered;
    expect(await received()).toHaveLength(2);
  });

  // “reply” is also an ordinary word among colleagues.
  test.each(['reply is late, sorry', 'Reply to him tomorrow', '返信 は不要です', '返信　が遅れています'])(
    'asks before %j goes out, which may be talk about a reply',
    async (text) => {
      const { run, received } = await started('guarded-talk');
      const { posts } = await run(text);
      expect(await received()).toEqual([]);
      await press(s, YAMADA, posts[0], button(posts[0], '実行'));
      expect(await received()).toHaveLength(1);
    },
  );

  test.each([
    'reply はい、承知しました',
    'reply 不要です',
    '返信 はい、伺います',
    '返信がまだです',
    '```一つ目``` 社内 ```二つ目```',
    'reply The blue one is here',
  ])('is not asked about %j', async (text) => {
    const { run, received } = await started('guarded-plain');
    await run(text);
    const [first] = await received();
    expect(first ?? '').not.toMatch(/返信|reply|社内/);
    expect(await received()).toHaveLength(text.startsWith('返信が') ? 0 : 1);
  });

  test('runs commands as ever', async () => {
    const { run, customer } = await started('guarded-close');
    await run('close');
    expect(customer.state.status).toBe('closed');
  });
});

describe('“reply” at a desk that sends everything', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  test('is asked about: the customer may be told to reply', async () => {
    const { customer, thread } = await conversation(s.simulator, 'open-reply');
    const { posts, words } = await tell(s, YAMADA, { thread: thread.id, text: 'reply お待たせしました。' });
    expect(words).toContain('送信を止めました');
    await press(s, YAMADA, posts[0], button(posts[0], 'reply お待たせしました。'));
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['お待たせしました。']);
  });
});
