import { startCosmosEmulator } from '../store/cosmosEmulator.ts';

/** What the process says once it listens. */
export interface Emulated {
  endpoint: string;
  key: string;
  certificate: string;
}

/** The Cosmos DB emulator in a process of its own: what happens to products and tests does not touch it. */
const { endpoint, key, certificate } = await startCosmosEmulator();
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
process.send?.({ endpoint, key, certificate } satisfies Emulated);
