import { asked, factsOf, idle, repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, realLater, runsOf, type Stand, threadOf, wordsOf, YAMADA } from './stand.ts';

const SEND = 'talk/message/sendFromOperator';

describe('what operators do on KARTE’s own screen', () => {
  let s: Stand;
  /** What every timer of the desk waits for beside its time. */
  let held: Promise<void> | undefined;
  const later = (ms: number, work: () => void) => {
    let isOff = false;
    const cancel = realLater(ms, () => {
      void Promise.resolve(held).then(() => {
        if (!isOff) work();
      });
    });
    return () => {
      isOff = true;
      cancel();
    };
  };
  beforeAll(async () => {
    s = await roomyStand({ replace: { later } });
  });
  afterAll(() => s.close());

  const words = (key: string) =>
    threadOf(s.simulator, key)
      ?.posts.slice(1)
      .filter(({ fromBot }) => fromBot)
      .map(runsOf) ?? [];
  const hookOf = (key: string, at = -1) => {
    const { state } = s.simulator.karte.customer(key);
    const message = state.messages.at(at);
    if (!message) throw new Error('nothing was said');
    return () => s.simulator.karte.hooks.message(state, message);
  };

  test('their messages appear in the thread, named and verbatim, and are sent to nobody', async () => {
    const { customer, thread } = await conversation(s.simulator, 'console-named');
    const text = '*KARTE* から [返信](https://x.example.test) <at>KARTE</at>\n二行目';
    const before = await repliesStored(s);
    await customer.answer('op-sato-0002', text).settled;
    await idle(s);
    expect(words('console-named').at(-1)).toEqual(['KARTE の画面から 佐藤 さん', text]);
    expect(thread.posts.at(-1)?.mentions).toEqual([]);
    expect(asked(s, SEND).filter(({ user_id }) => user_id === 'console-named')).toEqual([]);
    expect(await repliesStored(s)).toBe(before);
    expect(customer.received).toHaveLength(1);
  });

  test('an operator’s name is data too, and a missing one is replaced', async () => {
    const { customer } = await conversation(s.simulator, 'console-names');
    s.simulator.karte.project.operators.push({ id: 'op-odd', name: '**[x](y)** <at>山田 花子</at>' });
    await customer.answer('op-odd', '名前').settled;
    const anonymous = {
      data: {
        user_id: 'console-names',
        account_id: 'op-x',
        profile_name: null,
        date: new Date().toISOString(),
        content: { text: '無名' },
      },
    };
    await s.simulator.karte.hooks.event(SEND, anonymous).settled;
    await idle(s);
    expect(words('console-names').slice(-2)).toEqual([
      ['KARTE の画面から **[x](y)** <at>山田 花子</at> さん', '名前'],
      ['KARTE の画面から オペレーター さん', '無名'],
    ]);
  });

  test('a repeated hook shows one message', async () => {
    const { customer } = await conversation(s.simulator, 'console-copies');
    await customer.answer('op-sato-0002', '一度だけ', { copies: 4 }).settled;
    await customer.answer('op-sato-0002', 'IDなし', { copies: 3, omitId: true }).settled;
    await idle(s);
    expect(
      words('console-copies')
        .slice(1)
        .map((runs) => runs.at(-1)),
    ).toEqual(['一度だけ', 'IDなし']);
  });

  test('without a conversation in Teams nothing is opened for it', async () => {
    const customer = s.simulator.karte.customer({ user_id: 'console-first' });
    const { attempts } = await customer.answer('op-sato-0002', 'こちらから失礼します').settled;
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    await idle(s);
    expect(threadOf(s.simulator, 'console-first')).toBeUndefined();
  });

  test.each([
    ['as the bot', undefined, 'はい、承りました。'],
    ['as a linked operator', 'op-yamada-0001', '山田が承りました。'],
    ['with JSON in back-ticks', undefined, '例: `{"type":"buttons"}` と書きます'],
    ['in several lines', undefined, '一行目\n\n三行目'],
  ])('our own reply that comes back as a hook is no news: %s', async (what, operatorId, text) => {
    const key = `echo-${what}`;
    const { customer, thread } = await conversation(s.simulator, key);
    if (operatorId) await tell(s, YAMADA, { thread: thread.id, text: `operator link ${operatorId}` });
    await tell(s, YAMADA, { thread: thread.id, text });
    await idle(s);
    const posts = thread.posts.length;
    const hook = hookOf(key);
    await hook().settled;
    await idle(s);
    expect(thread.posts).toHaveLength(posts);
    expect(customer.received).toHaveLength(1);
    if (operatorId) await tell(s, YAMADA, { thread: thread.id, text: 'operator unlink' });
  });

  test('also when that hook is repeated, at once and after a restart', async () => {
    const { thread } = await conversation(s.simulator, 'echo-repeated');
    await tell(s, YAMADA, { thread: thread.id, text: '一回の返信' });
    await idle(s);
    const posts = thread.posts.length;
    const { state } = s.simulator.karte.customer('echo-repeated');
    const message = state.messages.at(-1);
    const { apiKey, botId } = s.simulator.karte.project;
    const data = {
      user_id: 'echo-repeated',
      account_id: null,
      sender_id: botId,
      date: message?.at,
      content: { text: message?.text },
    };
    const body = JSON.stringify({ id: 'test-echo-1', event_type: SEND, api_key: apiKey, data, extra: {} });
    await s.simulator.karte.hooks.raw(body, { copies: 3 }).settled;
    await s.restart();
    await s.simulator.karte.hooks.raw(body).settled;
    await idle(s);
    expect(thread.posts).toHaveLength(posts);
  });

  test('the same words by somebody else, or once more by hand, are no echo', async () => {
    const { customer, thread } = await conversation(s.simulator, 'echo-alike');
    await tell(s, YAMADA, { thread: thread.id, text: '少々お待ちください' });
    await idle(s);
    const echo = hookOf('echo-alike');
    await customer.answer('op-sato-0002', '少々お待ちください').settled;
    await echo().settled;
    await idle(s);
    expect(words('echo-alike').slice(1)).toEqual([['KARTE の画面から 佐藤 さん', '少々お待ちください']]);
    await echo().settled;
    await idle(s);
    expect(words('echo-alike')).toHaveLength(3);
  });

  test('assignments update the card and say nothing; 未担当 clears it', async () => {
    const { customer, thread } = await conversation(s.simulator, 'assign-card');
    const posts = thread.posts.length;
    const assignee = () => factsOf(thread.posts[0]).担当;
    expect(assignee()).toBe('未担当');
    await customer.assign('op-sato-0002', { copies: 3 }).settled;
    await s.simulator.waitFor(() => assignee() === '佐藤');
    await customer.assign('op-yamada-0001', { omitId: true }).settled;
    await s.simulator.waitFor(() => assignee() === '山田(オペレーター)');
    await customer.assign(s.simulator.karte.project.botId).settled;
    await s.simulator.waitFor(() => assignee() === s.simulator.karte.project.botName);
    await customer.assign(null).settled;
    await s.simulator.waitFor(() => assignee() === '未担当');
    await idle(s);
    expect(thread.posts).toHaveLength(posts);
    // The customer's page and the link stand there still.
    expect(factsOf(thread.posts[0]).ページ).toBe('https://shop.example.test/');
    expect(thread.posts[0] && wordsOf(thread.posts[0])).toContain('admin.karte.io');
  });

  test('a linked assignee is shown by the name in Teams', async () => {
    const { customer, thread } = await conversation(s.simulator, 'assign-linked');
    await tell(s, YAMADA, { thread: thread.id, text: 'operator link op-yamada-0001' });
    await customer.assign('op-yamada-0001').settled;
    await s.simulator.waitFor(() => factsOf(thread.posts[0]).担当 === YAMADA);
    await tell(s, YAMADA, { thread: thread.id, text: 'operator unlink' });
  });

  test('an assignment of a visitor finds the visitor; one of a stranger opens nothing', async () => {
    const visitor = s.simulator.karte.customer({ visitor_id: 'vis-assigned' });
    await visitor.write('こんにちは').settled;
    await idle(s);
    await visitor.assign('op-sato-0002').settled;
    await s.simulator.waitFor(() => factsOf(threadOf(s.simulator, 'vis-assigned')?.posts[0]).担当 === '佐藤');
    const stranger = s.simulator.karte.customer({ user_id: 'assign-stranger' });
    const { attempts } = await stranger.assign('op-sato-0002').settled;
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    await idle(s);
    expect(threadOf(s.simulator, 'assign-stranger')).toBeUndefined();
  });

  test('a burst of assignments draws the card anew only a few times', async () => {
    const { customer, thread } = await conversation(s.simulator, 'assign-burst');
    const before = s.simulator.teams.calls.length;
    // To the desk they all come within one moment, however slow the machine is.
    const burst = Promise.withResolvers<void>();
    held = burst.promise;
    for (let at = 0; at < 10; at++) await customer.assign(at % 2 ? 'op-sato-0002' : 'op-yamada-0001').answered;
    held = undefined;
    burst.resolve();
    await s.simulator.waitFor(() => factsOf(thread.posts[0]).担当 === '佐藤');
    expect(s.simulator.teams.calls.slice(before).filter(({ method }) => method === 'PUT').length).toBeLessThanOrEqual(
      3,
    );
  });

  test('a hook of a kind that is not ours is taken and has no effect', async () => {
    const { thread } = await conversation(s.simulator, 'other-kind');
    const { attempts } = await s.simulator.karte.hooks.event('talk/note/send', {
      data: { user_id: 'other-kind', content: { text: '内緒' } },
    }).settled;
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    await idle(s);
    expect(thread.posts).toHaveLength(2);
  });
});
