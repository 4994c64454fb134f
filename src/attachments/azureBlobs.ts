import type { Readable } from 'node:stream';
import type { TokenCredential } from '@azure/identity';
import {
  type BlockBlobClient,
  ContainerClient,
  newPipeline,
  RestError,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { isOver, type Key, type Label, placeOf, type Storage } from './storage.ts';

/** Without a `key` the process shows its own identity (Azure managed identity). */
export interface AzureBlobsOptions {
  /** `https://<account>.blob.core.windows.net`, or with the account as the first part of its path. */
  endpoint: string;
  container: string;
  key?: string;
}

/** A message waits for its picture: what fails is better said soon than tried for minutes. */
const PATIENCE: StoragePipelineOptions = {
  retryOptions: { maxTries: 2, tryTimeoutInMs: 8_000, retryDelayInMs: 200, maxRetryDelayInMs: 500 },
};

/** A large file goes up in pieces, each with its own time; it is there once all of them are. */
const PIECES = { maxSingleShotSize: 8 * 1024 * 1024, blockSize: 4 * 1024 * 1024, concurrency: 3 };

/** Attachments in Azure Blob Storage, as `<day of its end>/<id>` in one container, which is made when it is missing. */
export class AzureBlobStorage implements Storage {
  readonly #container: ContainerClient;

  constructor({ endpoint, container }: AzureBlobsOptions, credential: StorageSharedKeyCredential | TokenCredential) {
    this.#container = new ContainerClient(`${endpoint}/${container}`, newPipeline(credential, PATIENCE));
  }

  async put(key: Key, label: Label, bytes: Buffer): Promise<void> {
    const write = () =>
      this.#blob(key).uploadData(bytes, {
        ...PIECES,
        blobHTTPHeaders: { blobContentType: label.type },
        // Metadata travels in headers, which know no Japanese.
        metadata: { name: encodeURIComponent(label.name) },
      });
    try {
      await write();
    } catch (error) {
      if (codeOf(error) !== 'ContainerNotFound') throw error;
      await this.#container.createIfNotExists();
      await write();
    }
  }

  async find(key: Key) {
    const found = await this.#blob(key).getProperties().catch(absent);
    return found && { ...labelOf(found), bytes: found.contentLength ?? 0 };
  }

  async open(key: Key) {
    const found = await this.#blob(key).download().catch(absent);
    if (!found?.readableStreamBody) return undefined;
    return { ...labelOf(found), bytes: found.contentLength ?? 0, body: found.readableStreamBody as Readable };
  }

  async remove(key: Key): Promise<void> {
    await this.#blob(key).deleteIfExists().catch(absent);
  }

  async sweep(now: number): Promise<number> {
    let days = 0;
    try {
      for await (const found of this.#container.listBlobsByHierarchy('/')) {
        if (found.kind !== 'prefix' || !isOver(found.name.replace(/\/$/, ''), now)) continue;
        days += 1;
        for await (const { name } of this.#container.listBlobsFlat({ prefix: found.name }))
          await this.#container.getBlobClient(name).deleteIfExists();
      }
    } catch (error) {
      absent(error);
    }
    return days;
  }

  #blob(key: Key): BlockBlobClient {
    const { day, id } = placeOf(key);
    return this.#container.getBlockBlobClient(`${day}/${id}`);
  }
}

/** Nothing is asked yet: a storage that is away keeps no process from starting. */
export async function openAzureBlobs(options: AzureBlobsOptions): Promise<Storage> {
  const { endpoint, key } = options;
  if (key) return new AzureBlobStorage(options, new StorageSharedKeyCredential(accountOf(endpoint), key));
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new AzureBlobStorage(options, new DefaultAzureCredential());
}

function accountOf(endpoint: string): string {
  const { hostname, pathname } = new URL(endpoint);
  return pathname.split('/').find(Boolean) ?? hostname.split('.')[0] ?? '';
}

function labelOf({ metadata, contentType }: { metadata?: Record<string, string>; contentType?: string }): Label {
  return { name: decodeURIComponent(metadata?.name ?? ''), type: contentType ?? '' };
}

/** Neither the file nor the container need be there. */
function absent(error: unknown): undefined {
  if (error instanceof RestError && error.statusCode === 404) return undefined;
  throw error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof RestError ? error.code : undefined;
}
