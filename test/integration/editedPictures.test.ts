import { bytesOf, picture } from '../fixtures/pictures.ts';
import { button, buttonsOf, idle, press, roomyStand, tell, until } from './moves.ts';
import { linksIn, opened } from './pictureMoves.ts';
import { conversation, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const SEND = 'talk/message/sendFromOperator';

describe('an edit of a reply that has been tried before', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  const edit = async (id: string, text: string) => {
    await s.simulator.teams.edit(SATO, id, text).answered;
  };
  const throttled = { side: 'karte', path: SEND, status: 429, headers: { 'retry-after': '2' } } as const;
  const putOff = () =>
    until(async () =>
      (await s.store.deliveries.find({ where: { toward: 'endUser' } })).some(({ value }) => value.failure),
    );

  test('goes out in its new words, also where the old ones stood beside a link to a picture', async () => {
    const { customer, thread } = await conversation(s.simulator, 'edit-parked');
    s.simulator.faults.next({ side: 'karte', path: SEND, status: 400 });
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '古い文', pictures: [picture()] });
    await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    await idle(s);
    await edit(postId, '@KARTE 新しい文');
    await idle(s);
    const card = thread.posts.findLast((post) => buttonsOf(post).some(({ title }) => title === 'もう一度送る'));
    await press(s, SATO, card, button(card, 'もう一度送る'));
    await idle(s);
    expect(customer.received.map(({ text }) => text.split('\n')[0])).toEqual(['新しい文']);
  });

  test('goes out in its new words when it waited for KARTE', async () => {
    const { customer, thread } = await conversation(s.simulator, 'edit-waiting');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '古い文', pictures: [picture()] });
    await putOff();
    await edit(postId, '@KARTE 新しい文');
    const [first] = await s.simulator.waitFor(() => (customer.received[0] ? customer.received : undefined));
    expect(first?.text.split('\n')[0]).toBe('新しい文');
  });

  test('that begins with “reply” where everything goes out loses no word on the way', async () => {
    const { customer, thread } = await conversation(s.simulator, 'edit-reply');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: 'You can answer here' });
    await putOff();
    await edit(postId, '@KARTE Reply to this message if you need more');
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  // Teams reports an edit for a preview of a link or a reaction, too: it called these replies off, for none of them reads as one.
  describe('that changes no word calls nothing off:', () => {
    test('a picture alone', async () => {
      const { customer, thread } = await conversation(s.simulator, 'same-picture');
      s.simulator.faults.next(throttled);
      const { postId } = await tell(s, SATO, { thread: thread.id, text: '', pictures: [picture()] });
      await putOff();
      await edit(postId, '@KARTE');
      await s.simulator.waitFor(() => customer.received[0]);
      await idle(s);
      expect(customer.received).toHaveLength(1);
    });

    test('a near miss that somebody has sent by its button', async () => {
      const { customer, thread } = await conversation(s.simulator, 'same-slip');
      const { posts, postId } = await tell(s, SATO, { thread: thread.id, text: 'operater assign' });
      s.simulator.faults.next(throttled);
      await press(s, SATO, posts[0], button(posts[0], 'このままお客さまに送る'));
      await putOff();
      await edit(postId, '@KARTE operater assign');
      await s.simulator.waitFor(() => customer.received[0]);
      expect(customer.received.map(({ text }) => text)).toEqual(['operater assign']);
    });

    test('a canned reply', async () => {
      const { customer, thread } = await conversation(s.simulator, 'same-canned');
      const { team } = s.simulator.state();
      await tell(s, YAMADA, { channel: team.id, text: 'canned add hello いつもありがとうございます' });
      s.simulator.faults.next(throttled);
      const { postId } = await tell(s, SATO, { thread: thread.id, text: '/hello' });
      await putOff();
      await edit(postId, '@KARTE /hello');
      await s.simulator.waitFor(() => customer.received[0]);
      expect(customer.received.map(({ text }) => text)).toEqual(['いつもありがとうございます']);
    });
  });

  test('that takes the mention away calls it off, though its words are the same', async () => {
    const { customer, thread } = await conversation(s.simulator, 'no-mention');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '社内の話でした' });
    await putOff();
    await s.simulator.teams.edit(SATO, postId, '社内の話でした', []).answered;
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  test('of the words beside a picture leaves the picture, and its writer is told so', async () => {
    const { customer, thread } = await conversation(s.simulator, 'picture-stays');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '古い文', pictures: [picture()] });
    await putOff();
    await edit(postId, '@KARTE 新しい文');
    await shown(s.simulator, thread.id, '添えた画像は、編集のあともそのまま送られます');
    const first = await s.simulator.waitFor(() => customer.received[0]);
    expect(first.text).toMatch(/^新しい文\n.*https:/);
  });
});

describe('pictures that an edit takes away or adds', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  const edit = async (id: string, text: string, pictures: 'kept' | ReturnType<typeof picture>[] = 'kept') => {
    await s.simulator.teams.edit(SATO, id, text, undefined, pictures).answered;
    await idle(s);
  };
  const seenBy = async ({ received }: { received: { text: string }[] }) =>
    Promise.all(linksIn(received.at(-1)?.text ?? '').map(async (link) => (await opened(s, link)).bytes));
  /** A reply that KARTE refused, so that it waits for a person. */
  const parked = async (key: string, text: string, pictures = [picture()]) => {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND, status: 400 });
    const { postId } = await tell(s, SATO, { thread: thread.id, text, pictures });
    const card = await shown(s.simulator, thread.id, 'お客さまに送れませんでした');
    await idle(s);
    const again = async (title = 'もう一度送る') => {
      const last = thread.posts.findLast((post) => buttonsOf(post).some((one) => one.title === title));
      await press(s, SATO, last, button(last, title));
      await idle(s);
    };
    return { customer, thread, postId, card, again };
  };
  const delivered = async (key: string, text: string, pictures = [picture()]) => {
    const { customer, thread } = await conversation(s.simulator, key);
    const { postId } = await tell(s, SATO, { thread: thread.id, text, pictures });
    await until(() => customer.received.length === 1);
    await idle(s);
    return { customer, thread, postId };
  };

  test('do not go out, or go out too, where nothing was sent yet', async () => {
    const gone = await parked('pictures-gone', '三時です', [picture('png'), picture('gif')]);
    await edit(gone.postId, '@KARTE 三時です', [picture('gif')]);
    await gone.again();
    expect(gone.customer.received.map(({ text }) => text.split('\n')[0])).toEqual(['三時です']);
    expect(await seenBy(gone.customer)).toEqual([bytesOf('gif')]);

    const added = await parked('pictures-added', '三時です', []);
    await edit(added.postId, '@KARTE 三時です', [picture('gif')]);
    await added.again();
    expect(await seenBy(added.customer)).toEqual([bytesOf('gif')]);
  });

  test('go out alone where all words were taken away', async () => {
    const { customer, postId, again } = await parked('pictures-alone', '三時です');
    await edit(postId, '@KARTE');
    await again();
    expect(customer.received.map(({ text }) => text.split(': ')[0])).toEqual(['画像']);
  });

  test('that the customer has are told to whoever wrote it, and there is no correction where the words are the same', async () => {
    const { customer, thread, postId } = await delivered('pictures-late', '三時です', [picture('png'), picture('gif')]);
    await edit(postId, '@KARTE 三時です', [picture('gif')]);
    const card = await shown(s.simulator, thread.id, 'お客さまには編集前の画像が届いています');
    expect(card.mentions.map(({ name }) => name)).toEqual([SATO]);
    expect(buttonsOf(card)).toEqual([]);
    expect(customer.received).toHaveLength(1);
  });

  test('a picture alone that was taken away is told as well', async () => {
    const { thread, postId } = await delivered('pictures-late-alone', '', [picture('png'), picture('gif')]);
    await edit(postId, '@KARTE', [picture('gif')]);
    await shown(s.simulator, thread.id, 'お客さまには編集前の画像が届いています');
  });

  test('stay away where somebody sent the words without them', async () => {
    const { customer, thread } = await conversation(s.simulator, 'pictures-without');
    s.simulator.faults.next({ side: 'teams', path: '^/v3/attachments', status: 404 });
    const { postId } = await tell(s, SATO, { thread: thread.id, text: '古い', pictures: [picture()] });
    await shown(s.simulator, thread.id, '画像が Teams に見つかりません');
    await idle(s);
    await edit(postId, '@KARTE 新しい');
    const card = thread.posts.findLast((post) => buttonsOf(post).some(({ title }) => title === '画像なしで送る'));
    await press(s, SATO, card, button(card, '画像なしで送る'));
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['新しい']);
    const before = thread.posts.length;
    await edit(postId, '@KARTE 新しい');
    expect(thread.posts).toHaveLength(before);
  });

  test('are brought along by talk among colleagues that mentions the bot since', async () => {
    const { customer, thread } = await conversation(s.simulator, 'pictures-mention');
    const said = s.simulator.teams.say(SATO, {
      thread: thread.id,
      text: '図です',
      pictures: [picture()],
      mentions: [],
    });
    await said.answered;
    await s.simulator.teams.edit(SATO, said.post.id, '@KARTE 図です', ['bot'], 'kept').answered;
    const ask = await shown(s.simulator, thread.id, 'お客さまにはまだ送っていません');
    expect(wordsOf(ask)).toContain('画像 1 枚を含みます');
    await press(s, SATO, ask, button(ask, 'お客さまに送る'));
    await idle(s);
    expect(await seenBy(customer)).toEqual([bytesOf('png')]);
  });
});
