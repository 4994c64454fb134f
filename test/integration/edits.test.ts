import type { Post, Thread } from '../../simulator/state.ts';
import { button, buttonsOf, idle, nowOf, press, roomyStand, slip, tell, until } from './moves.ts';
import { conversation, OUTSIDER, runsOf, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const HAS_OLD = 'お客さまには編集前の文が届いています';
const NOT_YET = 'お客さまにはまだ送っていません';

describe('a message that was edited or deleted in Teams', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  const edit = async (post: Pick<Post, 'id'>, text: string, mentions?: string[]) => {
    await s.simulator.teams.edit(SATO, post.id, text, mentions).answered;
    await idle(s);
  };
  const said = (thread: Thread) => thread.posts.filter(({ fromBot }) => fromBot).length;
  const showing = (thread: Thread, words: string) => thread.posts.filter((post) => wordsOf(post).includes(words));

  /** An answer that the customer has; `before` counts what the bot has said in the thread by then. */
  async function answered(key: string, text = '三時に伺います') {
    const { customer, thread } = await conversation(s.simulator, key);
    const { postId } = await tell(s, SATO, { thread: thread.id, text });
    await until(() => customer.received.length === 1);
    await idle(s);
    return { customer, thread, post: { id: postId }, before: said(thread) };
  }

  describe('once the customer has it', () => {
    test('an edit is told to whoever wrote it, with both texts, and the correction goes out at one press', async () => {
      const { customer, thread, post } = await answered('edit-late');
      await edit(post, '@KARTE 四時に伺います');
      const card = await shown(s.simulator, thread.id, HAS_OLD);
      expect(runsOf(card)).toEqual(['三時に伺います', '訂正：四時に伺います']);
      expect(card.mentions.map(({ name }) => name)).toEqual([SATO]);
      expect(wordsOf(card)).toContain('書き換えることはできません');
      expect(customer.received).toHaveLength(1);
      await press(s, YAMADA, card, button(card, '訂正を送る'));
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['三時に伺います', '訂正：四時に伺います']);
      expect(wordsOf(nowOf(s, card))).toContain(`${YAMADA} さんが訂正を送りました。`);
      expect(runsOf(nowOf(s, card))).toContain('訂正：四時に伺います');
      expect(buttonsOf(nowOf(s, card))).toEqual([]);
    });

    test('the correction goes out once, whoever presses, and for members of the team only', async () => {
      const { customer, thread, post } = await answered('edit-pressed');
      await edit(post, '@KARTE 四時に伺います');
      const card = await shown(s.simulator, thread.id, HAS_OLD);
      const data = button(card, '訂正を送る');
      expect((await press(s, OUTSIDER, card, data)).words).toContain('このチームのメンバーだけ');
      await idle(s);
      expect(customer.received).toHaveLength(1);
      const { activityId } = await press(s, YAMADA, card, data);
      await s.simulator.teams.redeliver(activityId).settled;
      expect((await press(s, SATO, card, data)).words).toContain('すでに対応済み');
      await idle(s);
      expect(customer.received).toHaveLength(2);
    });

    test('the same edit delivered twice makes one card; the next edit makes the next, and the older card sends nothing', async () => {
      const { customer, thread, post } = await answered('edit-twice');
      await edit(post, '@KARTE 四時に伺います');
      await s.simulator.teams.redeliver(post.id).settled;
      await idle(s);
      expect(showing(thread, HAS_OLD)).toHaveLength(1);
      await edit(post, '@KARTE 五時に伺います');
      const [older, newer] = showing(thread, HAS_OLD);
      expect((await press(s, SATO, older, button(older, '訂正を送る'))).words).toContain('新しいカード');
      await press(s, SATO, newer, button(newer, '訂正を送る'));
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['三時に伺います', '訂正：五時に伺います']);
    });

    test.each([
      ['only the place of the mention', '三時に伺います @KARTE'],
      ['only white space', '@KARTE 三時に  伺います'],
    ])('an edit that changes %s says nothing', async (what, text) => {
      const { thread, post, before } = await answered(`edit-same-${what.length}`, '三時に 伺います');
      await edit(post, text.replace('三時に伺', '三時に 伺'));
      expect(said(thread)).toBe(before);
    });

    test('an edit back to the old words says nothing more, and the card in between sends nothing', async () => {
      const { customer, thread, post } = await answered('edit-back');
      await edit(post, '@KARTE 四時に伺います');
      const card = await shown(s.simulator, thread.id, HAS_OLD);
      const before = said(thread);
      await edit(post, '@KARTE 三時に伺います');
      expect(said(thread)).toBe(before);
      await press(s, SATO, card, button(card, '訂正を送る'));
      await idle(s);
      expect(customer.received).toHaveLength(1);
    });

    test('an edit into a note offers nothing to send: the customer has the old words', async () => {
      const { customer, thread, post } = await answered('edit-note');
      await edit(post, '@KARTE note 三時は無理');
      const card = await shown(s.simulator, thread.id, HAS_OLD);
      expect(buttonsOf(card)).toEqual([]);
      expect(wordsOf(card)).not.toContain('無理');
      expect(customer.received).toHaveLength(1);
    });

    test('an edit that holds a secret is neither kept nor offered', async () => {
      const { thread, post } = await answered('edit-secret');
      const { clientSecret } = s.simulator.karte.project;
      await edit(post, `@KARTE ${clientSecret}`);
      const card = await shown(s.simulator, thread.id, '秘密の値');
      expect(buttonsOf(card)).toEqual([]);
      expect(JSON.stringify(await s.store.deliveries.find({}))).not.toContain(clientSecret);
    });

    test('a deletion is told: the customer still has it, and nobody can take it back', async () => {
      const { customer, thread, post } = await answered('delete-late', '消したい文');
      await s.simulator.teams.delete(SATO, post.id).answered;
      await s.simulator.teams.redeliver(post.id).settled;
      await idle(s);
      const cards = showing(thread, '削除したメッセージは、お客さまに届いています');
      expect(cards).toHaveLength(1);
      expect(wordsOf(cards[0] as Post)).toContain('お客さまの画面から消すことはできません');
      expect(wordsOf(cards[0] as Post)).not.toContain('消したい文');
      expect(buttonsOf(cards[0])).toEqual([]);
      expect(customer.received).toHaveLength(1);
      const before = said(thread);
      await s.simulator.teams.undelete(SATO, post.id).answered;
      await idle(s);
      expect(said(thread)).toBe(before);
    });

    test('what a customer’s text looks like in the card is text', async () => {
      const text = '**太字** <at>山田 花子</at> {{DATE(2026-01-01)}} $&';
      const { thread, post } = await answered('edit-verbatim', text);
      await edit(post, `@KARTE ${text}!`);
      const card = await shown(s.simulator, thread.id, HAS_OLD);
      expect(runsOf(card)).toEqual([text, `訂正：${text}!`]);
      expect(card.mentions.map(({ name }) => name)).toEqual([SATO]);
    });
  });

  describe('that was no reply', () => {
    test('talk among colleagues that mentions the bot by an edit is offered, and goes out at a press', async () => {
      const { customer, thread } = await conversation(s.simulator, 'edit-mention');
      const { post } = s.simulator.teams.say(SATO, { thread: thread.id, text: '本日発送します' });
      await edit(post, '@KARTE 本日発送します', ['bot']);
      const card = await shown(s.simulator, thread.id, NOT_YET);
      expect(customer.received).toEqual([]);
      expect(buttonsOf(card).map(({ title }) => title)).toEqual(['お客さまに送る', '送らない']);
      await press(s, SATO, card, button(card, 'お客さまに送る'));
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['本日発送します']);
      await until(() => nowOf(s, post).reactions.length > 0);
    });

    test('an offer can be let be, and its words stay to be read', async () => {
      const { customer, thread } = await conversation(s.simulator, 'edit-let-be');
      const { post } = s.simulator.teams.say(SATO, { thread: thread.id, text: '社内の話' });
      await edit(post, '@KARTE 社内の話です', ['bot']);
      const card = await shown(s.simulator, thread.id, NOT_YET);
      await press(s, YAMADA, card, button(card, '送らない'));
      await idle(s);
      expect(customer.received).toEqual([]);
      expect(wordsOf(nowOf(s, card))).toContain(`${YAMADA} さんが、送らないことにしました`);
      expect(runsOf(nowOf(s, card))).toContain('社内の話です');
    });

    test.each([
      ['a command', 'operator assign @佐藤'],
      ['a note', 'note 明日また電話する'],
      ['another slip', 'operater asign'],
    ])('a note that becomes %s does nothing and says nothing', async (what, text) => {
      const { customer, thread } = await conversation(s.simulator, `edit-to-${what.length}`);
      const { postId } = await tell(s, SATO, { thread: thread.id, text: 'note 明日電話する' });
      const before = said(thread);
      const notes = customer.state.messages.length;
      await edit({ id: postId }, `@KARTE ${text}`);
      expect(said(thread)).toBe(before);
      expect(customer.state.messages).toHaveLength(notes);
    });

    test('a slip that is mended by an edit is offered in its new words, and its question is over', async () => {
      const { customer, thread, card, postId } = await slip(s, 'edit-slip', 'operater assign');
      await edit({ id: postId }, '@KARTE オペレーターが伺います');
      const offer = await shown(s.simulator, thread.id, NOT_YET);
      expect((await press(s, SATO, card, button(card, 'このままお客さまに送る'))).words).toContain(
        'この確認は終わっています',
      );
      await press(s, SATO, offer, button(offer, 'お客さまに送る'));
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['オペレーターが伺います']);
    });

    test('a slip that becomes another slip keeps its question, and a deleted one loses it', async () => {
      const { customer, card, postId } = await slip(s, 'edit-slip-again', 'operater assign');
      await edit({ id: postId }, '@KARTE operator asign');
      await s.simulator.teams.delete(SATO, postId).answered;
      expect((await press(s, SATO, card, button(card, '実行'))).words).toContain('この確認は終わっています');
      await idle(s);
      expect(customer.received).toEqual([]);
      expect(customer.state.assignee).toBeNull();
    });

    test('outside customers’ threads nothing is done about edits', async () => {
      const channel = s.simulator.state().team.id;
      const { post, thread } = s.simulator.teams.say(SATO, { channel, text: '今日の当番' });
      await edit(post, '@KARTE 今日の当番です', ['bot']);
      await s.simulator.teams.delete(SATO, post.id).answered;
      expect(said(thread)).toBe(0);
    });
  });

  describe('whose first arrival failed', () => {
    test('is sent in its new words only when somebody says so, and its old words never', async () => {
      const { customer, thread } = await conversation(s.simulator, 'edit-first');
      const { post } = s.simulator.teams.say(SATO, { thread: thread.id, text: '古い文' });
      const late = activityOf(s, thread, post, '古い文');
      await edit(post, '@KARTE 新しい文', ['bot']);
      const card = await shown(s.simulator, thread.id, NOT_YET);
      await s.simulator.teams.deliver(late).answered;
      await idle(s);
      expect(customer.received).toEqual([]);
      await press(s, SATO, card, button(card, 'お客さまに送る'));
      await idle(s);
      expect(customer.received.map(({ text }) => text)).toEqual(['新しい文']);
    });

    test('is not sent when it was deleted in between', async () => {
      const { customer, thread } = await conversation(s.simulator, 'delete-first');
      const { post } = s.simulator.teams.say(SATO, { thread: thread.id, text: '古い文' });
      const late = activityOf(s, thread, post, '古い文');
      const channelData = { ...(late.channelData as object), eventType: 'softDeleteMessage' };
      await s.simulator.teams.deliver({ ...late, type: 'messageDelete', text: undefined, channelData }).answered;
      const before = said(thread);
      await s.simulator.teams.deliver(late).answered;
      await idle(s);
      expect(customer.received).toEqual([]);
      expect(said(thread)).toBe(before);
    });
  });
});

/** The activity of a message that Teams could not bring to the bot at first. */
function activityOf({ simulator }: Stand, thread: Thread, post: Post, text: string) {
  const { bot, team, tenantId } = simulator.state();
  const person = simulator.teams.person(SATO);
  return {
    type: 'message',
    id: post.id,
    channelId: 'msteams',
    serviceUrl: simulator.teams.serviceUrl,
    timestamp: post.at,
    from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
    recipient: { id: bot.id, name: bot.name },
    conversation: { isGroup: true, conversationType: 'channel', tenantId, id: thread.id },
    channelData: { channel: { id: thread.channelId }, team: { id: team.id }, tenant: { id: tenantId } },
    textFormat: 'plain',
    text: `<at>${bot.name}</at> ${text}`,
    entities: [{ type: 'mention', mentioned: { id: bot.id, name: bot.name }, text: `<at>${bot.name}</at>` }],
  };
}
