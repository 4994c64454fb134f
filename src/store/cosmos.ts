import {
  type Container,
  type ContainerDefinition,
  CosmosClient,
  type CosmosClientOptions,
  type IndexingPolicy,
  type Resource,
} from '@azure/cosmos';
import type { TokenCredential } from '@azure/identity';
import type { Records } from '../desk/ports.ts';
import { CosmosCalls, refusedWith } from './cosmosCalls.ts';
import { CosmosCollection } from './cosmosCollection.ts';
import { indexedFields } from './document.ts';
import { collections, type Store } from './store.ts';

/** Without a `key` the process shows its own identity (Azure managed identity), or `credential`. `deadline` bounds each call (ms). */
export interface CosmosOptions {
  endpoint: string;
  database: string;
  key?: string;
  credential?: TokenCredential;
  now?: () => number;
  deadline?: number;
}

/** A webhook must be refused within two seconds when the store is away. */
const DEADLINE = 1_500;

/** Creating a container takes Cosmos DB some seconds; it happens once, before anybody waits. */
const OPENING = 30_000;

/** The one container of all collections. Only what `find` searches and sorts by is indexed: every write pays for each path. */
export const containerDefinition = {
  id: 'records',
  partitionKey: { paths: ['/pk'] },
  // On, with no end by default: an item ends by its own `ttl`.
  defaultTtl: -1,
  indexingPolicy: {
    indexingMode: 'consistent',
    automatic: true,
    includedPaths: ['/pk/?', '/kind/?', ...searchedPaths()].map((path) => ({ path })),
    excludedPaths: [{ path: '/*' }],
  } as IndexingPolicy,
} satisfies ContainerDefinition;

/** Opens the store in Cosmos DB; database and container are made when missing, and indexed anew. Rejects with `store.unavailable`. */
export async function openCosmos(options: CosmosOptions): Promise<Store> {
  const { endpoint, database, now = Date.now, deadline = DEADLINE } = options;
  const access: CosmosClientOptions = options.key
    ? { endpoint, key: options.key }
    : { endpoint, aadCredentials: options.credential ?? (await ownIdentity()) };
  await makeContainer(access, database);

  const client = new CosmosClient({ ...access, connectionPolicy: policy(deadline) });
  const container = client.database(database).container(containerDefinition.id);
  const calls = new CosmosCalls(deadline);
  const kept = Object.entries(collections).map(
    ([name, spec]) => [name, new CosmosCollection(container, calls, name, spec, now)] as const,
  );
  const records = Object.fromEntries(kept) as unknown as Records;
  return {
    ...records,
    shared: true,
    async ready() {
      await records.lanes.read('ready', 'ready');
    },
    sweep: async () => 0,
    async close() {
      calls.close();
      client.dispose();
    },
  };
}

async function makeContainer(access: CosmosClientOptions, name: string): Promise<void> {
  const client = new CosmosClient({ ...access, connectionPolicy: policy(OPENING) });
  const made = async (abortSignal: AbortSignal) => {
    const { database } = await client.databases.createIfNotExists({ id: name }, { abortSignal });
    return database.containers.createIfNotExists(containerDefinition, { abortSignal });
  };
  try {
    await new CosmosCalls(OPENING).ask(async (abortSignal) => {
      const { resource, container } = await made(abortSignal).catch((error: unknown) => {
        // Another process was making the same: now it is there.
        if (refusedWith(error, [409])) return made(abortSignal);
        throw error;
      });
      const [path] = resource?.partitionKey?.paths ?? [];
      if (path !== '/pk')
        throw new Error(`the container ${containerDefinition.id} is partitioned by ${path}, not by /pk`);
      await index(container, resource, abortSignal);
    });
  } finally {
    client.dispose();
  }
}

/**
 * A container that an earlier release has made lacks paths that this one searches or sorts by, which Cosmos DB would refuse. What else an
 * admin has indexed stays. Cosmos DB builds the index beside its other work, from what is there already too.
 */
async function index(
  container: Container,
  found: (ContainerDefinition & Partial<Resource>) | undefined,
  abortSignal: AbortSignal,
): Promise<void> {
  for (let now = found; now; ) {
    const { includedPaths = [] } = now.indexingPolicy ?? {};
    const there = new Set(includedPaths.map(({ path }) => path));
    const missing = containerDefinition.indexingPolicy.includedPaths?.filter(({ path }) => !there.has(path)) ?? [];
    if (missing.length === 0 || there.has('/*')) return;
    const changed = {
      ...now,
      indexingPolicy: { ...now.indexingPolicy, includedPaths: [...includedPaths, ...missing] },
    };
    const accessCondition = { type: 'IfMatch', condition: now._etag ?? '' };
    try {
      await container.replace(changed, { abortSignal, accessCondition });
      return;
    } catch (error) {
      if (refusedWith(error, [403]))
        throw new Error(`this identity may not index ${missing.map(({ path }) => path).join(' ')}`);
      // Another process was indexing the same.
      if (!refusedWith(error, [412])) throw error;
    }
    now = (await container.read({ abortSignal })).resource;
  }
}

/**
 * Endpoint discovery is off: it would repeat requests up to 120 times at one a second, writes included, where the caller has two
 * seconds in all. The account's own endpoint leads to the region that takes writes, after a failover too.
 */
function policy(requestTimeout: number): CosmosClientOptions['connectionPolicy'] {
  return {
    requestTimeout,
    enableEndpointDiscovery: false,
    retryOptions: { maxRetryAttemptCount: 3, maxWaitTimeInSeconds: 1, fixedRetryIntervalInMilliseconds: 0 },
  };
}

async function ownIdentity(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

function searchedPaths(): string[] {
  const fields = Object.values(collections).flatMap((spec) => indexedFields(spec));
  return [...new Set(fields)].map((field) => `/value/${field}/?`);
}
