import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { CosmosClient } from '@azure/cosmos';
import fc from 'fast-check';
import { openCosmos } from '../../src/store/cosmos.ts';
import { itemId } from '../../src/store/cosmosCollection.ts';
import type { Store } from '../../src/store/store.ts';
import { ownTime } from '../ownTime.ts';
import { behavesLikeAStore, everyCall } from './contract.ts';
import { type CosmosEmulator, startCosmosEmulator } from './cosmosEmulator.ts';
import { aDelivery } from './documents.ts';

/** How long an answer may take that is not about how long one may take (ms). */
const PATIENCE = 20_000;

describe('the store in Cosmos DB', () => {
  let emulator: CosmosEmulator;
  /** Waits long for its answers, as a busy machine needs it; `hasty` as long as the product does. */
  let store: Store;
  let hasty: Store;

  const open = (emulated = emulator, deadline?: number) =>
    openCosmos({ endpoint: emulated.endpoint, key: emulated.key, database: 'madoguchi', deadline });

  beforeAll(async () => {
    emulator = await startCosmosEmulator();
    store = await open(emulator, PATIENCE);
    hasty = await open();
  });
  afterEach(() => {
    emulator.mood = 'well';
  });
  afterAll(async () => {
    await store.close();
    await hasty.close();
    await emulator.close();
  });

  behavesLikeAStore(() => store);

  test('documents that end carry the seconds they have left, the others none', async () => {
    const created = jest.fn();
    const { endpoint, key } = emulator;
    const container = new CosmosClient({ endpoint, key }).database('madoguchi').container('records');
    const timed = await openCosmos({ endpoint, key, database: 'madoguchi', now: () => 1_000_000, deadline: PATIENCE });
    const ending = aDelivery({ expiresAt: 1_000_000 + 90_500 });
    const staying = aDelivery();
    const ended = aDelivery({ expiresAt: 1 });
    for (const delivery of [ending, staying, ended]) {
      await timed.deliveries.insert(delivery);
      const { resource } = await container.item(delivery.id, `deliveries:${delivery.lane}`).read();
      created(resource.ttl);
    }
    expect(created.mock.calls).toEqual([[91], [undefined], [1]]);
    expect((await container.read()).resource).toMatchObject({ defaultTtl: -1 });
    await timed.close();
  });

  test('one request does a point operation', async () => {
    const delivery = aDelivery();
    const counted = async (work: () => Promise<unknown>) => {
      const before = emulator.requests;
      await work();
      return emulator.requests - before;
    };
    expect(await counted(() => store.deliveries.insert(delivery))).toBe(1);
    expect(await counted(() => store.deliveries.insert(delivery))).toBe(1);
    expect(await counted(() => store.deliveries.read(delivery.lane, delivery.id))).toBe(1);
    expect(await counted(() => store.deliveries.replace(delivery, 'old'))).toBe(1);
    expect(await counted(() => store.deliveries.remove(delivery.lane, delivery.id))).toBe(1);
  });

  test('an insert whose answer was lost with the connection is known as its own', async () => {
    const delivery = aDelivery();
    emulator.mood = 'cutOnce';
    const inserted = await store.deliveries.insert(delivery);
    expect(inserted).toEqual(await store.deliveries.read(delivery.lane, delivery.id));
    expect(await store.deliveries.insert(delivery)).toBeUndefined();
  });

  test('a replacement whose answer was lost with the connection is known as its own', async () => {
    const delivery = aDelivery();
    const inserted = await store.deliveries.insert(delivery);
    emulator.mood = 'cutOnce';
    const replaced = await store.deliveries.replace({ ...delivery, state: 'parked' }, inserted?.version ?? '');
    expect(replaced?.value.state).toBe('parked');
    expect(replaced).toEqual(await store.deliveries.read(delivery.lane, delivery.id));
  });

  test('a replica that lags behind is unavailable, never taken for a document that is not there', async () => {
    const delivery = aDelivery();
    await store.deliveries.insert(delivery);
    emulator.mood = 'lagging';
    await expect(hasty.deliveries.read(delivery.lane, delivery.id)).rejects.toMatchObject({
      code: 'store.unavailable',
    });
  });

  test('without a key it shows the identity it was given', async () => {
    const getToken = jest.fn(async () => ({ token: 'test-token', expiresOnTimestamp: Date.now() + 3_600_000 }));
    const { endpoint } = emulator;
    const identified = await openCosmos({
      endpoint,
      database: 'madoguchi',
      credential: { getToken },
      deadline: PATIENCE,
    });
    await identified.ready();
    expect(getToken).toHaveBeenCalled();
    await identified.close();
  });

  test('two processes may make the container at once', async () => {
    const other = await startCosmosEmulator();
    const stores = await Promise.all([1, 2, 3].map(() => open(other, PATIENCE)));
    const results = await Promise.all(stores.map((each) => each.lanes.insert({ id: 'one', clean: true })));
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    await Promise.all(stores.map((each) => each.close()));
    await other.close();
  });

  test('a store that answers nothing is unavailable within two seconds, for every call', async () => {
    emulator.mood = 'silent';
    const calls = Object.entries(everyCall(hasty));
    const { ms, result: errors } = await ownTime(() =>
      Promise.all(calls.map(([, call]) => call().catch((error: unknown) => error))),
    );
    expect(ms).toBeLessThan(2_000);
    expect(errors).toEqual(calls.map(() => expect.objectContaining({ name: 'DeskError', code: 'store.unavailable' })));
  });

  test('a store that has gone away is unavailable at once, and its key stays out of the error', async () => {
    const other = await startCosmosEmulator();
    const leaving = await open(other);
    await other.close();
    for (const call of Object.values(everyCall(leaving))) {
      const { ms, result: error } = await ownTime(() => call().catch((caught: unknown) => caught));
      expect(ms).toBeLessThan(2_000);
      expect(error).toMatchObject({ code: 'store.unavailable' });
      expect(JSON.stringify(error, allProperties(error))).not.toMatch(/authorization|test-cosmos/i);
    }
    await leaving.close();
  });

  test('a store that was never there can not be opened', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    taken.close();
    await once(taken, 'close');
    const opening = openCosmos({ endpoint: `https://127.0.0.1:${port}`, key: emulator.key, database: 'madoguchi' });
    await expect(opening).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  test('a server whose certificate nobody vouches for is not talked to', async () => {
    const stranger = await startCosmosEmulator({ trusted: false });
    await expect(open(stranger)).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(stranger.requests).toBe(0);
    await stranger.close();
  });

  test('a closed store is unavailable', async () => {
    const closing = await open();
    await closing.close();
    for (const call of Object.values(everyCall(closing))) {
      await expect(call()).rejects.toMatchObject({ code: 'store.unavailable' });
    }
  });

  test('item ids hold only signs that Cosmos DB and URLs take, and two ids never become one', () => {
    const id = fc.string({ unit: fc.constantFrom('a', '~', '2', 'f', '/', '\\', '?', '#', '%', ' ', '窓', '👩') });
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(itemId(one)).toMatch(/^[A-Za-z0-9_.:@=~-]*$/);
        expect(itemId(one) === itemId(other)).toBe(one === other);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The names of all that hangs on an error and its causes, so that `JSON.stringify` shows what a logger could. */
function allProperties(error: unknown): string[] {
  const names = new Set<string>();
  for (let at = error; at instanceof Error; at = at.cause) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return [...names];
}
