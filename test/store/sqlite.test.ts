import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { openSqlite } from '../../src/store/sqlite.ts';
import { SqliteCollection, type Statements } from '../../src/store/sqliteCollection.ts';
import { migrate } from '../../src/store/sqliteSchema.ts';
import { collections, type Store } from '../../src/store/store.ts';
import { behavesLikeAStore } from './contract.ts';
import { aDelivery, aDesk, aLink } from './documents.ts';
import { sqliteFiles } from './sqliteFiles.ts';

const { aPath, open } = sqliteFiles();

describe.each([
  ['a file', aPath],
  ['memory', () => ':memory:'],
])('the store in SQLite, in %s', (_where, path) => {
  let store: Store;
  beforeAll(async () => {
    store = await openSqlite({ path: path() });
  });
  afterAll(() => store.close());

  behavesLikeAStore(() => store);
});

describe('the writes of one tick', () => {
  test('are seen by a read that was asked for after them', async () => {
    const store = await open();
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
    const store = await open();
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
    const store = await open({ path });
    const delivery = aDelivery();
    const inserted = store.deliveries.insert(delivery);
    await store.close();
    const again = await open({ path });
    expect(await again.deliveries.read(delivery.lane, delivery.id)).toEqual(await inserted);
  });
});

describe('what has ended', () => {
  test('is gone from its end on, swept or not', async () => {
    let now = 1_000;
    const store = await open({ now: () => now });
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
    const store = await open({ now: () => 0 });
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
  test('are each done by an index that fits, also in order', async () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const plans: string[] = [];
    const statements: Statements = {
      write: async () => 0,
      async read<Row>(sql: string, values: SQLInputValue[]) {
        const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
        plans.push(plan.map(({ detail }) => detail).join('\n'));
        return [] as Row[];
      },
    };
    const of = (name: keyof typeof collections) =>
      new SqliteCollection(statements, name, collections[name], () => 1_000);
    const partition = 'lane';
    const searches: [Promise<unknown>, RegExp][] = [
      [of('deliveries').find({ where: { state: 'open' } }), /"?deliveries by state/],
      [of('deliveries').find({ partition, where: { state: 'open' } }), /"?deliveries by state/],
      [of('deliveries').find({ order: 'descending', limit: 1 }), /"?deliveries by order/],
      [
        of('deliveries').find({
          partition,
          where: { conversationId: 'c', toward: 'endUser' },
          order: 'descending',
          limit: 50,
        }),
        /"?deliveries by conversationId/,
      ],
      [of('connections').find({ where: { deskId: 'desk' } }), /"?connections by deskId/],
      [of('conversations').find({ where: { deskId: 'desk' } }), /"?conversations by deskId/],
      [of('operators').find({ partition }), /sqlite_autoindex_operators_1/],
      [of('operators').find({ partition, where: { operatorId: 'o' } }), /"?operators by operatorId/],
      [of('desks').find({ where: { tenantId: 't' } }), /"?desks by tenantId/],
    ];
    await Promise.all(searches.map(([search]) => search));
    expect(plans).toHaveLength(searches.length);
    for (const [at, plan] of plans.entries()) expect(plan).toMatch(searches[at]?.[1] ?? /nothing/);
    database.close();
  });

  test('leave what is a desk apart from what is an operator', async () => {
    const store = await open();
    await store.desks.insert(aDesk({ id: 'same' }));
    await store.operators.insert(aLink({ id: 'same', deskId: 'same' }));
    expect(await store.desks.find({})).toHaveLength(1);
    expect(await store.connections.find({})).toEqual([]);
  });
});
