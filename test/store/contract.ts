import type { Versioned } from '../../src/desk/ports.ts';
import type { Store } from '../../src/store/store.ts';
import { keepsWithinBounds } from './bounds.ts';
import { aDelivery, aDesk, aLink, fresh } from './documents.ts';

const there = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Error('nothing was found');
  return found;
};

const ids = (found: Versioned<{ id: string }>[]) => found.map(({ value }) => value.id);

/** What every store does alike. `store` gives the one that this run is about, opened before the tests. */
export function behavesLikeAStore(store: () => Store): void {
  test('what was inserted is read back as it was, in any script and of any size', async () => {
    const text = `「窓口」👩‍💻 a\u0000b \u2028 "quoted" \\ ${'あ'.repeat(350_000)}`;
    const delivery = aDelivery({
      content: { type: 'message', message: { author: { kind: 'endUser' }, parts: [{ kind: 'text', text }], at: 1 } },
    });
    const inserted = there(await store().deliveries.insert(delivery));
    const read = await store().deliveries.read(delivery.lane, delivery.id);
    expect(inserted.value).toEqual(delivery);
    expect(read).toEqual(inserted);
  });

  test('ids may hold blanks, other scripts and the signs of URLs, and stay apart', async () => {
    const deskId = fresh('デスク');
    const strange = [
      'a b',
      'a+b',
      'a%20b',
      'a/b',
      'a\\b',
      'a?b',
      'a#b',
      'a~b',
      'a~2f~b',
      '.',
      '..',
      '佐藤',
      '👩‍💻',
      ' a b ',
      "a'b",
      'a"b',
    ];
    for (const id of strange) expect(await store().operators.insert(aLink({ id, deskId }))).toBeDefined();
    for (const id of strange) expect(there(await store().operators.read(deskId, id)).value.id).toBe(id);
    expect(ids(await store().operators.find({ partition: deskId })).sort()).toEqual([...strange].sort());
    for (const id of strange) expect(await store().operators.remove(deskId, id)).toBe(true);
  });

  test('the same id in two partitions is two documents', async () => {
    const [one, other] = [aLink({ id: 'same' }), aLink({ id: 'same' })];
    await store().operators.insert(one);
    await store().operators.insert(other);
    expect(there(await store().operators.read(one.deskId, 'same')).value).toEqual(one);
    expect(there(await store().operators.read(other.deskId, 'same')).value).toEqual(other);
  });

  test('of 50 inserts of one id at once exactly one wins, and its value is the one kept', async () => {
    const { id, lane } = aDelivery();
    const tries = Array.from({ length: 50 }, (_, attempts) =>
      store().deliveries.insert(aDelivery({ id, lane, attempts })),
    );
    const won = (await Promise.all(tries)).filter((result) => result !== undefined);
    expect(won).toHaveLength(1);
    expect(await store().deliveries.read(lane, id)).toEqual(won[0]);
  });

  test('of 20 replacements of one version exactly one wins', async () => {
    const delivery = aDelivery();
    const { version } = there(await store().deliveries.insert(delivery));
    const tries = Array.from({ length: 20 }, (_, attempts) =>
      store().deliveries.replace({ ...delivery, attempts }, version),
    );
    const won = (await Promise.all(tries)).filter((result) => result !== undefined);
    expect(won).toHaveLength(1);
    expect(await store().deliveries.read(delivery.lane, delivery.id)).toEqual(won[0]);
  });

  test('versions follow each other, and an old one replaces nothing', async () => {
    const delivery = aDelivery();
    const first = there(await store().deliveries.insert(delivery));
    const second = there(await store().deliveries.replace({ ...delivery, state: 'parked' }, first.version));
    expect(second.version).not.toBe(first.version);
    expect(await store().deliveries.replace({ ...delivery, state: 'discarded' }, first.version)).toBeUndefined();
    const third = there(await store().deliveries.replace({ ...delivery, state: 'delivered' }, second.version));
    expect(third.value.state).toBe('delivered');
    expect(await store().deliveries.read(delivery.lane, delivery.id)).toEqual(third);
  });

  test('a version of a document that was removed and written again is worth nothing', async () => {
    const delivery = aDelivery();
    const { version } = there(await store().deliveries.insert(delivery));
    await store().deliveries.remove(delivery.lane, delivery.id);
    expect(await store().deliveries.replace(delivery, version)).toBeUndefined();
    await store().deliveries.insert(delivery);
    expect(await store().deliveries.replace(delivery, version)).toBeUndefined();
    expect(await store().deliveries.remove(delivery.lane, delivery.id, version)).toBe(false);
  });

  test('remove takes the document once, and with a version only that version', async () => {
    const delivery = aDelivery();
    const first = there(await store().deliveries.insert(delivery));
    const second = there(await store().deliveries.replace(delivery, first.version));
    expect(await store().deliveries.remove(delivery.lane, delivery.id, first.version)).toBe(false);
    expect(await store().deliveries.remove(delivery.lane, delivery.id, second.version)).toBe(true);
    expect(await store().deliveries.remove(delivery.lane, delivery.id)).toBe(false);
    expect(await store().deliveries.read(delivery.lane, delivery.id)).toBeUndefined();
  });

  test('a version that is none replaces and removes nothing', async () => {
    const delivery = aDelivery();
    const inserted = await store().deliveries.insert(delivery);
    for (const version of ['', '*', 'made up']) {
      expect(await store().deliveries.replace({ ...delivery, state: 'discarded' }, version)).toBeUndefined();
      expect(await store().deliveries.remove(delivery.lane, delivery.id, version)).toBe(false);
    }
    expect(await store().deliveries.read(delivery.lane, delivery.id)).toEqual(inserted);
  });

  test('what was never written is not there', async () => {
    expect(await store().threads.read('nowhere', 'nowhere')).toBeUndefined();
    expect(await store().threads.remove('nowhere', 'nowhere')).toBe(false);
    expect(await store().threads.replace({ id: 'nowhere', conversationId: 'none' }, '1')).toBeUndefined();
    expect(await store().deliveries.find({ partition: 'nowhere' })).toEqual([]);
  });

  test('find gives one partition in its order, from either end, up to a limit', async () => {
    const lane = fresh('lane');
    const [a, b, c] = [aDelivery({ lane }), aDelivery({ lane }), aDelivery({ lane })];
    for (const delivery of [b, c, a, aDelivery()]) await store().deliveries.insert(delivery);
    expect(ids(await store().deliveries.find({ partition: lane }))).toEqual([a.id, b.id, c.id]);
    expect(ids(await store().deliveries.find({ partition: lane, order: 'descending', limit: 2 }))).toEqual([
      c.id,
      b.id,
    ]);
    expect(await store().deliveries.find({ partition: lane, limit: 0 })).toEqual([]);
  });

  test('find keeps to every field of where, as it is after the last replacement', async () => {
    const [lane, conversationId] = [fresh('lane'), fresh('会話')];
    const wanted = aDelivery({ lane, conversationId });
    const moved = aDelivery({ lane, conversationId });
    await store().deliveries.insert(wanted);
    await store().deliveries.insert(aDelivery({ lane, conversationId, toward: 'endUser' }));
    await store().deliveries.insert(aDelivery({ lane }));
    const { version } = there(await store().deliveries.insert(moved));
    await store().deliveries.replace({ ...moved, state: 'delivered' }, version);
    const found = await store().deliveries.find({
      partition: lane,
      where: { conversationId, toward: 'teams', state: 'open' },
    });
    expect(found).toEqual([await store().deliveries.read(lane, wanted.id)]);
  });

  keepsWithinBounds(store);

  test('find without a partition looks through all of its own collection', async () => {
    const tenantId = fresh('tenant');
    const desks = [aDesk({ tenantId }), aDesk({ tenantId })];
    for (const desk of [...desks, aDesk()]) await store().desks.insert(desk);
    expect(ids(await store().desks.find({ where: { tenantId } }))).toEqual(desks.map(({ id }) => id));
    const [newest] = await store().desks.find({ order: 'descending', limit: 1 });
    expect(newest?.value.rooms).toEqual([]);
  });

  test('a value that looks like a query is a value', async () => {
    const tenantId = `x" OR "1"="1' OR '1'='1 -- @scope`;
    await store().desks.insert(aDesk());
    expect(await store().desks.find({ where: { tenantId } })).toEqual([]);
  });

  test('a field that is not made for searching is refused, not searched through', async () => {
    await expect(store().deliveries.find({ where: { attempts: 0 } })).rejects.toThrow(TypeError);
  });

  test('find gives all of more than one page, in order', async () => {
    const lane = fresh('lane');
    const all = Array.from({ length: 230 }, () => aDelivery({ lane }));
    // The emulator takes some two hundred a second, and nothing waits for longer than a second and a half.
    const last = [...all].reverse();
    for (let at = 0; at < last.length; at += 40)
      await Promise.all(last.slice(at, at + 40).map((delivery) => store().deliveries.insert(delivery)));
    const expected = all.map(({ id }) => id);
    expect(ids(await store().deliveries.find({ partition: lane }))).toEqual(expected);
    expect(ids(await store().deliveries.find({ partition: lane, limit: 150 }))).toEqual(expected.slice(0, 150));
  });

  test('what a caller does to its copies changes nothing in the store', async () => {
    const delivery = aDelivery();
    const kept = structuredClone(delivery);
    const promise = store().deliveries.insert(delivery);
    delivery.content = { type: 'assignee' };
    const inserted = there(await promise);
    inserted.value.lane = 'elsewhere';
    const read = there(await store().deliveries.read(kept.lane, kept.id));
    read.value.attempts = 99;
    const [found] = await store().deliveries.find({ partition: kept.lane });
    expect(found?.value).toEqual(kept);
  });

  test('every collection takes its documents', async () => {
    const id = fresh('文書');
    expect(await store().threads.insert({ id, conversationId: 'c' })).toBeDefined();
    expect(await store().lanes.insert({ id, clean: false })).toBeDefined();
    expect(await store().turns.insert({ id, done: false, at: 1, expiresAt: 4e12 })).toBeDefined();
    expect(
      await store().dialogs.insert({ id, deskId: 'desk', state: { step: [1, null, 'あ'] }, expiresAt: 4e12 }),
    ).toBeDefined();
    expect(there(await store().dialogs.read(id, id)).value.state).toEqual({ step: [1, null, 'あ'] });
    expect(there(await store().lanes.read(id, id)).value).toEqual({ id, clean: false });
  });

  test('it says that it is ready', async () => {
    await expect(store().ready()).resolves.toBeUndefined();
  });
}

/** Every call of a store that is away, each of which must reject. */
export function everyCall(store: Store): Record<string, () => Promise<unknown>> {
  const delivery = aDelivery();
  return {
    insert: () => store.deliveries.insert(delivery),
    read: () => store.deliveries.read(delivery.lane, delivery.id),
    replace: () => store.deliveries.replace(delivery, '1'),
    remove: () => store.deliveries.remove(delivery.lane, delivery.id),
    find: () => store.deliveries.find({ partition: delivery.lane }),
    ready: () => store.ready(),
  };
}
