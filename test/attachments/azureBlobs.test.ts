import { openAzureBlobs } from '../../src/attachments/azureBlobs.ts';
import type { Storage } from '../../src/attachments/storage.ts';
import { type BlobEmulator, startBlobEmulator } from './blobEmulator.ts';
import { behavesLikeAStorage } from './contract.ts';

const KEY = { id: 'one', until: 2_000_001_600 };

describe('attachments in Azure Blob Storage', () => {
  let emulator: BlobEmulator;
  let storage: Storage;
  const open = (container: string, key = emulator.key) =>
    openAzureBlobs({ endpoint: emulator.endpoint, key, container });

  beforeAll(async () => {
    emulator = await startBlobEmulator();
    storage = await open('attachments');
  });
  afterAll(() => emulator.close());

  behavesLikeAStorage(() => storage);

  test('a container that is not there holds nothing, and is made when the first file comes', async () => {
    const fresh = await open('made-when-needed');
    expect(await fresh.find(KEY)).toBeUndefined();
    expect(await fresh.open(KEY)).toBeUndefined();
    expect(await fresh.sweep(Date.now())).toBe(0);
    await fresh.put(KEY, { name: 'a.png', type: 'image/png' }, Buffer.from('x'));
    expect(await fresh.find(KEY)).toEqual({ name: 'a.png', type: 'image/png', bytes: 1 });
  });

  test('a wrong key is said, and is not taken for an empty storage', async () => {
    const wrong = await open('attachments', Buffer.from('test-another-key').toString('base64'));
    await expect(wrong.find(KEY)).rejects.toMatchObject({ statusCode: 403 });
    await expect(wrong.put(KEY, { name: 'a', type: 'image/png' }, Buffer.from('x'))).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  test('a storage that is away keeps nothing from starting, and is said in seconds', async () => {
    const away = await openAzureBlobs({ endpoint: 'https://127.0.0.1:1/test', key: emulator.key, container: 'abc' });
    await expect(away.find(KEY)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
