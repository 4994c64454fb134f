import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import tls from 'node:tls';
import { generate } from 'selfsigned';

export interface BlobEmulator {
  endpoint: string;
  key: string;
  close(): Promise<void>;
}

const ACCOUNT = 'testaccount';

/** Starts Azure's own emulator of Blob Storage over real HTTPS on a free loopback port, with a certificate made for the run, which this process trusts. */
export async function startBlobEmulator(): Promise<BlobEmulator> {
  const { private: privateKey, cert } = await generate([{ name: 'commonName', value: `emulator ${randomUUID()}` }], {
    keyType: 'rsa',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-blobs-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  const key = Buffer.from('test-blob-key').toString('base64');
  const main = join(dirname(createRequire(__filename).resolve('azurite/package.json')), 'dist/src/blob/main.js');
  const options = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--disableTelemetry'];
  const child = spawn(process.execPath, [main, ...options, '--cert', certFile, '--key', keyFile], {
    cwd: folder,
    env: { PATH: process.env.PATH, AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await addressOf(child);
  return {
    endpoint: `${address}/${ACCOUNT}`,
    key,
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** It says where it listens, and goes on writing: nobody may close its output. */
function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const [address] = /https:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(`the emulator did not start: ${said}`)));
  });
}
