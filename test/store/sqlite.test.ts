import { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../../src/store/sqlite.ts';
import { migrate } from '../../src/store/sqliteSchema.ts';
import type { Store } from '../../src/store/store.ts';
import { behavesLikeAStore } from './contract.ts';
import { aDelivery, aDesk, aLink } from './documents.ts';
import { sqliteFiles } from './sqliteFiles.ts';

const { aPath, open } = sqliteFiles();

describe.each([
  ['a file', aPath],
  ['memory', () => ':memory:'],
])('the store in SQLite, in %s', (_where, path) => {
  let store: Store;
  beforeAll(() => {
    store = openSqlite({ path: path() });
  });
  afterAll(() => store.close());

  behavesLikeAStore(() => store);
});

describe('the writes of one tick', () => {
  afterEach(() => jest.restoreAllMocks());

  const commits = () => {
    const exec = jest.spyOn(DatabaseSync.prototype, 'exec');
    return () => exec.mock.calls.filter(([sql]) => sql === 'COMMIT').length;
  };

  test('share one transaction', async () => {
    const store = open({ path: aPath() });
    const count = commits();
    const results = await Promise.all(Array.from({ length: 200 }, () => store.deliveries.insert(aDelivery())));
    expect(results.filter((result) => result !== undefined)).toHaveLength(200);
    expect(count()).toBe(1);
  });

  test('share it also when reads come between them', async () => {
    const store = open({ path: aPath() });
    const count = commits();
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const delivery = aDelivery();
        const inserted = store.deliveries.insert(delivery);
        expect((await store.deliveries.read(delivery.lane, delivery.id))?.value).toEqual(delivery);
        expect((await inserted)?.value).toEqual(delivery);
      }),
    );
    expect(count()).toBe(1);
  });

  test('are seen by a read that was asked for after them', async () => {
    const store = open();
    const delivery = aDelivery();
    const [inserted, found, removed, after] = await Promise.all([
      store.deliveries.insert(delivery),
      store.deliveries.find({ partition: delivery.lane }),
      store.deliveries.remove(delivery.lane, delivery.id),
      store.deliveries.read(delivery.lane, delivery.id),
    ]);
    expect(found).toEqual([inserted]);
    expect([removed, after]).toEqual([true, undefined]);
  });

  test('stand also when one of them fails, which alone is told so', async () => {
    const store = open();
    const deliveries = Array.from({ length: 5 }, () => aDelivery());
    const broken = [aDelivery({ order: {} as number }), aDelivery({ id: null as unknown as string })];
    const results = await Promise.allSettled(
      [...deliveries.slice(0, 3), ...broken, ...deliveries.slice(3)].map((delivery) =>
        store.deliveries.insert(delivery),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    for (const { lane, id } of deliveries) expect(await store.deliveries.read(lane, id)).toBeDefined();
  });

  test('are written before the store closes', async () => {
    const path = aPath();
    const store = open({ path });
    const delivery = aDelivery();
    const inserted = store.deliveries.insert(delivery);
    await store.close();
    expect(await open({ path }).deliveries.read(delivery.lane, delivery.id)).toEqual(await inserted);
  });
});

describe('what has ended', () => {
  test('is gone from its end on, swept or not', async () => {
    let now = 1_000;
    const store = open({ now: () => now });
    const delivery = aDelivery({ expiresAt: 2_000.5 });
    const inserted = await store.deliveries.insert(delivery);
    now = 2_000;
    expect(await store.deliveries.read(delivery.lane, delivery.id)).toEqual(inserted);
    now = 2_001;
    expect(await store.deliveries.read(delivery.lane, delivery.id)).toBeUndefined();
    expect(await store.deliveries.find({ partition: delivery.lane })).toEqual([]);
    expect(await store.deliveries.replace(delivery, inserted?.version ?? '')).toBeUndefined();
    expect(await store.deliveries.remove(delivery.lane, delivery.id)).toBe(false);
    const anew = await store.deliveries.insert({ ...delivery, expiresAt: 3_000 });
    expect(anew?.version).not.toBe(inserted?.version);
    expect(await store.deliveries.read(delivery.lane, delivery.id)).toEqual(anew);
  });

  test('is swept away in every collection, and nothing else is', async () => {
    const store = open({ now: () => 0 });
    const ending = Array.from({ length: 1_200 }, () => aDelivery({ lane: 'lane', expiresAt: 10 }));
    const staying = [aDelivery({ lane: 'lane', expiresAt: 11 }), aDelivery({ lane: 'lane' })];
    await Promise.all([...ending, ...staying].map((delivery) => store.deliveries.insert(delivery)));
    await store.turns.insert({ id: 'turn', done: true, at: 1, expiresAt: 9 });
    expect(await store.sweep(10)).toBe(1_201);
    expect(await store.sweep(10)).toBe(0);
    expect((await store.deliveries.find({ partition: 'lane' })).map(({ value }) => value)).toEqual(staying);
  });
});

describe('the searches that the desk does', () => {
  afterEach(() => jest.restoreAllMocks());

  test('are each done by an index that fits, also in order', async () => {
    const prepare = jest.spyOn(DatabaseSync.prototype, 'prepare');
    const store = open();
    prepare.mockClear();
    const partition = 'lane';
    const searches: [Promise<unknown>, RegExp][] = [
      [store.deliveries.find({ where: { state: 'open' } }), /"?deliveries by state/],
      [store.deliveries.find({ partition, where: { state: 'open' } }), /"?deliveries by state/],
      [store.deliveries.find({ order: 'descending', limit: 1 }), /"?deliveries by order/],
      [
        store.deliveries.find({
          partition,
          where: { conversationId: 'c', toward: 'endUser' },
          order: 'descending',
          limit: 50,
        }),
        /"?deliveries by conversationId/,
      ],
      [store.connections.find({ where: { deskId: 'desk' } }), /"?connections by deskId/],
      [store.conversations.find({ where: { deskId: 'desk' } }), /"?conversations by deskId/],
      [store.operators.find({ partition }), /sqlite_autoindex_operators_1/],
      [store.operators.find({ partition, where: { operatorId: 'o' } }), /"?operators by operatorId/],
      [store.desks.find({ where: { tenantId: 't' } }), /"?desks by tenantId/],
    ];
    await Promise.all(searches.map(([search]) => search));
    const statements = prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.startsWith('SELECT'));
    expect(statements).toHaveLength(searches.length);

    const database = new DatabaseSync(':memory:');
    migrate(database);
    for (const [at, sql] of statements.entries()) {
      const holes = Array.from(sql.matchAll(/\?/g), () => null);
      const plan = database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...holes)
        .map(({ detail }) => detail);
      expect(plan.join('\n')).toMatch(searches[at]?.[1] ?? /nothing/);
    }
    database.close();
  });

  test('leave what is a desk apart from what is an operator', async () => {
    const store = open();
    await store.desks.insert(aDesk({ id: 'same' }));
    await store.operators.insert(aLink({ id: 'same', deskId: 'same' }));
    expect(await store.desks.find({})).toHaveLength(1);
    expect(await store.connections.find({})).toEqual([]);
  });
});
