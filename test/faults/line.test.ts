import { broken, connectLine, lineConversation, pushes, wordsIn } from '../integration/lineMoves.ts';
import { SATO, wordsOf } from '../integration/stand.ts';
import {
  buttonOf,
  failureCard,
  failures,
  NOT_SENT,
  press,
  reply,
  type Scene,
  SEND_AGAIN,
  scene,
  settled,
  UNCLEAR,
  UNKNOWN,
  WAS_SENT,
} from './scene.ts';

const WORDS = '在庫がございます。';
const PUSH = 'message/push$';

describe('an answer on its way to LINE', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
    await connectLine(s);
  });
  afterEach(async () => {
    const wrong = broken(s);
    await s.close();
    expect(wrong).toEqual([]);
  });

  const keys = () => new Set(pushes(s).map(({ headers }) => headers?.['x-line-retry-key']));

  test.each(UNKNOWN)('reaches the customer once after %s: it is sent again under its key', async (_name, fault) => {
    const { customer, thread } = await lineConversation(s);
    s.simulator.faults.next({ side: 'line', path: PUSH, ...fault });
    const said = reply(s, thread, WORDS);
    await s.clock.until(() => said.post.reactions.length > 0, 500);
    await settled(s, 60_000);
    expect(customer.texts).toEqual([WORDS]);
    expect(pushes(s)).toHaveLength(2);
    expect(keys().size).toBe(1);
    expect(failures(s)).toHaveLength(0);
  });

  test('reaches the customer once when the process dies over it', async () => {
    const { customer, thread } = await lineConversation(s);
    s.simulator.faults.next({ side: 'line', path: PUSH, hang: 'after' });
    reply(s, thread, WORDS);
    await s.simulator.waitFor(() => customer.texts.length === 1);
    await s.crash();
    await s.clock.until(() => pushes(s).length > 1, 2_000);
    await settled(s);
    expect(customer.texts).toEqual([WORDS]);
    expect(keys().size).toBe(1);
    expect(failures(s)).toHaveLength(0);
  });

  test('is left to a person once LINE no longer knows its key', async () => {
    const { customer, thread } = await lineConversation(s);
    s.simulator.faults.next({ side: 'line', path: PUSH, hang: 'after' });
    reply(s, thread, WORDS);
    await s.simulator.waitFor(() => customer.texts.length === 1);
    s.clock.skip(24 * 60 * 60_000);
    await s.crash();
    const card = await failureCard(s, UNCLEAR, 5_000);
    expect(pushes(s)).toHaveLength(1);
    await press(s, SATO, card, WAS_SENT);
    await settled(s);
    expect(customer.texts).toEqual([WORDS]);
  });

  test('at the end of the month’s messages says so, and goes out once there are more', async () => {
    const { customer, thread } = await lineConversation(s);
    const account = s.simulator.line.account();
    account.state.quota = 0;
    reply(s, thread, WORDS);
    const card = await failureCard(s, NOT_SENT);
    expect(wordsOf(card)).toContain('上限');
    expect(pushes(s)).toHaveLength(1);
    account.state.quota = 200;
    await press(s, SATO, card, SEND_AGAIN);
    await s.simulator.waitFor(() => customer.texts.length === 1);
    await settled(s);
    expect(customer.texts).toEqual([WORDS]);
  });

  test('that was edited while nobody knew whether it arrived goes out in its new words, though LINE has the old ones', async () => {
    const { customer, thread } = await lineConversation(s);
    // It arrives; that it did stays unknown, since LINE refuses the look.
    s.simulator.faults.next({ side: 'line', path: PUSH, status: 500, effect: true });
    s.simulator.faults.next({ side: 'line', path: PUSH, status: 403 });
    const { post } = reply(s, thread, '十時に伺います。');
    await failureCard(s, UNCLEAR);
    await s.simulator.teams.edit(SATO, post.id, '@KARTE 十一時に伺います。').answered;
    const card = await s.clock.until(() => failures(s, UNCLEAR).find((each) => wordsOf(each).includes('十一時')), 500);
    expect(buttonOf(card, SEND_AGAIN)).toBeDefined();
    await press(s, SATO, card, SEND_AGAIN);
    await s.simulator.waitFor(() => customer.texts.length === 2);
    await settled(s);
    expect(customer.texts).toEqual(['十時に伺います。', '十一時に伺います。']);
  });

  test('waits while LINE gives no token, and nothing is in doubt', async () => {
    const { customer, thread } = await lineConversation(s);
    s.simulator.line.account().state.tokens.length = 0;
    s.simulator.faults.next({ side: 'line', path: '/oauth2/v3/token', status: 503, times: 2 });
    reply(s, thread, WORDS);
    await s.clock.until(() => customer.texts.length === 1, 1_000);
    await settled(s);
    expect(customer.texts).toEqual([WORDS]);
    expect(failures(s)).toHaveLength(0);
  });
});

describe('a webhook of LINE', () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
    await connectLine(s);
  });
  afterEach(() => s.close());

  test('is refused while the store is down, and shown once when LINE sends it again', async () => {
    const { customer, thread } = await lineConversation(s);
    s.faulty.down = true;
    const hook = customer.write(WORDS);
    expect((await hook.answered)?.attempts[0]?.status).toBe(503);
    s.faulty.heal();
    await hook.settled;
    await settled(s);
    expect(wordsIn(thread).filter((words) => words.includes(WORDS))).toHaveLength(1);
  });

  test('of several customers is taken whole, or again, and each is shown once', async () => {
    const one = await lineConversation(s, '一人目');
    const two = await lineConversation(s, '二人目');
    s.faulty.down = true;
    const hook = s.simulator.line.together(() => {
      one.customer.write('一から');
      two.customer.write('二から');
    });
    await hook.answered;
    s.faulty.heal();
    await hook.settled;
    await settled(s);
    expect(wordsIn(one.thread).filter((words) => words.includes('一から'))).toHaveLength(1);
    expect(wordsIn(two.thread).filter((words) => words.includes('二から'))).toHaveLength(1);
  });
});
