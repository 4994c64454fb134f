import { CosmosClient, type IndexingPolicy } from '@azure/cosmos';
import { containerDefinition, openCosmos } from '../../src/store/cosmos.ts';
import type { Store } from '../../src/store/store.ts';
import { type CosmosEmulator, startCosmosEmulator } from './cosmosEmulator.ts';
import { aDelivery } from './documents.ts';

/** A path that an admin has added by hand. */
const BY_HAND = '/value/lane/?';

/** What the release before leases has indexed. */
const before = containerDefinition.indexingPolicy.includedPaths?.filter(({ path }) => path !== '/value/due/?') ?? [];

describe('a container that an earlier release has made', () => {
  let emulator: CosmosEmulator;
  let container: ReturnType<ReturnType<CosmosClient['database']>['container']>;
  let opened: Store[] = [];

  const open = async () => {
    const store = await openCosmos({
      endpoint: emulator.endpoint,
      key: emulator.key,
      database: 'madoguchi',
      deadline: 20_000,
    });
    opened.push(store);
    return store;
  };
  const paths = async (): Promise<string[]> => {
    const { resource } = await container.read();
    return (resource?.indexingPolicy?.includedPaths ?? []).flatMap(({ path }) => path ?? []);
  };

  beforeEach(async () => {
    emulator = await startCosmosEmulator();
    const client = new CosmosClient({ endpoint: emulator.endpoint, key: emulator.key });
    const { database } = await client.databases.createIfNotExists({ id: 'madoguchi' });
    const includedPaths = [...before, { path: BY_HAND }];
    const indexingPolicy = { ...containerDefinition.indexingPolicy, includedPaths } as IndexingPolicy;
    await database.containers.create({ ...containerDefinition, indexingPolicy });
    container = database.container(containerDefinition.id);
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
    await emulator.close();
  });

  // Cosmos DB keeps what stands in a container whose definition is replaced; the emulator makes it anew, and empty.
  test('gets the paths that it lacks, and keeps what an admin has added, its partition and the end of its items', async () => {
    expect(await paths()).not.toContain('/value/due/?');
    const store = await open();
    expect((await paths()).toSorted()).toEqual([...before.map(({ path }) => path), BY_HAND, '/value/due/?'].toSorted());
    const { resource } = await container.read();
    expect(resource).toMatchObject({ defaultTtl: -1, partitionKey: { paths: ['/pk'] } });
    expect(await store.deliveries.insert(aDelivery())).toBeDefined();
  });

  test('is left alone when it lacks nothing', async () => {
    await open();
    const { resource } = await container.read();
    await open();
    expect((await container.read()).resource?._etag).toBe(resource?._etag);
  });

  test('may be opened by several processes at once', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const all = await paths();
    expect(all.filter((path) => path === '/value/due/?')).toHaveLength(1);
    expect(new Set(all).size).toBe(all.length);
    for (const [at, store] of stores.entries())
      expect(await store.lanes.insert({ id: `lane ${at}`, clean: true })).toBeDefined();
  });

  test('is opened also when another process has changed it in between', async () => {
    emulator.mood = 'outrun';
    await open();
    expect(emulator.mood).toBe('well');
    expect(await paths()).toContain('/value/due/?');
  });

  test('that this process may not index is not opened, and the error says why', async () => {
    emulator.mood = 'forbidding';
    const error = await open().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'store.unavailable' });
    expect((error as Error).cause).toMatchObject({ message: expect.stringContaining('/value/due/?') });
  });

  test('in which everything is indexed is left as it is', async () => {
    const { resource } = await container.read();
    if (!resource) throw new Error('the container is there');
    const indexingPolicy = { ...resource.indexingPolicy, includedPaths: [{ path: '/*' }], excludedPaths: [] };
    await container.replace({ ...resource, indexingPolicy } as typeof containerDefinition);
    await open();
    expect(await paths()).toEqual(['/*']);
  });
});
