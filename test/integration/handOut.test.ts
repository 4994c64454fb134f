import { allScopes } from '../../simulator/defaultWorld.ts';
import type { Rules } from '../../src/desk/rules.ts';
import { factsOf, idle, roomyStand, tell, until } from './moves.ts';
import { conversation, SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

const YAMADA_ID = 'op-yamada-0001';
const SATO_ID = 'op-sato-0002';

describe('handing out', () => {
  let s: Stand;
  afterEach(() => s.close());

  const say = async (text: string, who = YAMADA) =>
    (await tell(s, who, { channel: s.simulator.state().team.id, text })).words;
  /** A desk that works by these rules, with both people linked; it knows them from its start on. */
  const begin = async (rules: Partial<Rules>, on: string[] = []) => {
    s = await roomyStand();
    const desk = (await s.store.desks.find({}))[0];
    if (!desk) throw new Error('there is no desk');
    await s.store.desks.replace({ ...desk.value, rules }, desk.version);
    await s.restart();
    await say(`operator link ${YAMADA_ID}`);
    await say(`operator link ${SATO_ID}`, SATO);
    for (const who of on) await say('operator on', who);
  };
  const customer = async (key: string, text?: string) => (await conversation(s.simulator, key, text)).customer;
  const assigneeOf = (key: string) => s.simulator.karte.customer({ user_id: key }).state.assignee?.id;
  const assigns = () => s.simulator.karte.calls.filter(({ path }) => path.endsWith('/assignee/assign')).length;
  const whoHas = async (keys: string[]) => {
    await idle(s);
    return keys.map(assigneeOf);
  };

  test('a new conversation goes to somebody who takes them, on KARTE, on the card and in a line to that person', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO]);
    const { thread } = await conversation(s.simulator, 'hand-first');
    const notice = await shown(s.simulator, thread.id, `${SATO} さんに割り当てました`);
    expect(notice.mentions.map(({ name }) => name)).toEqual([SATO]);
    expect(assigneeOf('hand-first')).toBe(SATO_ID);
    await until(() => factsOf(thread.posts[0]).担当 === SATO);
  });

  test('in turn, each gets the next one', async () => {
    await begin({ handOut: 'roundRobin' }, [YAMADA, SATO]);
    const got: (string | undefined)[] = [];
    for (const key of ['turn-1', 'turn-2', 'turn-3', 'turn-4']) {
      await customer(key);
      await until(() => assigneeOf(key));
      got.push(assigneeOf(key));
    }
    expect(got).toEqual([YAMADA_ID, SATO_ID, YAMADA_ID, SATO_ID]);
  });

  test('by fewest open, whoever has more waits', async () => {
    await begin({ handOut: 'leastOpen' });
    for (const key of ['least-1', 'least-2']) {
      const { thread } = await conversation(s.simulator, key);
      await tell(s, YAMADA, { thread: thread.id, text: 'operator assign' });
    }
    await say('operator on');
    await say('operator on', SATO);
    for (const key of ['least-3', 'least-4']) {
      await customer(key);
      await until(() => assigneeOf(key));
    }
    expect(await whoHas(['least-3', 'least-4'])).toEqual([SATO_ID, SATO_ID]);
  });

  test('nobody gets more than the capacity; what is left waits, and goes to who begins to take new ones', async () => {
    await begin({ handOut: 'roundRobin', capacity: 2 }, [YAMADA]);
    const keys = ['cap-1', 'cap-2', 'cap-3', 'cap-4'];
    await Promise.all(keys.map((key) => customer(key)));
    const first = await whoHas(keys);
    expect(first.filter((id) => id === YAMADA_ID)).toHaveLength(2);
    expect(first.filter((id) => id === undefined)).toHaveLength(2);
    await say('operator on', SATO);
    expect((await whoHas(keys)).toSorted()).toEqual([SATO_ID, SATO_ID, YAMADA_ID, YAMADA_ID]);
  });

  test('whoever closes one at capacity gets the oldest that waits', async () => {
    await begin({ handOut: 'leastOpen', capacity: 1 }, [YAMADA]);
    const { thread } = await conversation(s.simulator, 'freed-1');
    await until(() => assigneeOf('freed-1'));
    await customer('freed-2');
    expect(await whoHas(['freed-2'])).toEqual([undefined]);
    await tell(s, YAMADA, { thread: thread.id, text: 'close' });
    await until(() => assigneeOf('freed-2') === YAMADA_ID);
  });

  test('without the rule, without anybody who takes them, and after operator off, nobody is assigned', async () => {
    await begin({}, [YAMADA]);
    await customer('off-1');
    expect(await whoHas(['off-1'])).toEqual([undefined]);
    expect((await s.store.deliveries.find({})).filter(({ value }) => value.content.type === 'handOut')).toEqual([]);
    await s.close();
    await begin({ handOut: 'roundRobin' });
    await customer('off-2');
    await say('operator on');
    await until(() => assigneeOf('off-2'));
    expect(await say('operator off')).toContain('いまの担当はそのまま');
    await customer('off-3');
    expect(await whoHas(['off-2', 'off-3'])).toEqual([YAMADA_ID, undefined]);
    expect(await say('operator off')).toContain('割り当てを受けていません');
  });

  test('who is not linked is told to link first, and being on ends with the link', async () => {
    await begin({ handOut: 'roundRobin' }, [YAMADA]);
    await say('operator unlink');
    expect(await say('operator on')).toContain('operator link <アサインID>');
    await customer('unlinked');
    expect(await whoHas(['unlinked'])).toEqual([undefined]);
    await say(`operator link ${YAMADA_ID}`);
    await customer('linked-again');
    expect(await whoHas(['linked-again'])).toEqual([undefined]);
  });

  test('linking to the same operator again changes nothing about it', async () => {
    await begin({ handOut: 'roundRobin' }, [YAMADA]);
    await say(`operator link ${YAMADA_ID}`);
    await customer('same-link');
    await until(() => assigneeOf('same-link'));
  });

  test('with the rule off, operator on says that nothing is handed out yet', async () => {
    await begin({});
    expect(await say('operator on')).toContain('自動割り当ては今はオフ');
  });

  test('who was assigned in KARTE first stays, and the card shows them', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO]);
    const writer = s.simulator.karte.customer({ user_id: 'karte-first' });
    s.simulator.karte.settings.hookOnApiAssign = false;
    writer.write('こんにちは');
    // KARTE's own rule assigns when a user writes; its hook is lost.
    writer.state.assignee = { id: YAMADA_ID, is_bot: false };
    const { thread } = await conversation(s.simulator, 'karte-first', 'もしもし');
    await idle(s);
    expect(assigneeOf('karte-first')).toBe(YAMADA_ID);
    expect(assigns()).toBe(0);
    await until(() => factsOf(thread.posts[0]).担当 === YAMADA);
  });

  test('one that opens again is handed out again, once', async () => {
    await begin({ handOut: 'roundRobin' }, [YAMADA, SATO]);
    const { customer: writer, thread } = await conversation(s.simulator, 'reopened');
    await until(() => assigneeOf('reopened') === YAMADA_ID);
    await idle(s);
    await tell(s, YAMADA, { thread: thread.id, text: 'close' });
    writer.write('もう一つ質問です');
    await until(() => assigneeOf('reopened') === SATO_ID);
    await writer.write('もしもし').settled;
    await idle(s);
    expect(assigns()).toBe(2);
    await until(() => factsOf(thread.posts[0]).担当 === SATO);
    expect(factsOf(thread.posts[0]).状態).toBe('対応中');
  });

  test('what a person has unassigned is not handed out again by the next message', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO]);
    const { customer: writer, thread } = await conversation(s.simulator, 'unassigned');
    await until(() => assigneeOf('unassigned'));
    await idle(s);
    await tell(s, YAMADA, { thread: thread.id, text: 'operator unassign' });
    await s.restart();
    writer.write('もしもし');
    await shown(s.simulator, thread.id, 'もしもし');
    expect(await whoHas(['unassigned'])).toEqual([undefined]);
  });

  test('when KARTE refuses, the thread is told once and nobody is assigned', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO]);
    s.simulator.karte.project.scopes = allScopes.filter((scope) => scope !== 'talk.assignee.assign');
    const { thread } = await conversation(s.simulator, 'refused');
    await shown(s.simulator, thread.id, '担当者を自動で割り当てられませんでした');
    await idle(s);
    const told = thread.posts.filter((post) => wordsOf(post).includes('自動で割り当てられません'));
    expect(told).toHaveLength(1);
    expect(wordsOf(told[0] as never)).toContain('talk.assignee.assign');
    expect((await s.store.deliveries.find({})).filter(({ value }) => value.state === 'parked')).toEqual([]);
  });

  test('an assignment whose answer got lost is found out, not made twice', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO, YAMADA]);
    s.simulator.faults.next({ side: 'karte', path: 'assignee/assign$', status: 503, effect: true });
    const { thread } = await conversation(s.simulator, 'lost-answer');
    await shown(s.simulator, thread.id, `${SATO} さんに割り当てました`);
    await idle(s);
    expect(assigns()).toBe(1);
    expect(assigneeOf('lost-answer')).toBe(SATO_ID);
  });

  test('a crash on the way assigns one person, once', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO, YAMADA]);
    s.simulator.faults.next({ side: 'karte', path: 'assignee/assign$', hang: 'after' });
    const { thread } = await conversation(s.simulator, 'crashed');
    await until(() => assigneeOf('crashed'));
    await s.crash();
    await idle(s);
    expect(assigns()).toBe(1);
    expect(assigneeOf('crashed')).toBe(SATO_ID);
    await until(() => factsOf(thread.posts[0]).担当 === SATO);
  });

  test('ten at once keep to capacity and turn', async () => {
    await begin({ handOut: 'roundRobin', capacity: 4 }, [YAMADA, SATO]);
    const keys = Array.from({ length: 10 }, (_, at) => `burst-${at}`);
    await Promise.all(keys.map((key) => customer(key)));
    const got = await whoHas(keys);
    expect(got.filter((id) => id === YAMADA_ID)).toHaveLength(4);
    expect(got.filter((id) => id === SATO_ID)).toHaveLength(4);
  });

  test('who leaves the team gets no new ones', async () => {
    await begin({ handOut: 'roundRobin' }, [SATO]);
    await s.simulator.teams.removeMember(s.simulator.teams.team.person(SATO)).settled;
    await customer('left');
    expect(await whoHas(['left'])).toEqual([undefined]);
  });
});
