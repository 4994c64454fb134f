import { conversation, type Scene, settled } from '../faults/scene.ts';
import { deskAt, OFFICE, passUntil, postsWith, ruled, setTo, tokyo } from './deskTime.ts';
import { asked, tell, until } from './moves.ts';
import { connect, SATO, wordsOf, YAMADA } from './stand.ts';

const REMINDED = 'お客さまへの返信がまだです';

describe('a customer who is not answered', () => {
  let s: Scene;
  afterEach(() => s.close());

  const waits = async () => (await s.faulty.store.waits.find({})).map(({ value }) => value);
  const noted = () => until(async () => (await waits())[0]);
  const reminders = (thread: { id: string }) => postsWith(s, thread.id, REMINDED);
  const reminded = (thread: { id: string }) => s.clock.until(() => reminders(thread)[0], 10_000);
  /** Everybody who waits was looked at, and nobody waits any more. */
  const looked = () => passing(async () => (await waits()).length === 0);
  /** Lets time pass until this is so. */
  const passing = (is: () => Promise<boolean>, step = 10_000) => s.clock.until(is, step);

  test('is brought to mind once, after so many minutes, and the time they wrote is told', async () => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { thread, customer } = await conversation(s.simulator, 'ordinary');
    const { dueAt, since } = await noted();
    expect(dueAt - since).toBe(30 * 60_000);
    await customer.write('もしもし').settled;
    await settled(s);
    const post = await reminded(thread);
    expect(s.clock.now()).toBeGreaterThanOrEqual(dueAt);
    expect(wordsOf(post)).toContain('2026-11-25 10:0');
    expect(wordsOf(post)).not.toContain('<at>');
    await looked();
    await customer.write('まだですか').settled;
    await settled(s);
    passUntil(s, '2026-11-25T15:00');
    await settled(s, 30_000);
    expect(await waits()).toEqual([]);
    expect(reminders(thread)).toHaveLength(1);
  });

  test('on a Friday evening before a long weekend is brought to mind on Tuesday', async () => {
    // 23 November 2026 is a holiday.
    s = await deskAt('2026-11-20T17:50', OFFICE);
    const { thread } = await conversation(s.simulator, 'weekend');
    const { dueAt, since } = await noted();
    expect(dueAt - since).toBe(tokyo('2026-11-24T09:20') - tokyo('2026-11-20T17:50'));
    passUntil(s, '2026-11-24T09:19');
    const post = await reminded(thread);
    expect(s.clock.now()).toBeGreaterThanOrEqual(dueAt);
    expect(wordsOf(post)).toContain('2026-11-20 17:5');
  });

  test('at night waits from the opening on', async () => {
    s = await deskAt('2026-11-25T23:00', OFFICE);
    await conversation(s.simulator, 'night');
    expect((await noted()).dueAt).toBe(tokyo('2026-11-26T09:30'));
  });

  test('and becomes due while nobody looks, is brought to mind at the next opening', async () => {
    s = await deskAt('2026-11-25T17:00', OFFICE);
    const { thread } = await conversation(s.simulator, 'late');
    await noted();
    setTo(s, '2026-11-25T19:00');
    await passing(async () => (await noted()).dueAt === tokyo('2026-11-26T09:00'));
    expect(reminders(thread)).toEqual([]);
    passUntil(s, '2026-11-26T08:59');
    await reminded(thread);
    expect(s.clock.now()).toBeGreaterThanOrEqual(tokyo('2026-11-26T09:00'));
  });

  test.each([
    ['an answer', 'お待たせしました。'],
    ['closing', 'close'],
  ])('is not brought to mind after %s', async (_, text) => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { thread } = await conversation(s.simulator, 'answered');
    await noted();
    await tell(s, SATO, { thread: thread.id, text });
    await settled(s);
    await until(async () => (await s.faulty.store.conversations.find({}))[0]?.value.unansweredSince === undefined);
    passUntil(s, '2026-11-25T11:00');
    await looked();
    expect(reminders(thread)).toEqual([]);
  });

  test('once more, after an answer, is brought to mind once more', async () => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { thread, customer } = await conversation(s.simulator, 'again');
    await reminded(thread);
    await tell(s, SATO, { thread: thread.id, text: 'お待たせしました。' });
    await settled(s);
    customer.write('もう一つ伺います');
    await until(async () => (await waits()).length === 1);
    await s.clock.until(() => reminders(thread)[1], 10_000);
    await looked();
    expect(reminders(thread)).toHaveLength(2);
  });

  test('is brought to the assignee’s mind, else to that of the person whom the admins chose', async () => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { id, name } = s.simulator.state().people.find((person) => person.name === YAMADA) ?? {};
    await ruled(s, { ...OFFICE, remind: { id: id ?? '', name: name ?? '', teamsId: id } });
    await tell(s, SATO, { channel: s.simulator.state().team.id, text: 'operator link op-sato-0002' });
    const { thread: mine } = await conversation(s.simulator, 'assigned');
    await tell(s, SATO, { thread: mine.id, text: 'operator assign' });
    expect(asked(s, 'assign')).not.toEqual([]);
    const { thread: nobodys } = await conversation(s.simulator, 'unassigned');
    expect(wordsOf(await reminded(mine))).toContain(`<at>${SATO}</at>`);
    expect(wordsOf(await reminded(nobodys))).toContain(`<at>${YAMADA}</at>`);
  });

  test('is brought to mind by the rules of today', async () => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { thread } = await conversation(s.simulator, 'changed');
    await noted();
    await ruled(s, { remindAfter: 60 });
    passUntil(s, '2026-11-25T10:40');
    await passing(async () => (await noted()).dueAt >= tokyo('2026-11-25T11:00'), 1_000);
    expect(reminders(thread)).toEqual([]);
    await ruled(s, { remindAfter: 0 });
    passUntil(s, '2026-11-25T12:00');
    await looked();
    expect(reminders(thread)).toEqual([]);
  });

  test('is brought to mind once when the process dies at any moment', async () => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { thread } = await conversation(s.simulator, 'crash');
    await noted();
    // The reminder is stored, and that it was is not.
    s.faulty.fail({ name: 'waits', method: 'remove' });
    await reminded(thread);
    await settled(s);
    await s.crash();
    await passing(async () => (await waits()).length === 0, 60_000);
    await settled(s);
    expect(reminders(thread)).toHaveLength(1);
  });

  test('costs nothing where the desk wants no reminders', async () => {
    s = await deskAt('2026-11-25T10:00', {});
    const { thread } = await conversation(s.simulator, 'off');
    await settled(s);
    expect(await waits()).toEqual([]);
    passUntil(s, '2026-11-26T10:00');
    await settled(s);
    expect(reminders(thread)).toEqual([]);
  });

  test('is not brought to mind any more when the answer came while Teams was away', async () => {
    s = await deskAt('2026-11-25T10:00', OFFICE);
    const { thread, customer } = await conversation(s.simulator, 'meanwhile');
    await noted();
    s.simulator.faults.next({ side: 'teams', method: 'POST', path: 'activities$', status: 429, times: 1 });
    passUntil(s, '2026-11-25T10:31');
    await s.clock.until(() => s.simulator.teams.calls.some(({ status }) => status === 429), 10_000);
    const [found] = await s.faulty.store.conversations.find({});
    await s.faulty.store.conversations.replace(
      { ...(found?.value as NonNullable<typeof found>['value']), unansweredSince: undefined },
      found?.version ?? '',
    );
    await settled(s, 10_000);
    expect(reminders(thread)).toEqual([]);
    expect(customer.received).toEqual([]);
  });
});

test('a desk that is set up anew keeps its rules', async () => {
  const s = await deskAt('2026-11-25T10:00', OFFICE);
  await connect(s);
  const [desk] = await s.faulty.store.desks.find({});
  expect(desk?.value.rules).toEqual(OFFICE);
  await s.close();
});
