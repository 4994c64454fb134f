import { idle, roomyStand, tell, until } from './moves.ts';
import { conversation, type Stand, YAMADA } from './stand.ts';

describe('a customer who waits for an answer', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(async () => {
    await idle(s);
    await s.close();
  });

  const started = async (key: string) => {
    const begun = await conversation(s.simulator, key);
    const stored = async () => {
      const all = await s.store.conversations.find({});
      const found = all.find(({ value }) => value.endUser.key === key);
      if (!found) throw new Error('there is no such conversation');
      return found.value;
    };
    const waits = (wanted: boolean) => until(async () => ((await stored()).unansweredSince !== undefined) === wanted);
    return { ...begun, stored, waits, run: (text: string) => tell(s, YAMADA, { thread: begun.thread.id, text }) };
  };

  test('is known from the first message on, with its time', async () => {
    const before = Date.now();
    const { waits, stored } = await started('waits');
    await waits(true);
    const { unansweredSince = 0, createdAt } = await stored();
    expect(unansweredSince).toBeGreaterThanOrEqual(before);
    expect(unansweredSince).toBe(createdAt);
  });

  test('waits no more once an answer has arrived, and again from the next message on', async () => {
    const { waits, run, customer, stored } = await started('answered');
    await run('お待たせしました。');
    await waits(false);
    await customer.write('もう一つ伺います').settled;
    await waits(true);
    const { unansweredSince } = await stored();
    await customer.write('急ぎません').settled;
    await idle(s);
    expect((await stored()).unansweredSince).toBe(unansweredSince);
  });

  test('waits on while the answer can’t be sent', async () => {
    const { waits, run, stored } = await started('refused');
    s.simulator.faults.next({ side: 'karte', path: 'sendFromOperator', status: 400 });
    await run('届かない返信');
    await idle(s);
    expect((await stored()).unansweredSince).toBeDefined();
    await run('届く返信');
    await waits(false);
  });

  test('waits no more when somebody answers on KARTE’s own screen', async () => {
    const { waits, customer } = await started('console');
    await waits(true);
    await customer.answer('op-sato-0002', '画面からお答えします').settled;
    await waits(false);
  });

  test('waits no more when the conversation is closed', async () => {
    const { waits, run } = await started('closed');
    await waits(true);
    await run('close');
    await waits(false);
  });

  test('waits when their message crossed an answer that could not be about it', async () => {
    const { waits, run, customer, stored } = await started('crossed');
    s.simulator.faults.slow('karte', 400);
    const replied = run('先の件、承知しました。');
    await until(() => s.simulator.karte.calls.some(({ path }) => path.endsWith('sendFromOperator')) || undefined);
    await customer.write('別の件です').settled;
    await replied;
    await idle(s);
    await waits(true);
    expect((await stored()).unansweredSince).toBeGreaterThan((await stored()).createdAt);
  });
});
