import { picture } from '../fixtures/pictures.ts';
import { button, idle, nowOf, press, roomyStand, slip, tell, until } from './moves.ts';
import { conversation, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

const throttled = {
  side: 'karte',
  path: 'talk/message/sendFromOperator',
  status: 429,
  headers: { 'retry-after': '2' },
} as const;

/** Teams tells of an edit also when the preview of a link comes up below a message, and nothing of it was changed. */
describe('an edit that changes nothing', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
    slow = true;
  });
  afterEach(() => s.close());

  const guard = async (guarded = true) => {
    const { id } = s.simulator.state().team;
    await s.running.desk.directory.changeDesk(id, (desk) => ({ ...desk, rules: { guarded } }));
  };
  let slow = true;
  const holdUp = () => {
    if (slow) s.simulator.faults.next(throttled);
  };
  const putOff = () =>
    until(async () =>
      (await s.store.deliveries.find({ where: { toward: 'endUser' } })).some(({ value }) => value.failure),
    );
  const touch = async (postId: string, text: string) => {
    await s.simulator.teams.edit(SATO, postId, text, undefined, 'kept').answered;
  };

  /** Each waits for KARTE's next try where that is slow; `sent` is what the customer gets in the end. */
  const replies: Record<string, (key: string) => Promise<{ postId: string; typed: string; sent: RegExp }>> = {
    async 'a picture alone'(key) {
      const { thread } = await conversation(s.simulator, key);
      holdUp();
      const { postId } = await tell(s, SATO, { thread: thread.id, text: '', pictures: [picture()] });
      return { postId, typed: '@KARTE', sent: /^画像: https/ };
    },
    async 'what looked like a command and was sent by its button'(key) {
      const { card, postId } = await slip(s, key, 'operater assign');
      holdUp();
      await press(s, YAMADA, card, button(card, 'このままお客さまに送る'));
      return { postId, typed: '@KARTE operater assign', sent: /^operater assign$/ };
    },
    async 'a canned reply'(key) {
      await tell(s, YAMADA, { channel: s.simulator.state().team.id, text: 'canned add お礼 ありがとうございます' });
      const { thread } = await conversation(s.simulator, key);
      holdUp();
      const { postId } = await tell(s, SATO, { thread: thread.id, text: '/お礼' });
      return { postId, typed: '@KARTE /お礼', sent: /^ありがとうございます$/ };
    },
    async 'a canned reply that was chosen for a mistyped one'(key) {
      await tell(s, YAMADA, { channel: s.simulator.state().team.id, text: 'canned add お礼 ありがとうございます' });
      const { card, postId } = await slip(s, key, '/お礼 です');
      holdUp();
      await press(s, SATO, card, button(card, '/お礼'));
      return { postId, typed: '@KARTE /お礼 です', sent: /^ありがとうございます$/ };
    },
    async 'a sentence that begins with “reply” and was sent as it is'(key) {
      const { card, postId } = await slip(s, key, 'Reply to this message');
      holdUp();
      await press(s, SATO, card, button(card, 'このままお客さまに送る'));
      return { postId, typed: '@KARTE Reply to this message', sent: /^Reply to this message$/ };
    },
    async 'what a mistyped “reply” was run as, where only that goes out'(key) {
      await guard();
      const { card, postId } = await slip(s, key, 'rpely お待たせしました');
      holdUp();
      await press(s, SATO, card, button(card, 'reply お待たせしました'));
      return { postId, typed: '@KARTE rpely お待たせしました', sent: /^お待たせしました$/ };
    },
    async 'marked words beside a picture that stayed behind'(key) {
      await guard();
      const { thread } = await conversation(s.simulator, key);
      holdUp();
      const text = '確認済み ```お待たせしました```';
      const { postId } = await tell(s, SATO, { thread: thread.id, text, pictures: [picture()] });
      return { postId, typed: `@KARTE ${text}`, sent: /^お待たせしました$/ };
    },
    async 'words from before the desk began to send only what is marked'(key) {
      const { thread } = await conversation(s.simulator, key);
      holdUp();
      const { postId } = await tell(s, SATO, { thread: thread.id, text: 'お待たせしました' });
      await guard();
      return { postId, typed: '@KARTE  お待たせしました ', sent: /^お待たせしました$/ };
    },
  };

  test.each(Object.entries(replies))('calls nothing off and asks nothing while it waits: %s', async (what, reply) => {
    const key = `same-waiting-${what.length}`;
    const { postId, typed, sent } = await reply(key);
    await putOff();
    await touch(postId, typed);
    const customer = s.simulator.karte.customer(key);
    await s.simulator.waitFor(() => customer.received[0]);
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual([expect.stringMatching(sent)]);
    expect(s.simulator.teams.botPosts().map(wordsOf).join()).not.toContain('編集');
  });

  test.each(Object.entries(replies))('says nothing once the customer has it: %s', async (what, reply) => {
    slow = false;
    const key = `same-sent-${what.length}`;
    const { postId, typed } = await reply(key);
    const customer = s.simulator.karte.customer(key);
    await s.simulator.waitFor(() => customer.received[0]);
    await idle(s);
    await touch(postId, typed);
    await idle(s);
    expect(s.simulator.teams.botPosts().map(wordsOf).join()).not.toContain('編集');
    expect(customer.received).toHaveLength(1);
  });

  test('leaves the question about what looks like a command as it is', async () => {
    const { customer, card, postId } = await slip(s, 'same-question', 'operater assign');
    await touch(postId, '@KARTE operater assign');
    await press(s, SATO, card, button(card, 'このままお客さまに送る'));
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['operater assign']);
    expect(wordsOf(nowOf(s, card))).toContain('お客さまに送りました');
  });

  test('is still a change where the mention went: then it is for nobody', async () => {
    const { customer, thread } = await conversation(s.simulator, 'same-mention');
    s.simulator.faults.next(throttled);
    const { postId } = await tell(s, SATO, { thread: thread.id, text: 'お待たせしました' });
    await putOff();
    await s.simulator.teams.edit(SATO, postId, 'お待たせしました', []).answered;
    await idle(s);
    expect(customer.received).toEqual([]);
    expect(thread.posts.map(wordsOf).join()).toContain('編集されたので、お客さまへの送信を止めました');
  });

  test('is still a change where the mark went, though the words are the same', async () => {
    await guard();
    const { customer, thread } = await conversation(s.simulator, 'same-mark');
    s.simulator.faults.next(throttled);
    const html = '<p><at>KARTE</at></p><pre>お待たせしました</pre>';
    const { postId } = await tell(s, SATO, { thread: thread.id, text: 'お待たせしました', html });
    await putOff();
    await touch(postId, '@KARTE お待たせしました');
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  test('back to what was sent by a button: nothing more is said than of the edit before', async () => {
    const { customer, thread, card, postId } = await slip(s, 'same-back', 'operater assign');
    await press(s, SATO, card, button(card, 'このままお客さまに送る'));
    await until(() => customer.received.length === 1);
    await idle(s);
    await touch(postId, '@KARTE ありがとうございます');
    await until(() => thread.posts.some((post) => wordsOf(post).includes('編集前の文が届いています')));
    await idle(s);
    const before = thread.posts.length;
    await touch(postId, '@KARTE operater assign');
    await idle(s);
    expect(thread.posts).toHaveLength(before);
  });

  test('brings what was deleted back as it was sent, and asks before it goes', async () => {
    const { customer, thread, card, postId } = await slip(s, 'same-undelete', 'operater assign');
    s.simulator.faults.next(throttled);
    await press(s, SATO, card, button(card, 'このままお客さまに送る'));
    await putOff();
    await s.simulator.teams.delete(SATO, postId).answered;
    await idle(s);
    expect(customer.received).toEqual([]);
    await s.simulator.teams.undelete(SATO, postId).answered;
    await idle(s);
    const ask = thread.posts.findLast((post) => wordsOf(post).includes('お客さまにはまだ送っていません'));
    await press(s, SATO, ask, button(ask, 'お客さまに送る'));
    await idle(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['operater assign']);
  });
});
