import { picture } from '../fixtures/pictures.ts';
import { button, buttonsOf, idle, nowOf, press, roomyStand, slip, tell, until } from './moves.ts';
import { conversation, runsOf, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const SLIP = 'operater assign';
const SEND = 'このままお客さまに送る';

describe('the card of a question, once somebody has chosen,', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  test('does not say “sent” of words that hold a secret of the connection, and the thread says why', async () => {
    const { customer, card } = await slip(s, 'choice-secret', `${SLIP} ${s.simulator.karte.project.clientSecret}`);
    const { words } = await press(s, SATO, card, button(card, SEND));
    await idle(s);
    expect(customer.received).toEqual([]);
    expect(runsOf(nowOf(s, card)).join()).toContain('実行できませんでした');
    expect(words).toContain('秘密の値が含まれているため、誰にも送っていません');
  });

  test('says “sent” once it is, and the files that stay behind are named to their writer', async () => {
    const { customer, thread } = await conversation(s.simulator, 'choice-files');
    const { posts } = await tell(s, SATO, {
      thread: thread.id,
      text: SLIP,
      files: ['見積.pdf'],
      pictures: [picture()],
    });
    await press(s, SATO, posts[0], button(posts[0], SEND));
    await until(() => customer.received.length === 1);
    expect(customer.received[0]?.text).toMatch(/^operater assign\n画像: https?:/);
    expect(runsOf(nowOf(s, posts[0]))).toEqual([`${SATO} さんがお客さまに送りました。`]);
    await shown(s.simulator, thread.id, 'ファイル');
  });

  test('says what was run in few words, however long that is', async () => {
    const { customer, thread } = await conversation(s.simulator, 'choice-long');
    const text = `reply ${'お待たせしました。'.repeat(1_000)}`;
    const { posts } = await tell(s, YAMADA, { thread: thread.id, text });
    expect(buttonsOf(posts[0])).toHaveLength(3);
    await press(s, YAMADA, posts[0], button(posts[0], '実行'));
    await until(() => customer.received.length === 1);
    expect(customer.received[0]?.text).toBe(text.slice('reply '.length));
    expect(wordsOf(nowOf(s, posts[0])).length).toBeLessThan(500);
  });
});

describe('“reply” that goes nowhere', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
    const { id } = s.simulator.state().team;
    await s.running.desk.directory.changeDesk(id, (desk) => ({ ...desk, rules: { guarded: true } }));
  });
  afterEach(() => s.close());

  test('says why: a secret of the connection stands in it', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-secret');
    const text = `reply ${s.simulator.karte.project.clientSecret}`;
    const { words } = await tell(s, YAMADA, { thread: thread.id, text });
    expect(words).toContain('秘密の値が含まれているため、誰にも送っていません');
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  test('says why: the conversation goes on in another thread', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-left');
    const room = s.simulator.teams.channel('返品・交換').id;
    await s.simulator.teams.submitTask(SATO, thread.posts[0]?.id ?? '', { madoguchi: 'move', room });
    await shown(s.simulator, thread.id, 'この会話を「返品・交換」に移しました');
    await idle(s);
    const { words } = await tell(s, YAMADA, { thread: thread.id, text: 'reply お待たせしました' });
    expect(words).toContain('いまのメッセージはお客さまに送っていません');
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  test('says so outside of a customer’s thread', async () => {
    const { words } = await tell(s, YAMADA, { channel: s.simulator.state().team.id, text: 'reply お待たせしました' });
    expect(words).toContain('誰にも送っていません');
  });

  test('names the files that stay behind, also where a picture stands beside marked words', async () => {
    const { customer, thread } = await conversation(s.simulator, 'reply-files');
    const text = 'これで ```お待たせしました```';
    const { words } = await tell(s, YAMADA, { thread: thread.id, text, files: ['見積.pdf'], pictures: [picture()] });
    expect(words).toContain('画像はお客さまに送っていません');
    expect(words).toContain('ファイル');
    await tell(s, YAMADA, { thread: thread.id, text: 'reply', files: ['見積.pdf'] });
    const alone = await tell(s, YAMADA, { thread: thread.id, text: '', files: ['見積.pdf'], pictures: [picture()] });
    expect(alone.words).toContain('画像はお客さまに送っていません');
    expect(thread.posts.filter((post) => wordsOf(post).includes('ファイル'))).toHaveLength(3);
    await idle(s);
    expect(customer.received.map((one) => one.text)).toEqual(['お待たせしました']);
  });
});
