import type { Post, Thread } from '../../simulator/state.ts';
import { until } from '../integration/moves.ts';
import { SATO, wordsOf, YAMADA } from '../integration/stand.ts';
import {
  conversation,
  failureCard,
  press,
  reply,
  type Scene,
  SEND_AGAIN,
  SEND_PATH,
  scene,
  sends,
  settled,
  stored,
  UNCLEAR,
  WAS_SENT,
} from './scene.ts';

const OLD = '明日お届けします。';
const NEW = '明後日お届けします。';
const HAS_OLD = 'お客さまには編集前の文が届いています';
const CANCELLED = '削除されたので、お客さまには送っていません';
const HAS_DELETED = '削除したメッセージは、お客さまに届いています';
const SEND_CORRECTION = '訂正を送る';
const TOO_MANY = { side: 'karte', path: SEND_PATH, status: 429, headers: { 'retry-after': '60' } } as const;

let s: Scene;
beforeEach(async () => {
  s = await scene();
});
afterEach(() => s.close());

const texts = () => sends(s).map(({ body }) => (body as { content: { text: string } }).content.text);
const showing = (thread: Thread, words: string): Post[] =>
  thread.posts.filter((post) => post.fromBot && wordsOf(post).includes(words));
const edit = (post: Post, text: string) => s.simulator.teams.edit(SATO, post.id, `@KARTE ${text}`);
const remove = (post: Post) => s.simulator.teams.delete(SATO, post.id);

/** A reply that KARTE has put off once: it is certain that nothing was sent. */
async function waiting(key: string) {
  const { customer, thread } = await conversation(s.simulator, key);
  s.simulator.faults.next(TOO_MANY);
  const { post, answered } = reply(s, thread, OLD);
  await answered;
  await until(async () => (await stored(s)).some(({ failure }) => failure?.code === 'karte.throttled'));
  return { customer, thread, post };
}

/** A reply whose send has begun and gets no answer for as long as it takes. */
async function hanging(key: string, hang: 'before' | 'after') {
  const { customer, thread } = await conversation(s.simulator, key);
  s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang });
  const { post } = reply(s, thread, OLD);
  await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
  return { customer, thread, post };
}

describe('a reply that waits', () => {
  test('goes out in the words that its message has by then, and nothing is said but the sign of success', async () => {
    const { customer, thread, post } = await waiting('member-a');
    await edit(post, NEW).answered;
    await settled(s, 5_000);
    expect(texts()).toEqual([OLD, NEW]);
    expect(customer.received.map(({ text }) => text)).toEqual([NEW]);
    await s.simulator.waitFor(() => post.reactions.length > 0);
    expect(showing(thread, NEW)).toEqual([]);
    expect(showing(thread, '編集')).toEqual([]);
  });

  test('is called off by a deletion, and the thread says so once, without the words', async () => {
    const { customer, thread, post } = await waiting('member-b');
    await remove(post).answered;
    await s.simulator.teams.redeliver(post.id).settled;
    await settled(s, 5_000);
    expect(customer.received).toEqual([]);
    expect(texts()).toEqual([OLD]);
    expect(showing(thread, CANCELLED)).toHaveLength(1);
    expect(showing(thread, OLD)).toEqual([]);
  });

  test('that was called off does not hold up the one behind it, and comes back only when somebody says so', async () => {
    const { customer, thread, post } = await waiting('member-c');
    reply(s, thread, '次の返事です。');
    await remove(post).answered;
    await s.clock.until(() => customer.received.length === 1, 5_000);
    await s.simulator.teams.undelete(SATO, post.id).answered;
    const card = await s.clock.until(() => showing(thread, 'お客さまにはまだ送っていません')[0], 500);
    await settled(s, 5_000);
    expect(customer.received.map(({ text }) => text)).toEqual(['次の返事です。']);
    await press(s, YAMADA, card, 'お客さまに送る');
    await s.clock.until(() => customer.received.length === 2, 500);
    expect(customer.received[1]?.text).toBe(OLD);
    await s.simulator.waitFor(() => wordsOf(card).includes(`${YAMADA} さんがお客さまに送りました。`));
  });

  test.each([
    ['a note', 'note 明日か明後日か確認中', '編集でコマンドは実行されません'],
    ['a mistyped command', 'operater assign', '編集でコマンドは実行されません'],
    ['a command', 'close', '編集でコマンドは実行されません'],
  ])('is stopped when it is edited into %s, which is neither run nor sent', async (_, text, told) => {
    const { customer, thread, post } = await waiting('member-d');
    await edit(post, text).answered;
    await settled(s, 5_000);
    expect(customer.received).toEqual([]);
    expect(texts()).toEqual([OLD]);
    expect(showing(thread, '編集されたので、お客さまへの送信を止めました')).toHaveLength(1);
    expect(showing(thread, told)).toHaveLength(1);
    expect(customer.state.status).toBe('open');
    expect(customer.state.messages.filter(({ from }) => from === 'note')).toEqual([]);
  });

  test('is stopped when it is edited into something that holds a secret, which is not kept', async () => {
    const { thread, post, customer } = await waiting('member-e');
    const { accessToken } = s.simulator.karte.project;
    await edit(post, `トークンは ${accessToken} です`).answered;
    await settled(s, 5_000);
    expect(customer.received).toEqual([]);
    expect(showing(thread, '秘密の値')).toHaveLength(1);
    expect(JSON.stringify(await stored(s))).not.toContain(accessToken);
  });

  test('is stopped when its mention of the bot is taken out: it is talk among colleagues now', async () => {
    const { thread, post, customer } = await waiting('member-f');
    await s.simulator.teams.edit(SATO, post.id, '明日で合っていますか', []).answered;
    await settled(s, 5_000);
    expect(customer.received).toEqual([]);
    expect(showing(thread, '送信を止めました')).toHaveLength(1);
  });

  test('keeps the newest words when edits arrive twice and in the wrong order', async () => {
    const { customer, post } = await waiting('member-g');
    const first = edit(post, '一つ目の直し');
    await first.answered;
    await s.clock.until(() => s.clock.now() > Date.parse(String(first.activity?.timestamp)) + 1_000, 500);
    await edit(post, NEW).answered;
    for (const late of [first.activity, first.activity]) if (late) await s.simulator.teams.deliver(late).answered;
    await settled(s, 5_000);
    expect(customer.received.map(({ text }) => text)).toEqual([NEW]);
  });

  test('goes on after a crash with the words that were stored', async () => {
    const { customer, post } = await waiting('member-h');
    await edit(post, NEW).answered;
    await s.crash();
    await s.clock.until(() => customer.received.length === 1, 5_000);
    await settled(s);
    expect(customer.received.map(({ text }) => text)).toEqual([NEW]);
  });
});

describe('an edit or a deletion meets the send', () => {
  const claiming = (value: Record<string, unknown>) => value.state === 'open' && value.claimedAt !== undefined;
  const revising = (value: Record<string, unknown>) => value.revision !== undefined && value.claimedAt === undefined;
  const meanwhile = (when: (value: Record<string, unknown>) => boolean, first: () => Promise<unknown>) =>
    s.faulty.fail({ name: 'deliveries', method: 'replace', when, first });

  test('the edit is first by a moment: the new words go out, once', async () => {
    const { customer, thread, post } = await waiting('member-a');
    meanwhile(claiming, () => edit(post, NEW).answered);
    await settled(s, 5_000);
    expect(texts()).toEqual([OLD, NEW]);
    expect(customer.received.map(({ text }) => text)).toEqual([NEW]);
    expect(showing(thread, '編集')).toEqual([]);
  });

  test('the deletion is first by a moment: nothing goes out', async () => {
    const { customer, thread, post } = await waiting('member-b');
    meanwhile(claiming, () => remove(post).answered);
    await settled(s, 5_000);
    expect(texts()).toEqual([OLD]);
    expect(customer.received).toEqual([]);
    expect(showing(thread, CANCELLED)).toHaveLength(1);
  });

  test.each([
    ['edit', (post: Post) => edit(post, NEW), HAS_OLD],
    ['deletion', remove, HAS_DELETED],
  ])('the send is first by a moment: after the %s the thread says what the customer has', async (_, act, words) => {
    const { customer, thread, post } = await waiting('member-c');
    meanwhile(revising, () => {
      s.clock.skip(70_000);
      return s.simulator.waitFor(() => customer.received.length === 1);
    });
    await act(post).settled;
    await settled(s);
    expect(customer.received.map(({ text }) => text)).toEqual([OLD]);
    expect(showing(thread, words)).toHaveLength(1);
  });

  test('an edit while KARTE hangs is told when it is known that the old words arrived; nothing is sent twice', async () => {
    const { customer, thread, post } = await hanging('member-d', 'after');
    await edit(post, NEW).answered;
    await s.simulator.teams.redeliver(post.id).settled;
    await settled(s, 500);
    expect(texts()).toEqual([OLD]);
    expect(customer.received.map(({ text }) => text)).toEqual([OLD]);
    const cards = showing(thread, HAS_OLD);
    expect(cards).toHaveLength(1);
    await press(s, YAMADA, cards[0] as Post, SEND_CORRECTION);
    await s.clock.until(() => customer.received.length === 2, 500);
    expect(customer.received[1]?.text).toBe(`訂正：${NEW}`);
  });

  test('an edit while KARTE hangs goes out in place of the old words when those surely did not arrive', async () => {
    const { customer, thread, post } = await hanging('member-e', 'before');
    await edit(post, NEW).answered;
    await settled(s, 500);
    expect(texts()).toEqual([OLD, NEW]);
    expect(customer.received.map(({ text }) => text)).toEqual([NEW]);
    expect(showing(thread, '編集')).toEqual([]);
  });

  test.each([
    ['arrived', 'after', 1, HAS_DELETED],
    ['did not arrive', 'before', 0, CANCELLED],
  ] as const)('a deletion while KARTE hangs is told for what it was worth: it %s', async (_, hang, received, words) => {
    const { customer, thread, post } = await hanging('member-f', hang);
    await remove(post).answered;
    await settled(s, 500);
    expect(texts()).toEqual([OLD]);
    expect(customer.received).toHaveLength(received);
    expect(showing(thread, words)).toHaveLength(1);
  });

  test('an edit while KARTE hangs is told also when the process dies over it', async () => {
    const { customer, thread, post } = await hanging('member-g', 'after');
    await edit(post, NEW).answered;
    await s.crash();
    await s.clock.until(() => showing(thread, HAS_OLD)[0], 500);
    await settled(s);
    expect(texts()).toEqual([OLD]);
    expect(customer.received).toHaveLength(1);
  });

  test('an edit whose notice could not be stored is told when Teams delivers it again', async () => {
    const { customer, thread } = await conversation(s.simulator, 'member-h');
    const { post } = reply(s, thread, OLD);
    await s.simulator.waitFor(() => customer.received.length === 1);
    await settled(s);
    const ofEdit = ({ content }: Record<string, unknown>) => (content as { type?: string })?.type === 'edited';
    s.faulty.fail({ name: 'deliveries', method: 'insert', when: ofEdit });
    expect((await edit(post, NEW).answered)?.attempts[0]?.status).toBe(503);
    await s.clock.until(() => showing(thread, HAS_OLD)[0], 200);
    await settled(s);
    expect(showing(thread, HAS_OLD)).toHaveLength(1);
  });
});

describe('a reply that is parked', () => {
  async function refused(key: string) {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 400 });
    const { post } = reply(s, thread, OLD);
    const card = await failureCard(s, OLD);
    await settled(s);
    return { customer, thread, post, card };
  }

  async function unclear(key: string) {
    const { customer, thread } = await conversation(s.simulator, key);
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, status: 500, effect: true });
    s.simulator.faults.next({ side: 'karte', path: 'message/get$', status: 403 });
    const { post } = reply(s, thread, OLD);
    const card = await failureCard(s, UNCLEAR);
    await settled(s);
    return { customer, thread, post, card };
  }

  test('is shown anew after an edit, and either card sends the new words, once', async () => {
    const { customer, thread, post, card } = await refused('member-a');
    await edit(post, NEW).answered;
    const anew = await failureCard(s, NEW, 200);
    expect(wordsOf(anew)).toContain('編集後の文です');
    await press(s, YAMADA, card, SEND_AGAIN);
    await press(s, YAMADA, anew, SEND_AGAIN);
    await settled(s);
    expect(customer.received.map(({ text }) => text)).toEqual([NEW]);
    expect(showing(thread, 'すでに対応済み')).toHaveLength(1);
  });

  test('is let be by a deletion', async () => {
    const { customer, thread, post, card } = await refused('member-b');
    await remove(post).answered;
    await s.clock.until(() => showing(thread, CANCELLED)[0], 200);
    await press(s, YAMADA, card, SEND_AGAIN);
    await settled(s);
    expect(customer.received).toEqual([]);
    expect(showing(thread, 'すでに対応済み')).toHaveLength(1);
  });

  test('without anybody knowing whether it arrived: an edit says which words the customer may have, and “It was sent” offers the correction', async () => {
    const { customer, thread, post } = await unclear('member-c');
    await edit(post, NEW).answered;
    const anew = await failureCard(s, NEW, 200);
    expect(wordsOf(anew)).toContain('届いた可能性があるのは編集前の文です');
    expect(showing(thread, SEND_CORRECTION)).toEqual([]);
    await press(s, YAMADA, anew, WAS_SENT);
    const offer = await s.clock.until(() => showing(thread, HAS_OLD)[0], 200);
    await press(s, YAMADA, offer, SEND_CORRECTION);
    await settled(s);
    expect(customer.received.map(({ text }) => text)).toEqual([OLD, `訂正：${NEW}`]);
  });

  test('without anybody knowing whether it arrived: a deletion says so, and sends nothing', async () => {
    const { customer, thread, post } = await unclear('member-d');
    await remove(post).answered;
    await s.clock.until(() => showing(thread, '届いた可能性があります')[0], 200);
    await settled(s);
    expect(customer.received).toHaveLength(1);
  });
});
