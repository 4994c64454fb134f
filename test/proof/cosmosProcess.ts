import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { openCosmos } from '../../src/store/cosmos.ts';
import type { Store } from '../../src/store/store.ts';
import { Cable } from './cable.ts';
import type { Emulated } from './emulator.ts';

/** A Cosmos DB emulator that products reach over HTTPS, each by a cable of its own if it is to be cut off. */
export interface CosmosProcess {
  /** Settings of a product process; `endpoint` is the cable's, when it has one. */
  env(endpoint?: string): Record<string, string>;
  cable(): Promise<Cable>;
  /** Opens the store from here, to look into it. */
  open(): Promise<Store>;
  close(): Promise<void>;
}

export async function startCosmos(): Promise<CosmosProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-cosmos-'));
  const child = fork(path.join(import.meta.dirname, 'emulator.ts'), [], {
    env: { PATH: process.env.PATH },
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`the emulator ended with ${code}`);
  });
  failed.catch(() => undefined);
  const [emulated] = (await Promise.race([once(child, 'message'), failed])) as [Emulated];
  const { endpoint, key, certificate } = emulated;
  const file = path.join(folder, 'emulator.pem');
  writeFileSync(file, certificate);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate]);
  const cables: Cable[] = [];
  const database = 'proof';
  return {
    env: (at = endpoint) => ({
      STORE: 'cosmos',
      COSMOS_ENDPOINT: at,
      COSMOS_KEY: key,
      COSMOS_DATABASE: database,
      NODE_EXTRA_CA_CERTS: file,
    }),
    async cable() {
      const cable = await Cable.to(Number(new URL(endpoint).port));
      cables.push(cable);
      return cable;
    },
    open: () => openCosmos({ endpoint, key, database, deadline: 20_000 }),
    async close() {
      for (const cable of cables) await cable.close();
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
